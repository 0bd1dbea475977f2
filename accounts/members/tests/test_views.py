"""The pages about oneself: what each does, what stands in the way, and mallory."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.members import operations
from accounts.members.models import FormerName, Page, Profile
from accounts.members.tests.browsing import url, words_of
from accounts.members.tests.pictures import a_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def baker(alice, now):
    return operations.open_page(member=alice, username="baker", display_name="The baker", at=now)


SHOWN = ["edit_profile", "my_pages", "open_page", "privacy", "settings"]
POSTED = ["choose_language", "act_as", "mute_word"]


@pytest.mark.parametrize("name", SHOWN)
def test_each_page_is_for_members_and_kept_by_nobody(client, alice, name):
    assert client.get(url(name)).url.startswith("/signin/?next=")
    client.force_login(alice)
    page = client.get(url(name))
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    assert page.content.count(b"<h1") == 1


@pytest.mark.parametrize("name", POSTED)
def test_what_changes_something_is_posted_with_a_token(alice, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.get(url(name)).status_code == 405
    assert client.post(url(name)).status_code == 403


def test_the_list_of_settings_leads_to_each_page(as_alice):
    page = as_alice.get("/settings/").content.decode()
    for name in ("edit_profile", "my_pages", "privacy"):
        assert f'href="{url(name)}"' in page


# -- Profile ------------------------------------------------------------------------------------------------------

PROFILE = {
    "location": "Porto",
    "website": "https://alice.example/",
    "twitter": "@alice",
    "discord": "alice#1",
    "telegram": "@alice_t",
    "social_links": "Blog https://blog.example/\r\n\r\nMy shop: https://shop.example/",
    "experience": "ten years",
    "interests": "bread, trains,, bread ",
    "first_name": "Alice",
    "last_name": "Pereira",
}


def test_edit_profile(as_alice, alice):
    assert as_alice.post(url("edit_profile"), PROFILE).url == url("edit_profile")
    profile = Profile.objects.get(user=alice)
    assert (profile.location, profile.twitter, profile.telegram) == ("Porto", "alice", "alice_t")
    assert profile.social_links == {"Blog": "https://blog.example/", "My shop": "https://shop.example/"}
    assert profile.interests == ["bread", "trains"]
    alice.refresh_from_db()
    assert alice.last_name == "Pereira"
    page = as_alice.get(url("edit_profile")).content.decode()
    assert "Blog https://blog.example/" in page and "bread, trains" in page


@pytest.mark.parametrize(
    "change",
    [
        {"website": "javascript:alert(1)"},
        {"website": "ftp://alice.example/"},
        {"social_links": "Blog javascript:alert(1)"},
        {"social_links": "only words"},
        {"social_links": "\n".join(f"n{number} https://a.example/" for number in range(11))},
        {"social_links": "x https://a.example/" + "y" * 300},
        {"interests": ",".join(f"i{number}" for number in range(31))},
        {"interests": "x" * 51},
        {"location": "x" * 101},
        {"location": "nul\0"},
        {"experience": "x" * 51},
    ],
)
def test_edit_profile_keeps_what_was_typed_when_it_is_refused(as_alice, alice, change):
    page = as_alice.post(url("edit_profile"), PROFILE | change)
    assert page.status_code == 422
    assert 'value="ten years"' in page.content.decode() or "experience" in change
    assert Profile.objects.get(user=alice).location == ""


def test_edit_profile_of_a_suspended_member_is_refused(as_alice, alice):
    type(alice).objects.filter(pk=alice.pk).update(status="SUSPENDED")
    assert as_alice.get(url("edit_profile")).status_code == 200
    assert as_alice.post(url("edit_profile"), PROFILE).status_code == 403


def test_choose_language(as_alice, alice, settings, django_capture_on_commit_callbacks):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(url("choose_language"), {"language": "de", "time_zone": "Europe/Lisbon"})
    chosen = Profile.objects.get(user=alice).preferences
    assert chosen == {"language": "de", "time_zone": "Europe/Lisbon"}
    page = as_alice.get(url("my_pages"), headers={"Accept-Language": "en"})
    assert page["Content-Language"] == "de"
    assert as_alice.get("/", headers={"Accept-Language": "en"}).content.count(b'lang="de"') == 1
    assert Client().get("/", headers={"Accept-Language": "en"})["Content-Language"] == "en"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"language": "xx", "time_zone": "UTC"},
        {"language": "en", "time_zone": "Moon/Crater"},
        {"language": "en", "time_zone": "\0"},
    ],
)
def test_choose_language_badly(as_alice, alice, sent):
    assert as_alice.post(url("choose_language"), sent).status_code == 422
    assert Profile.objects.get(user=alice).preferences == {}


def test_times_follow_the_members_zone_on_pages_and_utc_in_the_api(
    client, alice, bob, now, django_capture_on_commit_callbacks
):
    Page.objects.filter(user=bob).update(created_at="2026-01-31T23:30:00Z")
    client.force_login(alice)
    assert "January 2026" in client.get("/@bob/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        operations.set_preferences(member=alice, at=now, time_zone="Asia/Tokyo")
    assert "February 2026" in client.get("/@bob/").content.decode()
    assert client.get("/api/v1/pages/bob").json()["created_at"] == "2026-01-31T23:30:00Z"
    assert "January 2026" in Client().get("/@bob/").content.decode()


def test_a_zone_that_this_machine_does_not_know_is_none(client, alice):
    Profile.objects.filter(user=alice).update(preferences={"time_zone": "Moon/Crater", "language": "xx"})
    client.force_login(alice)
    assert client.get("/").status_code == 200


# -- Pages --------------------------------------------------------------------------------------------------------


def test_open_page(as_alice, alice):
    sent = {"username": "@Baker", "display_name": "The baker", "bio": "Bread.\r\nMore bread."}
    assert as_alice.post(url("open_page"), sent).url == url("edit_page", "baker")
    page = Page.objects.get(username="baker")
    assert (page.user, page.bio, page.is_primary) == (alice, "Bread.\nMore bread.", False)
    again = as_alice.post(url("open_page"), sent)
    assert (again.status_code, "is taken" in words_of(again)) == (422, True)


def test_open_page_when_there_is_no_room(as_alice, alice, baker, now):
    operations.open_page(member=alice, username="miller", display_name="M", at=now)
    assert "Open a page" not in words_of(as_alice.get(url("my_pages")))
    refused = as_alice.post(url("open_page"), {"username": "farmer", "display_name": "F"})
    assert (refused.status_code, "You can have 3 pages" in words_of(refused)) == (422, True)
    assert 'value="farmer"' in refused.content.decode()


def test_act_as_another_page(as_alice, alice, baker):
    assert as_alice.post(url("act_as"), {"page": "baker", "next": "/wallet/"}).url == "/wallet/"
    assert "@baker" in words_of(as_alice.get("/"))
    as_alice.post(reverse("social:write_post"), {"content": "Fresh bread."})
    assert Page.objects.get(posts__content="Fresh bread.") == baker
    assert "You write as @baker" in words_of(as_alice.get("/"))
    as_alice.post(url("act_as"), {"page": "alice"})
    as_alice.post(reverse("social:write_post"), {"content": "Fresh news."})
    assert Page.objects.get(posts__content="Fresh news.") == alice.primary_page


def test_act_as_is_of_one_browser_and_ends_with_the_page(as_alice, alice, baker, now):
    as_alice.post(url("act_as"), {"page": "baker"})
    other = Client()
    other.force_login(alice)
    assert "You write as" not in words_of(other.get("/"))
    operations.close_page(member=alice, page_id=baker.pk, at=now)
    assert "You write as" not in words_of(as_alice.get("/"))
    assert as_alice.post(url("act_as"), {"page": "baker"}).status_code == 422


@pytest.mark.parametrize("page", ["bob", "nobody", "", "\0", "x" * 5000])
def test_act_as_somebody_else_is_not_there(as_alice, bob, page):
    assert as_alice.post(url("act_as"), {"page": page}).status_code == 404
    assert "You write as" not in words_of(as_alice.get("/"))


def test_act_as_leads_nowhere_else(as_alice, baker):
    assert as_alice.post(url("act_as"), {"page": "baker", "next": "https://elsewhere.example/"}).url == url("my_pages")


@pytest.mark.parametrize("planted", ["not-a-uuid", "0193c3a1-0000-7000-8000-000000000000", "", 5, None])
def test_a_session_that_names_no_page_of_ones_own_acts_as_the_first(as_alice, bob, planted):
    session = as_alice.session
    session["acting_page"] = planted if planted != "" else str(bob.primary_page.pk)
    session.save()
    assert as_alice.get("/").status_code == 200
    as_alice.post(reverse("social:write_post"), {"content": "Who am I?"})
    assert Page.objects.get(posts__content="Who am I?").username == "alice"


def test_the_account_menu_offers_the_other_pages(as_alice, baker):
    page = words_of(as_alice.get("/"))
    assert "Act as @baker" in page and "Act as @alice" not in page


def test_a_page_costs_no_query_more_for_several_pages(as_alice, alice, now, django_assert_num_queries):
    as_alice.get("/settings/")
    with CaptureQueriesContext(connection) as one:
        as_alice.get("/settings/")
    operations.open_page(member=alice, username="baker", display_name="B", at=now)
    with django_assert_num_queries(len(one)):
        as_alice.get("/settings/")


def test_edit_page(as_alice, baker):
    edited = as_alice.post(url("edit_page", "baker"), {"display_name": "Night baker", "bio": "Loaves."})
    assert edited.url == url("edit_page", "baker")
    baker.refresh_from_db()
    assert (baker.display_name, baker.bio) == ("Night baker", "Loaves.")
    refused = as_alice.post(url("edit_page", "baker"), {"display_name": "\u200b", "bio": "kept words"})
    assert (refused.status_code, "kept words" in refused.content.decode()) == (422, True)


def test_change_username(as_alice, alice):
    assert as_alice.post(url("change_username", "alice"), {"username": "@Alice_P"}).url == url("edit_page", "alice_p")
    assert FormerName.objects.get().username == "alice"
    assert as_alice.get("/@alice/").url == "/@alice_p/"
    as_alice.post(url("change_username", "alice_p"), {"username": "alice_q"})
    refused = as_alice.post(url("change_username", "alice_q"), {"username": "alice_r"})
    assert (refused.status_code, "2 times in 30 days" in words_of(refused)) == (429, True)


@pytest.mark.parametrize("name", ["bob", "admin", "x", "ä" * 5, "\0ab", "x" * 5000, ""])
def test_change_username_badly(as_alice, alice, bob, name):
    assert as_alice.post(url("change_username", "alice"), {"username": name}).status_code == 422
    assert Page.objects.get(user=alice).username == "alice"


def test_set_picture_and_remove_picture(as_alice, alice, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sent = {"picture": SimpleUploadedFile("../../me.png", a_picture(), content_type="image/png")}
    assert as_alice.post(url("set_picture", "alice"), sent).url == url("edit_page", "alice")
    page = Page.objects.get(user=alice)
    assert page.picture_url(256) in as_alice.get("/@alice/").content.decode()
    as_alice.post(url("remove_picture", "alice"))
    assert Page.objects.get(user=alice).avatar == ""


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"<svg/>", 415, "not a JPEG, PNG or WebP"),
        (a_picture()[:70], 422, "damaged or incomplete"),
        (a_picture() + b"\0" * 5 * 1024 * 1024, 413, "at most 5 MB"),
        (b"", 422, "empty"),
    ],
)
def test_set_picture_says_what_is_wrong(as_alice, alice, content, status, said):
    refused = as_alice.post(url("set_picture", "alice"), {"picture": SimpleUploadedFile("me.png", content)})
    assert (refused.status_code, said in words_of(refused)) == (status, True)


def test_set_picture_without_one(as_alice):
    assert as_alice.post(url("set_picture", "alice"), {"picture": "text"}).status_code == 422


def test_close_page_asks_first_and_reopen_page_takes_it_back(as_alice, baker):
    assert "Close @baker?" in words_of(as_alice.get(url("close_page", "baker")))
    assert Page.objects.get(pk=baker.pk).is_active
    for _twice in range(2):
        assert as_alice.post(url("close_page", "baker")).url == url("my_pages")
    assert Client().get("/@baker/").status_code == 404
    assert "closed" in words_of(as_alice.get(url("my_pages")))
    as_alice.post(url("reopen_page", "baker"))
    assert Client().get("/@baker/").status_code == 200
    assert as_alice.post(url("close_page", "alice")).status_code == 422


def test_make_primary(as_alice, alice, baker):
    as_alice.post(url("make_primary", "baker"))
    assert Page.objects.get(user=alice, is_primary=True) == baker


@pytest.mark.parametrize(
    "name",
    ["edit_page", "change_username", "set_picture", "remove_picture", "make_primary", "close_page", "reopen_page"],
)
def test_pages_of_others_are_not_there(client, mallory, baker, name):
    client.force_login(mallory)
    for page in ("baker", "alice", "nobody", "%00"):
        sent = {"username": "stolen", "display_name": "Stolen", "picture": SimpleUploadedFile("x.png", a_picture())}
        assert client.post(f"/settings/pages/@{page}/" + url(name, "x").split("@x/")[1], sent).status_code == 404
    assert set(Page.objects.values_list("username", "is_active")) >= {("baker", True), ("alice", True)}
