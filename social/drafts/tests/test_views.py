"""Drafts in the browser: kept from the composer, opened, published, thrown away."""

import re
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from social.drafts import operations
from social.drafts.models import Draft
from social.feed import extras
from social.feed.extras import ExtraForm
from social.feed.models import Post
from social.pictures.models import Picture
from social.pictures.tests.conftest import a_file

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SAVE, AUTOSAVE, WRITE = (reverse(f"social:{name}") for name in ("save_draft", "autosave_draft", "write_post"))


@pytest.fixture
def as_alice(client: Client, alice: Any) -> Client:
    client.force_login(alice)
    return client


def kept(writer: Any, content: str = "The first plums", **more: Any) -> Draft:
    return operations.write_draft(writer=writer, content=content, at=timezone.now(), **more)


def form_of(html: str) -> dict[str, str]:
    """What a browser would send of the composer's named hidden fields."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))


def test_an_empty_list_says_what_to_do(as_alice):
    assert "No drafts" in as_alice.get(reverse("social:drafts")).content.decode()


def test_kept_from_the_page_it_waits_in_the_list(as_alice):
    response = as_alice.post(SAVE, {"title": "Plums", "content": "The first", "pictures-file_0": a_file()})
    assert response["Location"] == reverse("social:drafts")
    shown = as_alice.get(response["Location"]).content.decode()
    assert "Your draft is kept." in shown and "Plums" in shown and "The first" in shown and "-480.webp" in shown
    assert Picture.objects.get().draft == Draft.objects.get()


def test_kept_in_the_feed_the_composer_is_empty_again(as_alice):
    response = as_alice.post(SAVE, {"content": "The first plums"}, headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 200
    assert 'id="composer"' in html and "The first plums" not in html
    assert "Your draft is kept." in html and reverse("social:drafts") in html


def test_nothing_is_no_draft(as_alice):
    response = as_alice.post(SAVE, {"content": "  "})
    assert response.status_code == 422
    assert "Write something first." in response.content.decode()
    assert not Draft.objects.exists()


def test_too_long_words_stay_in_the_form(as_alice):
    response = as_alice.post(SAVE, {"content": "x" * 2001})
    assert response.status_code == 422
    assert "x" * 2001 in response.content.decode()


def test_opened_it_stands_in_the_composer_as_it_was(as_alice, alice, send):
    picture = send(alice)
    draft = kept(alice, "Words & more", title="A title", pictures=[{"id": picture.pk, "alt": "A square"}])
    html = as_alice.get(reverse("social:open_draft", args=[draft.pk])).content.decode()
    assert "Words &amp; more</textarea>" in html and 'value="A title"' in html
    assert f'name="draft-id" value="{draft.pk}"' in html
    assert f'name="pictures-kept" value="{picture.pk}"' in html and 'value="A square"' in html
    assert "errorlist" not in html and "form-errors" not in html


class _Ask(ExtraForm):
    """A part as other rooms have them."""

    question = forms.CharField(required=False)
    days = forms.TypedChoiceField(choices=[(1, "1"), (7, "7")], coerce=int, initial=7, required=False)


@pytest.fixture
def another_part(monkeypatch):
    """Posts may carry one thing more."""
    monkeypatch.setattr(extras, "_extras", dict(extras._extras))
    extras.register(
        extras.Extra(
            name="ask",
            label="Ask",
            icon="info",
            form=_Ask,
            form_template="components/_fields.html",
            card_template="",
            body=serializers.CharField,
            shown=serializers.CharField,
            attach=lambda **_given: {},
        )
    )


def test_other_parts_stand_as_they_were_and_unfolded(as_alice, another_part):
    as_alice.post(SAVE, {"content": "Words", "ask-question": "Soup?", "ask-days": "1"})
    draft = Draft.objects.get()
    assert draft.rest == {"ask-question": ["Soup?"], "ask-days": ["1"]}
    html = as_alice.get(reverse("social:open_draft", args=[draft.pk])).content.decode()
    assert 'value="Soup?"' in html and '<option value="1" selected>' in html
    assert re.search(r'data-part="ask" open', html)


def test_parts_that_nobody_touched_are_not_kept(as_alice, another_part):
    as_alice.post(SAVE, {"content": "Words", "ask-question": "", "ask-days": "7"})
    draft = Draft.objects.get()
    assert draft.rest == {}
    html = as_alice.get(reverse("social:open_draft", args=[draft.pk])).content.decode()
    assert re.search(r'data-part="ask">', html)


def test_published_from_the_composer_it_ends(as_alice, alice, send):
    picture = send(alice)
    draft = kept(alice, "The first plums", pictures=[{"id": picture.pk, "alt": "A plum"}])
    sent = form_of(as_alice.get(reverse("social:open_draft", args=[draft.pk])).content.decode())
    sent |= {"content": "The first plums are ripe.", "pictures-kept_alt": "A plum"}
    response = as_alice.post(WRITE, sent)
    assert response.status_code == 302
    assert not Draft.objects.exists()
    assert Post.objects.get().carries["pictures"][0]["alt"] == "A plum"
    again = as_alice.post(WRITE, sent)
    assert again["Location"] == response["Location"]
    assert Post.objects.count() == 1


def test_a_refused_post_names_its_draft_still(as_alice, alice):
    draft = kept(alice)
    refused = as_alice.post(WRITE, {"content": "", "draft-id": str(draft.pk)})
    assert refused.status_code == 422
    assert f'name="draft-id" value="{draft.pk}"' in refused.content.decode()
    assert Draft.objects.exists()


@pytest.mark.parametrize("gone", ["019a0000-0000-7000-8000-000000000000", "nonsense", "\0"])
def test_words_outlive_their_draft(as_alice, gone):
    response = as_alice.post(WRITE, {"content": "Still here.", "draft-id": gone})
    assert Post.objects.filter(content="Still here.").exists() == (response.status_code == 302)
    assert response.status_code == 302 or "Still here." in response.content.decode()
    as_alice.post(SAVE, {"content": "Kept anew.", "draft-id": "019a0000-0000-7000-8000-000000000000"})
    assert Draft.objects.get().content == "Kept anew."


def test_another_members_draft_is_not_there(as_alice, bob):
    his = kept(bob, "His secret")
    for path in ("open_draft", "throw_draft_away"):
        address = reverse(f"social:{path}", args=[his.pk])
        assert as_alice.get(address).status_code == 404
        assert as_alice.post(address).status_code in (404, 405)
    as_alice.post(WRITE, {"content": "Mine.", "draft-id": str(his.pk)})
    as_alice.post(SAVE, {"content": "Mine too.", "draft-id": str(his.pk)})
    assert "His secret" not in as_alice.get(reverse("social:drafts")).content.decode()
    assert Draft.objects.get(pk=his.pk).content == "His secret"


def test_thrown_away_after_asking(as_alice, alice):
    draft = kept(alice)
    address = reverse("social:throw_draft_away", args=[draft.pk])
    assert "The first plums" in as_alice.get(address).content.decode()
    assert Draft.objects.exists()
    assert as_alice.post(address)["Location"] == reverse("social:drafts")
    assert not Draft.objects.exists()
    assert as_alice.post(address).status_code == 404


def test_kept_by_itself_it_answers_with_its_id(as_alice):
    key = "5e8a7a4c-55a5-4c33-9c44-24a6bb4f7d3a"
    for content in ("The first", "The first plums"):
        response = as_alice.post(AUTOSAVE, {"content": content, "key": key})
        assert response.status_code == 200
        assert f'name="draft-id" value="{Draft.objects.get().pk}"' in response.content.decode()
        assert "Draft kept at" in response.content.decode()
    assert Draft.objects.get().content == "The first plums"


def test_what_was_sent_meanwhile_is_not_kept_again(as_alice):
    key = "5e8a7a4c-55a5-4c33-9c44-24a6bb4f7d3a"
    assert as_alice.post(WRITE, {"content": "It is out.", "key": key}).status_code == 302
    assert as_alice.post(AUTOSAVE, {"content": "It is out.", "key": key}).status_code == 204
    assert not Draft.objects.exists()


@pytest.mark.parametrize("form", [{}, {"content": "x" * 2001}, {"content": "\0"}, {"content": "ok", "key": "x"}])
def test_keeping_by_itself_says_no_quietly(as_alice, form):
    assert as_alice.post(AUTOSAVE, form).status_code == 422
    assert not Draft.objects.exists()


def test_visitors_have_no_drafts(client):
    for address in (SAVE, AUTOSAVE):
        assert client.get(address).status_code in (302, 405)
        assert client.post(address, {"content": "Hello"}).status_code == 302
    assert client.get(reverse("social:drafts")).status_code == 302


def test_a_long_list_costs_no_query_more(as_alice, alice, send):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert as_alice.get(reverse("social:drafts")).status_code == 200
        return len(captured)

    kept(alice, pictures=[{"id": send(alice).pk}])
    queries()
    before = queries()
    for number in range(5):
        kept(alice, f"Draft {number}", pictures=[{"id": send(alice).pk}])
    assert queries() == before
