"""Members' words as HTML: what the small Markdown understands, and that it can do no harm."""

import time
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.excerpts import cut, cut_text, plain
from config.lib.markdown import REL, read, written
from config.lib.tests.hostile import PAYLOADS
from config.templatetags.words import in_short, opening
from config.templatetags.words import written as shown_as

TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
ATTRIBUTES = {
    "a": {"href", "class", "rel"},
    "p": {"dir"},
    "blockquote": {"dir"},
    "ul": {"dir"},
    "ol": {"dir", "start"},
    "pre": {"dir"},
}
PEOPLE = {"bob": "/@bob/"}
TOPICS = {"garden": "/tags/garden/", "Garden": "/tags/garden/", "tag": "/tags/tag/"}


def html_of(text: str) -> str:
    return read(text).html(names=PEOPLE, tags=TOPICS)


class Strict(HTMLParser):
    """Fails at whatever is not allowed, and at elements that do not close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        given = dict(attrs)
        assert len(given) == len(attrs)
        assert set(given) <= ATTRIBUTES.get(tag, set())
        assert given.get("dir", "auto") in ("auto", "ltr")
        assert (given.get("start") or "1").isdigit()
        if tag == "a":
            address = given.get("href") or ""
            assert urlsplit(address).scheme.lower() in ("http", "https", "mailto", "")
            assert ":" in address or (address.startswith("/") and not address.startswith(("//", "/\\")))
            assert given["rel"] == REL
            assert given.get("class", "mention") in ("mention", "hashtag")
            assert "a" not in self.open
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def must_be_harmless(html: str) -> None:
    parser = Strict()
    parser.feed(html)
    parser.close()
    assert parser.open == []


# -- What it understands -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\r\nb\n\n \nc", '<p dir="auto">a<br>\nb</p>\n<p dir="auto">c</p>'),
        ("**b** *i* ~~s~~ `c`", '<p dir="auto"><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>'),
        ("> said", '<blockquote dir="auto">\n<p>said</p>\n</blockquote>'),
        ("- a\n- b", '<ul dir="auto">\n<li>a</li>\n<li>b</li>\n</ul>'),
        ("3. a\n4. b", '<ol start="3" dir="auto">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("```js\nx < 1\n```", '<pre dir="ltr"><code>x &lt; 1\n</code></pre>'),
        ("# Head *x*\ntext", '<p dir="auto"><strong>Head <em>x</em></strong></p>\n<p dir="auto">text</p>'),
        ("###### Six", '<p dir="auto"><strong>Six</strong></p>'),
    ],
)
def test_the_subset(text: str, html: str) -> None:
    assert html_of(text) == html


@pytest.mark.parametrize(
    "text",
    ["Text\n---\nmore", "| a |\n|---|", "    four spaces", "[x]: /y", "1) one <b>", "5 * 3 * 2", "snake_case_name"],
)
def test_what_is_no_part_of_it_stays_as_it_was_typed(text: str) -> None:
    assert plain(html_of(text)) == " ".join(text.replace("1) ", "").split())


@pytest.mark.parametrize("text", [">", "```", "-", "#", "> - >", "[](", "***", "* * *", ">" * 2000])
def test_a_text_of_which_nothing_would_be_seen_is_shown_as_it_was_typed(text: str) -> None:
    assert plain(html_of(text)) == text


def test_directions_are_found_by_the_outermost_blocks() -> None:
    html = html_of("שלום\n\n- أهلا\n- hello\n\n> مرحبا\n>\n> hi")
    assert html.count('dir="auto"') == 3
    assert "<li>hello</li>" in html


# -- Links ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "address", "label"),
    [
        ("[here](https://x.example/a)", "https://x.example/a", "here"),
        ("[our page](/economy/)", "/economy/", "our page"),
        ("https://x.example/#tag", "https://x.example/#tag", "https://x.example/#tag"),
        ("see www.x.com.", "http://www.x.com", "www.x.com"),
        ("<mailto:a@x.example>", "mailto:a@x.example", "mailto:a@x.example"),
        ("[x.example](https://www.x.example/a)", "https://www.x.example/a", "x.example"),
        ("[a <https://x.example/b> c](https://x.example)", "https://x.example", "a https://x.example/b c"),
        # Words that are another address than the link's give way to where it leads.
        ("[https://bank.example](https://evil.example)", "https://evil.example", "https://evil.example"),
        ("[bank.example/login](https://evil.example)", "https://evil.example", "https://evil.example"),
        ("[ba\u200bnk.example](https://evil.example)", "https://evil.example", "https://evil.example"),
        ("[](https://evil.example)", "https://evil.example", "https://evil.example"),
        ("[\u200b](https://evil.example)", "https://evil.example", "https://evil.example"),
        (
            "[x@bank.example](https://evil.example)",
            "https://evil.example",
            "https://evil.example",
        ),
        ("https://x.example/" + "a" * 80, "https://x.example/" + "a" * 80, "https://x.example/" + "a" * 41 + "…"),
    ],
)
def test_links(text: str, address: str, label: str) -> None:
    html = html_of(text)
    assert f'<a href="{address}" rel="{REL}">{label}</a>' in html
    assert read(text).addresses == (address,)


@pytest.mark.parametrize(
    "text", ["Done.So we went", "1.2.3.4", "a@b.com", "readme.md", "[x](evil.example)", "[x](#top)"]
)
def test_what_is_no_link(text: str) -> None:
    assert "<a" not in html_of(text)


# -- Names and hashtags --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@bob and (@Alice_1), @bob's", ("bob", "alice_1")),
        ("mail@bob.example, x/@bob, @bob@else.where, @bob.example, @@bob, \\@bob, `@bob`, @bo", ()),
        ("**@bob**\n- @ann", ("bob", "ann")),
        ("[@bob](https://x.example)", ()),
        ("@" + "a" * 31, ()),
        ("@bob.", ("bob",)),
    ],
)
def test_names(text: str, names: tuple[str, ...]) -> None:
    assert read(text).names == names


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#garden, #Garden! (#2nd) #हिन्दी #möhre #می‌خواهم", ("garden", "Garden", "2nd", "हिन्दी", "möhre", "می‌خواهم")),
        ("#1 #2026 ## # C# &#39; \\#no x#no https://x.example/#no `#no` #_ #️⃣", ()),
        ("#one#two", ("one",)),
    ],
)
def test_hashtags(text: str, tags: tuple[str, ...]) -> None:
    assert read(text).tags == tags


def test_names_and_hashtags_are_links_where_they_are_known() -> None:
    html = html_of("@Bob @ann #garden #other")
    assert f'<a class="mention" href="/@bob/" rel="{REL}">@Bob</a> @ann' in html
    assert f'<a class="hashtag" href="/tags/garden/" rel="{REL}">#garden</a> #other' in html


# -- No harm -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", PAYLOADS)
def test_hostile_texts_become_harmless(text: str) -> None:
    html = html_of(text)
    must_be_harmless(html)
    must_be_harmless(html_of(f"> - {text}\n\n**{text}** @bob #tag [{text}]({text})"))
    for most in (1, 5, 20, 60):
        must_be_harmless(cut(html, most) or "")


@given(st.text(st.sampled_from("<>&\"'`*_~[]()!#@-+.:/\\| \n\t1aÀש\u200d\u202e\ufeff"), max_size=120))
def test_whatever_is_typed_is_harmless_and_something_is_seen(text: str) -> None:
    html = html_of(text)
    must_be_harmless(html)
    assert bool(html) == bool(text.strip())
    must_be_harmless(cut(html, 30) or "")


@pytest.mark.parametrize(
    "bad", ["[", "![", "*", "_*", "> ", "`", "- ", "[a](", "**a ", "&#", "\\", "<", "a.com ", "[[x]]("]
)
def test_no_text_takes_long(bad: str) -> None:
    text = (bad * 2000)[:2000]
    began = time.perf_counter()
    html_of(text)
    assert time.perf_counter() - began < 2


# -- Rows, their beginnings, their text ----------------------------------------------------------------------------


@dataclass
class Row:
    content: str
    html: str = ""


def test_rows_are_shown_as_they_were_rendered_and_rendered_when_they_are_not() -> None:
    assert written(Row("**a**", "<p>kept</p>")) == "<p>kept</p>"
    assert written(Row("**a**")) == '<p dir="auto"><strong>a</strong></p>'


def test_withheld_words_stay_withheld_though_their_html_is_there() -> None:
    withheld = Row("", "<p>secret</p>")
    assert (written(withheld), shown_as(withheld), opening(withheld, 600), in_short(withheld, 60)) == ("", "", "", "")


def test_an_opening_is_cut_between_words_and_well_formed() -> None:
    row = Row("one two three four\n\nfive **six seven eight nine ten**\n\n- a\n- b")
    assert opening(row, 12) == '<p dir="auto">one two…</p>'
    assert opening(row, 70) == '<p dir="auto">one two three four…</p>'
    assert opening(row, 80) == (
        '<p dir="auto">one two three four</p><p dir="auto">five <strong>six seven eight…</strong></p>'
    )
    assert opening(row, 12).is_cut
    assert not opening(row, 600).is_cut
    assert "<ul" in opening(row, 600)


def test_many_short_lines_fill_an_opening_as_long_ones_do() -> None:
    shown = opening(Row("a\n" * 500), 600)
    assert shown.is_cut
    assert shown.count("<br>") < 16
    assert shown.endswith("a…</p>")


def test_in_short_is_text() -> None:
    assert in_short(Row("# Hi\n\n**you** & <b>\n- one [two](https://x.example)"), 60) == "Hi you & <b> one two"
    assert in_short(Row("one two three four"), 12) == "one two…"


def test_long_words_are_cut_in_themselves() -> None:
    assert cut_text("x" * 60, 10) == "x" * 9 + "…"
    assert cut_text("a " + "x" * 60, 50) == "a " + "x" * 47 + "…"
    assert cut_text("one two three four", 20) == "one two three four"


@given(st.text(st.sampled_from("ab \n*>-`1.[]()<&"), max_size=300), st.integers(1, 200))
def test_an_opening_is_never_longer_than_it_may_be(text: str, most: int) -> None:
    html = html_of(text)
    beginning = cut(html, most)
    if beginning is None:
        assert len(plain(html)) <= most + 40 * html.count("<")
    else:
        must_be_harmless(beginning)
        assert len(plain(beginning)) <= most + 40
        assert plain(beginning).endswith("…")
