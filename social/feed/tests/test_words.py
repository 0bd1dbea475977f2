"""What words carry: HTML, hashtags, mentions, quotes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.members import boundaries
from accounts.members.models import Page
from accounts.notifications.models import Notification, OwedNotice
from accounts.notifications.operations import gather
from config.lib import limits
from social.feed import operations, queries, tasks
from social.feed.models import Comment, Mention, Post, Quote
from social.feed.operations.words import render_missing
from social.feed.tests.conftest import together
from social.hashtags.models import Hashtag, PostTag

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def mentions():
    """The notices of being mentioned that a member has."""

    def look(member):
        gather(at=timezone.now())
        return list(Notification.objects.filter(user=member, type="mention").order_by("id"))

    return look


def counts():
    return dict(Hashtag.objects.values_list("name", "posts_count"))


# -- HTML ----------------------------------------------------------------------------------------------------------


def test_words_are_rendered_when_they_are_saved(alice, bob, write, say):
    post = write(alice, "**Plums** for @bob and @nobody_here #Garden")
    assert post.html == Post.objects.get(pk=post.pk).html
    assert "<strong>Plums</strong>" in post.html
    assert '<a class="mention" href="/@bob/"' in post.html
    assert "@nobody_here" in post.html
    assert "/@nobody_here/" not in post.html
    assert '<a class="hashtag" href="/tags/garden/"' in post.html
    comment = say(bob, post, "*Thanks* #garden")
    assert "<em>Thanks</em>" in Comment.objects.get(pk=comment.pk).html
    assert "/tags/garden/" in comment.html


def test_editing_renders_anew(alice, write, say, noon):
    post = write(alice, "*One*")
    comment = say(alice, post, "*One*")
    operations.edit_post(editor=alice, post_id=post.pk, content="*Two*", at=noon)
    operations.edit_comment(editor=alice, comment_id=comment.pk, content="*Two*", at=noon)
    for row in (Post.objects.get(pk=post.pk), Comment.objects.get(pk=comment.pk)):
        assert row.html == '<p dir="auto"><em>Two</em></p>'


def test_plain_words_cost_no_query_more(alice, write, say):
    write(alice, "Warm up.")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        write(alice, "Plain words, nothing in them.")
    said = " ".join(query["sql"] for query in captured.captured_queries)
    for table in ("social_hashtag", "social_mention", "social_quote", "social_file_post", "social_postedition"):
        assert table not in said


def test_what_is_not_rendered_yet_is_shown_all_the_same(client, alice, write):
    post = write(alice, "**Plums** <b>x</b>")
    Post.objects.update(html="")
    page = client.get(f"/p/{post.pk}/").content.decode()
    assert "<strong>Plums</strong> &lt;b&gt;x&lt;/b&gt;" in page
    assert client.get(f"{API}/posts/{post.pk}").json()["content_html"].startswith('<p dir="auto"><strong>Plums')


def test_the_job_renders_what_is_missing_and_tells_nobody(alice, bob, write, say, mentions):
    first = write(alice, "Look here.")
    post = write(alice, f"@bob #Garden http://127.0.0.1:8000/p/{first.pk}/")
    comment = say(alice, post, "@bob again")
    Mention.objects.all().delete()
    PostTag.objects.all().delete()
    Quote.objects.all().delete()
    mentions(bob)
    Notification.objects.all().delete()
    Post.objects.update(html="")
    Comment.objects.update(html="")
    assert tasks.render_words() == 3
    assert "/@bob/" in Post.objects.get(pk=post.pk).html
    assert "/@bob/" in Comment.objects.get(pk=comment.pk).html
    assert counts() == {"garden": 1}
    assert Quote.objects.get().quoted_id == first.pk
    operations.edit_post(editor=alice, post_id=post.pk, content="@bob, once more", at=timezone.now())
    assert mentions(bob) == []
    assert tasks.render_words() == 0


def test_the_job_leaves_removed_words_alone_and_takes_no_more_than_it_is_told(alice, write):
    for _number in range(3):
        post = write(alice)
    operations.remove_post(remover=alice, post_id=post.pk, at=timezone.now())
    Post.objects.update(html="")
    assert [render_missing(at=timezone.now(), most=1) for _round in range(3)] == [1, 1, 0]


# -- Hashtags ------------------------------------------------------------------------------------------------------


def test_a_post_is_filed_under_what_its_words_say(alice, write, noon):
    post = write(alice, "#Garden #GARDEN #plums")
    assert counts() == {"garden": 1, "plums": 1}
    operations.edit_post(editor=alice, post_id=post.pk, content="#plums #pears", at=noon)
    assert counts() == {"garden": 0, "plums": 1, "pears": 1}
    assert set(PostTag.objects.values_list("hashtag__name", flat=True)) == {"plums", "pears"}
    operations.edit_post(editor=alice, post_id=post.pk, title="Only the title", at=noon)
    assert counts() == {"garden": 0, "plums": 1, "pears": 1}
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    assert counts() == {"garden": 0, "plums": 0, "pears": 0}


def test_ten_hashtags_of_a_post_count(alice, write):
    post = write(alice, " ".join(f"#tag_{number}" for number in range(12)))
    assert Hashtag.objects.count() == 10
    assert "/tags/tag_9/" in post.html
    assert "/tags/tag_10/" not in post.html


def test_comments_are_not_filed(alice, write, say):
    say(alice, write(alice), "#garden")
    assert not Hashtag.objects.exists()


def test_posts_that_are_put_back_and_taken_out_of_the_database_are_counted(alice, write, noon):
    post = write(alice, "#garden")
    write(alice, "#garden too")
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    assert counts() == {"garden": 1}
    Post.objects.filter(pk=post.pk).update(deleted_at=None)
    assert counts() == {"garden": 2}
    Post.objects.filter(pk=post.pk).delete()
    assert counts() == {"garden": 1}


@pytest.mark.django_db(transaction=True)
def test_many_who_use_the_same_new_hashtags_at_once_do_not_stop_each_other(join, noon):
    members = [join(f"member_{number}") for number in range(6)]
    texts = ["#a1 #b1 #c1", "#c1 #b1 #a1", "#b1 #d1 #a1", "#d1 #c1", "#a1 #d1", "#c1 #a1 #b1 #d1"]

    def writes(member, text):
        for number in range(5):
            post = operations.write_post(
                author=member, content=text, channel="WEB", at=noon + timedelta(days=2 * number)
            )
            operations.edit_post(
                editor=member, post_id=post.pk, content=f"#a1 #z{number} #d1", at=noon + timedelta(days=2 * number)
            )

    outcomes = together(*[lambda each=each: writes(*each) for each in zip(members, texts, strict=True)])
    assert outcomes == [None] * 6
    assert counts() == {"a1": 30, "b1": 0, "c1": 0, "d1": 30} | {f"z{number}": 6 for number in range(5)}


# -- Mentions ------------------------------------------------------------------------------------------------------


def test_who_is_mentioned_hears_of_it_once(alice, bob, mallory, write, mentions, noon):
    post = write(alice, "Ask @bob and @BOB.", title="Bread")
    (notice,) = mentions(bob)
    assert (notice.title, notice.message, notice.data["path"]) == (
        "Alice mentioned you",
        "“Bread”",
        f"/p/{post.pk}/",
    )
    operations.edit_post(editor=alice, post_id=post.pk, content="Ask @bob or @mallory.", at=noon)
    operations.edit_post(editor=alice, post_id=post.pk, content="Ask nobody.", at=noon)
    operations.edit_post(editor=alice, post_id=post.pk, content="Ask @bob again.", at=noon)
    assert len(mentions(bob)) == 1
    assert len(mentions(mallory)) == 1


def test_in_a_comment_the_notice_leads_to_it(alice, bob, mallory, write, say, mentions):
    post = write(alice)
    comment = say(bob, post, "I think @mallory knows.")
    (notice,) = mentions(mallory)
    assert notice.data["path"] == f"/p/{post.pk}/?comment={comment.pk}#comment-{comment.pk}"


def test_who_hears_of_a_comment_anyway_hears_of_it_once(alice, bob, write, say, mentions):
    post = write(alice)
    say(bob, post, "Well said, @alice!")
    assert mentions(alice) == []
    assert Notification.objects.filter(user=alice, type="comment").count() == 1


def test_nobody_hears_of_their_own_words(alice, write, mentions):
    write(alice, "I am @alice.")
    assert mentions(alice) == []
    assert not Mention.objects.exists()


def test_who_keeps_apart_or_has_muted_hears_nothing(alice, bob, mallory, write, mentions, noon):
    boundaries.block(member=bob, page=alice.primary_page, at=noon)
    boundaries.mute(member=mallory, page=alice.primary_page, at=noon)
    write(alice, "@bob @mallory")
    assert mentions(bob) == mentions(mallory) == []


def test_ten_of_a_text_are_named(alice, join, write):
    for number in range(11):
        join(f"member_{number}")
    post = write(alice, " ".join(f"@member_{number}" for number in range(11)))
    assert Mention.objects.filter(post=post).count() == 10
    assert "/@member_10/" not in post.html


def test_a_text_tells_ten_in_its_whole_life(alice, bob, join, write, say, noon):
    members = [join(f"member_{number}") for number in range(22)]
    names = [f"@{member.primary_page.username}" for member in members]
    texts = [write(alice, "Words."), say(alice, write(bob), "Words.")]
    for text in texts:
        edit = operations.edit_post if isinstance(text, Post) else operations.edit_comment
        which = "post_id" if isinstance(text, Post) else "comment_id"
        OwedNotice.objects.all().delete()
        for some in (names[:6], names[6:12], names[12:]):
            text = edit(editor=alice, content=" ".join(some), at=noon, **{which: text.pk})
        assert "/@member_21/" in text.html
        told = OwedNotice.objects.filter(type="mention").values_list("user", flat=True)
        assert set(told) == {member.pk for member in members[:10]}
        assert text.mentions.count() == len(told) == 10


def test_a_member_tells_so_many_in_a_day_and_links_the_others(alice, bob, mallory, moderator, write, figure, noon):
    figure(MENTIONS_PER_DAY=3)
    first, second = write(alice, "@bob @mallory"), write(alice, "@bob @mallory @moderator")
    told = OwedNotice.objects.filter(type="mention")
    assert sorted(told.values_list("user", "reference_id")) == sorted(
        [(bob.pk, first.pk), (mallory.pk, first.pk), (bob.pk, second.pk)]
    )
    assert "/@mallory/" in second.html
    assert list(second.mentions.values_list("page__user", flat=True)) == [bob.pk]
    write(bob, "@mallory")
    assert told.filter(actor=bob.primary_page).count() == 1
    # On another day whom a text has not told yet is told by it.
    limits.forget_all()
    operations.edit_post(editor=alice, post_id=second.pk, content="@bob @mallory, anew", at=noon + timedelta(days=1))
    assert sorted(told.filter(reference_id=second.pk).values_list("user", flat=True)) == sorted([bob.pk, mallory.pk])


def test_mentions_of_who_hears_anyway_are_not_counted(alice, bob, mallory, write, say, figure):
    figure(MENTIONS_PER_DAY=1)
    say(bob, write(alice), "@alice, ask @mallory")
    assert set(OwedNotice.objects.values_list("user", "type").exclude(type="welcome")) == {
        (alice.pk, "comment"),
        (mallory.pk, "mention"),
    }


def test_pages_that_nobody_can_see_are_not_named(alice, bob, write):
    Page.objects.filter(user=bob).update(is_active=False)
    assert "<a" not in write(alice, "@bob").html


# -- Quotes --------------------------------------------------------------------------------------------------------


def test_a_link_to_a_post_of_ours_shows_it(client, settings, alice, bob, write):
    settings.SITE_ADDRESS = "https://civitas.example"
    quoted = write(bob, "The *original* words.", title="First")
    post = write(alice, f"See https://civitas.example/p/{quoted.pk}/ and https://elsewhere.example/p/{quoted.pk}/")
    page = client.get(f"/p/{post.pk}/").content.decode()
    assert 'class="quote-card"' in page
    assert "The <em>original</em> words." in page
    relative = write(alice, f"[this](/p/{quoted.pk}/?x=1#comments) and [that](/p/{relative_id()}/)")
    assert [quote.pk for quote in queries.quoted_in(relative, bob)] == [quoted.pk]


def relative_id():
    return "019a0000-0000-7000-8000-000000000000"


def test_a_quote_never_shows_what_its_reader_may_not_see(alice, bob, mallory, write, noon):
    quoted = write(bob, "Not for everybody.")
    post = write(alice, f"/p/x [look](/p/{quoted.pk}/)")
    assert queries.quoted_in(post, mallory) == [quoted]
    boundaries.block(member=bob, page=mallory.primary_page, at=noon)
    assert queries.quoted_in(post, mallory) == []
    assert queries.quoted_in(post, alice) == [quoted]
    operations.remove_post(remover=bob, post_id=quoted.pk, at=noon)
    assert queries.quoted_in(post, alice) == []


def test_a_post_shows_at_most_three_others_and_not_itself(alice, write, noon):
    others = [write(alice) for _number in range(4)]
    post = write(alice, " ".join(f"[x](/p/{other.pk}/)" for other in others))
    assert queries.quoted_in(post, alice) == others[:3]
    operations.edit_post(editor=alice, post_id=post.pk, content=f"[me](/p/{post.pk}/) [x](/p/{others[3].pk})", at=noon)
    assert queries.quoted_in(post, alice) == [others[3]]
    operations.edit_post(editor=alice, post_id=post.pk, content="None.", at=noon)
    assert not Quote.objects.exists()


# -- Readers -------------------------------------------------------------------------------------------------------


def test_withheld_comments_keep_their_html_to_themselves(api, client, alice, bob, mallory, write, say, noon):
    post = write(alice)
    comment = say(bob, post, "*Between us*")
    boundaries.block(member=bob, page=mallory.primary_page, at=noon)
    client.force_login(mallory)
    assert "Between us" not in client.get(f"/p/{post.pk}/").content.decode()
    shown = client.get(f"{API}/posts/{post.pk}/comments").json()["results"][0]
    assert (shown["content"], shown["content_html"]) == (None, None)
    operations.remove_comment(remover=bob, comment_id=comment.pk, at=noon)
    client.force_login(alice)
    assert "Between us" not in client.get(f"/p/{post.pk}/").content.decode()
    assert client.get(f"{API}/posts/{post.pk}/comments").json()["results"][0]["content_html"] is None
