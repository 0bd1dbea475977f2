"""The parts that every page is built from."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.urls import path
from django.utils import translation

from config.templatetags import navigation

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
urlpatterns = [path("here/", lambda request: None, name="here")]


def drawn(source: str, **context) -> str:
    return " ".join(Template(source).render(Context(context)).split())


class Gift(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput)
    coins = forms.DecimalField(label="Coins", help_text="At most 10.00.")
    is_sure = forms.BooleanField(label="I am sure")
    side = forms.ChoiceField(label="Side", choices=[("for", "For"), ("against", "Against")], widget=forms.RadioSelect)
    memo = forms.CharField(label="Memo", required=False)


# -- coins and numbers ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("amount", "figures", "unit"),
    [
        (Decimal("12.5"), "12.50", "coins"),
        (Decimal("1"), "1.00", "coin"),
        ("1234567.89", "1,234,567.89", "coins"),
        (0, "0.00", "coins"),
        (Decimal("-3"), "−3.00", "coins"),
    ],
)
def test_a_coin_chip_has_two_decimals_and_says_coins(amount, figures, unit):
    chip = drawn("{% coin amount %}", amount=amount)

    assert f"<span>{figures}</span>" in chip
    assert f'<span class="visually-hidden"> {unit}</span>' in chip


def test_a_coin_chip_carries_the_exact_value_in_every_language():
    with translation.override("de"):
        chip = drawn("{% coin amount %}", amount=Decimal("1234.5"))

    assert 'value="1234.50"' in chip
    assert "<span>1.234,50</span>" in chip


@pytest.mark.parametrize(
    ("amount", "sign", "css"), [("2", "+2.00", "coin-plus"), ("-2", "−2.00", "coin-minus"), ("0", "0.00", "coin")]
)
def test_a_signed_chip_says_whether_coins_came_or_went(amount, sign, css):
    chip = drawn("{% coin amount signed=True %}", amount=Decimal(amount))

    assert f"<span>{sign}</span>" in chip
    assert css in chip


def test_no_amount_is_no_chip_and_no_number_is_a_fault():
    assert drawn("{% coin amount %}", amount=None) == ""
    with pytest.raises(TemplateSyntaxError):
        drawn("{% coin amount %}", amount="a lot")


def test_coins_inside_a_sentence():
    assert drawn("{{ amount|coins }}", amount=Decimal("12.5")) == "12.50 coins"
    assert drawn("{{ amount|coins }}", amount=Decimal("1")) == "1.00 coin"


def test_numbers_follow_the_language():
    with translation.override("de"):
        assert drawn("{{ n|figure }} {{ share|percent }}", n=12840, share=Decimal("0.125")) == "12.840 12,5%"


# -- icons, times, faces --------------------------------------------------------------------------
def test_an_icon_is_silent_unless_it_is_named():
    assert 'aria-hidden="true"' in drawn('{% icon "bell" %}')
    assert 'role="img" aria-label="Menu"' in drawn('{% icon "menu" "Menu" %}')
    with pytest.raises(TemplateSyntaxError):
        drawn("{% icon name %}", name='"><script>')


@time_machine.travel(NOW, tick=False)
def test_times_are_relative_with_the_exact_one_on_hover():
    words = drawn("{% ago moment %}", moment=NOW - timedelta(hours=3))

    assert ">3 h ago</time>" in words
    assert 'datetime="2026-11-21T09:00:00+00:00"' in words
    assert 'title="Nov. 21, 2026, 9 a.m. UTC"' in words
    assert drawn("{% ago moment %}", moment=None) == ""


@time_machine.travel(NOW, tick=False)
def test_a_countdown_says_what_is_left_without_scripts():
    assert ">23 h</time>" in drawn("{% countdown until %}", until=NOW + timedelta(hours=23))
    assert ">settled</time>" in drawn('{% countdown until over="settled" %}', until=NOW)


@pytest.mark.parametrize(
    ("name", "letters"), [("Ana Lucia Reyes", "AR"), ("bob", "B"), ("李 小龙", "李小"), ("***", "?"), ("a_b", "AB")]
)
def test_initials(name, letters):
    assert f">{letters}</span>" in drawn("{% avatar page %}", page=SimpleNamespace(username="x", display_name=name))


def test_a_face_keeps_its_colour_however_the_name_is_written():
    lower = drawn("{% avatar page %}", page=SimpleNamespace(username="ana", display_name="Z"))

    assert drawn("{% avatar page %}", page=SimpleNamespace(username="ANA", display_name="Z")) == lower


def test_a_face_may_be_a_picture_and_its_address_is_escaped():
    face = drawn("{% avatar page %}", page=SimpleNamespace(username="a", display_name="A", avatar_url='/m/"a.png'))

    assert 'src="/m/&quot;a.png" alt=""' in face


def test_names_are_escaped():
    assert "<b>" not in drawn("{% avatar page %}", page=SimpleNamespace(username="a", display_name="<b> <i>"))


# -- forms ----------------------------------------------------------------------------------------
def test_a_field_is_described_by_its_help_and_its_errors():
    form = Gift({"coins": "many"})

    field = drawn('{% include "components/_field.html" with field=form.coins %}', form=form)

    assert 'aria-describedby="id_coins_helptext id_coins_error"' in field
    assert 'id="id_coins_helptext"' in field
    assert 'id="id_coins_error"' in field
    assert 'aria-invalid="true"' in field
    assert 'value="many"' in field


def test_choices_stand_in_a_fieldset_that_names_its_errors():
    field = drawn('{% include "components/_field.html" with field=form.side %}', form=Gift({}))

    assert '<fieldset class="field field-choices" aria-describedby="id_side_error">' in field
    assert "<legend>Side</legend>" in field


def test_only_what_may_be_left_out_is_called_optional():
    form = Gift()

    assert "(optional)" in drawn('{% include "components/_field.html" with field=form.memo %}', form=form)
    assert "(optional)" not in drawn('{% include "components/_field.html" with field=form.coins %}', form=form)


def test_a_whole_form_shows_each_field_once_and_its_refusal_first():
    form = Gift({"key": "k", "coins": "2", "is_sure": "on", "side": "for"})
    form.add_error(None, "You have 1.00 coin; this needs 2.00.")

    whole = drawn('{% include "components/_fields.html" %}', form=form)

    assert whole.index("You have 1.00 coin") < whole.index("id_coins")
    for name in ("key", "coins", "is_sure", "memo"):
        assert whole.count(f'name="{name}"') == 1


def test_a_refusal_alone_brings_no_list_of_fields():
    form = Gift({"key": "k", "coins": "2", "is_sure": "on", "side": "for"})
    form.add_error(None, "Voting has closed.")

    assert "<ul>" not in drawn('{% include "components/_form_errors.html" %}', form=form)


# -- statements about money -----------------------------------------------------------------------
def test_a_preview_says_what_one_keeps_who_gets_what_and_when():
    preview = drawn(
        '{% money_preview keep=keep gets=gets who="Ana" when="in 24 h" undo=True %}',
        keep=Decimal("96.67"),
        gets=Decimal("2.01"),
    )

    assert "You keep <data" in preview
    assert 'value="96.67"' in preview
    assert "Ana gets <data" in preview
    assert "in 24 h unless you take it back." in preview


def test_a_preview_warns_of_what_cannot_be_undone_and_escapes_names():
    preview = drawn("{% money_preview gets=gets who=who %}", gets=Decimal("5"), who="<b>")

    assert "&lt;b&gt; gets" in preview
    assert "This cannot be undone." in preview


@pytest.mark.parametrize(
    ("value", "most", "share"), [(320, 500, "0.6400"), (9, 3, "1.0000"), (-1, 3, "0.0000"), (1, 0, "1.0000")]
)
def test_progress_stays_between_nothing_and_all(value, most, share):
    assert f'max="1" value="{share}"' in drawn("{% progress value most 'Quorum' %}", value=value, most=most)


def test_a_figure_with_its_name():
    assert ">12,840<" in drawn('{% stat "Members" 12840 %}')
    assert 'value="96.67"' in drawn('{% stat "Balance" n coins=True %}', n=Decimal("96.67"))


# -- charts ---------------------------------------------------------------------------------------
def test_a_line_chart_has_a_text_alternative_and_its_numbers():
    chart = drawn("{% line_chart points 'Supply' %}", points=[(1, Decimal("10")), (2, Decimal("40"))])

    assert "<title id=" in chart
    assert "From 10.00 to 40.00." in chart
    assert '<th scope="row">2</th><td class="number">40.00</td>' in chart


def test_a_chart_is_the_same_drawing_in_every_language():
    points = [(1, 0.5), (3, 7.25), (8, 3.125)]
    source = "{% line_chart points 'x' %}{% stacked_bar parts 'y' mark=0.125 %}{% lorenz curve 0.5 'z' %}"
    context = {"points": points, "parts": [("a", 1), ("b", 2)], "curve": [(0.5, 0.125)]}

    def strokes(text):
        return [word for word in text.split('"') if word.startswith("M") and " L" in word]

    english = strokes(drawn(source, **context))
    with translation.override("de"):
        assert strokes(drawn(source, **context)) == english
    assert english


@pytest.mark.parametrize("tag", ["line_chart none 'x'", "bar_chart none 'x'", "stacked_bar none 'x'", "lorenz none"])
def test_a_chart_of_nothing_is_still_a_page(tag):
    assert "<figure" in drawn(f"{{% {tag} %}}", none=[])


def test_a_chart_takes_two_lines_and_names_them():
    chart = drawn(
        "{% line_chart lines 'Coins' %}",
        lines=[{"label": "Wallets", "points": [(1, 2), (2, 3)]}, {"label": "Treasury", "points": [(2, 1)]}],
    )

    assert '<td class="number">–</td>' in chart
    assert "Treasury</li>" in chart


# -- the way through the site ---------------------------------------------------------------------
@pytest.fixture
def addresses(monkeypatch):
    """Every place of the site exists, whichever rooms are built."""
    monkeypatch.setattr(
        navigation, "address_of", lambda place, username: f"/@{username}/" if place.of_page else f"/{place.url_name}/"
    )


def shown(path="/", username="ana", is_member=True, **context):
    return navigation.links(path=path, username=username, is_member=is_member, context=context)


@pytest.mark.urls(__name__)
def test_a_place_that_does_not_exist_is_left_out(monkeypatch):
    built, unbuilt = navigation.Place("Here", "house", "here"), navigation.Place("Nowhere", "house", "nowhere:at_all")
    monkeypatch.setattr(navigation, "PLACES", (built, unbuilt))

    assert [link["url"] for link in shown()["links"]] == ["/here/"]


def test_visitors_are_offered_to_sign_in_and_members_to_write(addresses):
    visitor = {link["url"] for link in shown(is_member=False, username="")["links"]}
    member = {link["url"] for link in shown()["links"]}

    assert visitor - member == {"/accounts:signin/"}
    assert {"/social:write_post/", "/economy:wallet/", "/@ana/"} <= member - visitor


@pytest.mark.parametrize("is_member", [True, False])
def test_a_phone_shows_five_places_and_the_rest_are_under_more(addresses, is_member):
    places = shown(is_member=is_member)
    in_bar = [link for link in places["links"] if link["in_bar"]]

    assert len(in_bar) + bool(places["more"]) == navigation.ON_PHONES
    assert len(in_bar) + len(places["more"]) == len(places["links"])


def test_the_place_one_is_at_is_marked(addresses):
    links = shown(path="/economy:wallet/vault/")["links"]

    assert [link["url"] for link in links if link["current"]] == ["/economy:wallet/"]


def test_a_place_tells_how_many_things_are_new(addresses):
    assert [link["count"] for link in shown(unread_notifications=3)["links"] if link["count"]] == [3]


@pytest.mark.parametrize(("count", "shown"), [(1, "1"), (99, "99"), (100, "99+"), (12_345, "99+")])
def test_many_new_things_take_little_room(count, shown):
    assert drawn("{{ count|so_many }}", count=count) == shown


def test_a_tab_is_current_by_its_address_and_query():
    request = RequestFactory().get("/forum/?sort=new")
    request.user = AnonymousUser()

    assert 'aria-current="page"' in drawn("{% tab 'New' '/forum/?sort=new' %}", request=request)
    assert "aria-current" not in drawn("{% tab 'Top' '/forum/?sort=top' %}", request=request)
    assert "aria-current" not in drawn("{% tab 'Hot' '/' %}", request=request)
    # Tabs that differ by their query alone: the page knows.
    assert "aria-current" not in drawn("{% tab 'All' '/forum/' current=no %}", request=request, no=False)
    assert 'aria-current="page"' in drawn("{% tab 'Top' '/forum/?sort=top' current=yes %}", request=request, yes=True)
