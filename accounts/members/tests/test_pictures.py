"""Pictures of pages: put in place, replaced, taken away, forgotten; by the API too."""

import os
from datetime import timedelta
from unittest.mock import patch

import pytest
from constance.test import override_config
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.utils import timezone

from accounts.members import operations
from accounts.members.models import Page
from accounts.members.tests.pictures import a_picture
from config.lib.images import PictureType
from config.lib.refusals import NotAllowed, NotThere, TooMany

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def files(tmp_path):
    return sorted(path.name.rpartition("-")[2] for path in tmp_path.rglob("*.webp"))


def give(member, data=None, at=None):
    page = Page.objects.get(user=member)
    upload = data if data is not None else a_picture()
    return operations.set_picture(editor=member, page_id=page.pk, upload=upload, at=at or timezone.now())


def test_a_picture_is_kept_in_three_sizes_under_a_name_of_ours(client, alice, tmp_path):
    page = give(alice)
    assert files(tmp_path) == ["256.webp", "40.webp", "80.webp"]
    assert page.avatar_url == f"/media/{page.avatar}-80.webp"
    assert "alice" not in page.avatar
    assert client.get(page.picture_url(256))["Content-Type"] == "image/webp"


def test_the_last_one_goes_when_the_change_is_committed(alice, tmp_path, django_capture_on_commit_callbacks):
    first = give(alice)
    with django_capture_on_commit_callbacks() as callbacks:
        second = give(alice)
    assert len(files(tmp_path)) == 6
    for callback in callbacks:
        callback()
    assert len(files(tmp_path)) == 3
    assert not default_storage.exists(f"{first.avatar}-80.webp") and default_storage.exists(f"{second.avatar}-80.webp")
    with django_capture_on_commit_callbacks(execute=True):
        operations.remove_picture(editor=alice, page_id=second.pk, at=timezone.now())
    assert files(tmp_path) == []
    assert Page.objects.get(user=alice).avatar_url == ""


def test_a_refused_picture_leaves_nothing_and_the_last_one_stays(alice, tmp_path):
    page = give(alice)
    with pytest.raises(PictureType):
        give(alice, b"<svg/>")
    assert (Page.objects.get(user=alice).avatar, len(files(tmp_path))) == (page.avatar, 3)


def test_files_of_a_change_that_fails_are_taken_away(alice, tmp_path):
    with patch.object(Page, "save", side_effect=DatabaseError), pytest.raises(DatabaseError):
        give(alice)
    assert files(tmp_path) == []


def test_only_ones_own_page(alice, mallory, tmp_path):
    for change in (
        lambda page: operations.set_picture(editor=mallory, page_id=page, upload=a_picture(), at=timezone.now()),
        lambda page: operations.remove_picture(editor=mallory, page_id=page, at=timezone.now()),
    ):
        with pytest.raises(NotThere):
            change(alice.primary_page.pk)
    alice.status = "SUSPENDED"
    with pytest.raises(NotAllowed):
        give(alice)
    assert files(tmp_path) == []


def test_uploads_an_hour_have_a_limit(alice):
    with override_config(UPLOADS_PER_HOUR=2):
        give(alice)
        with pytest.raises(PictureType):
            give(alice, b"counts too")
        with pytest.raises(TooMany):
            give(alice)


def test_the_job_deletes_what_no_page_has_but_not_what_is_on_its_way(alice, tmp_path):
    page = give(alice)
    for name in ("a" * 32, "b" * 32):
        for size in (40, 80, 256):
            default_storage.save(f"avatars/{name}-{size}.webp", ContentFile(b"x"))
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    for path in tmp_path.rglob("a" * 32 + "*"):
        os.utime(path, (long_ago, long_ago))
    assert operations.forget_pictures(at=timezone.now()) == 1
    assert operations.forget_pictures(at=timezone.now()) == 0
    assert len(files(tmp_path)) == 6
    assert default_storage.exists(f"{page.avatar}-40.webp")


def test_without_a_folder_there_is_nothing_to_forget():
    assert operations.forget_pictures(at=timezone.now()) == 0


# -- In the API ---------------------------------------------------------------------------------------------------


def put(client, data, kind="image/png", page="alice"):
    return client.put(f"/api/v1/pages/{page}/avatar", data, content_type=kind)


def test_a_picture_as_the_body_itself(api, alice):
    response = put(api(alice), a_picture())
    assert (response.status_code, response.json()["avatar"]) == (200, Page.objects.get(user=alice).picture_url(256))
    assert api().get("/api/v1/pages/alice").json()["avatar"].endswith("-256.webp")


def test_a_picture_of_a_form(api, alice):
    upload = SimpleUploadedFile("me.png", a_picture(), content_type="text/html")
    response = api(alice).put("/api/v1/pages/alice/avatar", {"picture": upload}, format="multipart")
    assert response.status_code == 200, response.content


def test_taking_it_away(api, alice):
    client = api(alice)
    put(client, a_picture())
    assert client.delete("/api/v1/pages/alice/avatar").status_code == 204
    assert client.delete("/api/v1/pages/alice/avatar").status_code == 204
    assert client.get("/api/v1/pages/alice").json()["avatar"] == ""


@pytest.mark.parametrize(
    ("data", "kind", "status", "slug"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 415, "picture-type"),
        (b"<html>", "image/png", 415, "picture-type"),
        (a_picture()[:60], "image/png", 422, "picture-unreadable"),
        (a_picture() + b"\0" * (5 * 1024 * 1024), "image/png", 413, "picture-too-big"),
        (b'{"picture": "x"}', "application/json", 415, "unsupported-media-type"),
        (b"", "image/png", 400, "malformed"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 400, "malformed"),
        (b"broken", "multipart/form-data", 400, "malformed"),
        (a_picture(), "application/octet-stream", 415, "unsupported-media-type"),
    ],
)
def test_bad_pictures_get_their_answer(api, alice, data, kind, status, slug):
    response = put(api(alice), data, kind)
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM), response.content
    assert response.json()["type"] == slug
    assert Page.objects.get(user=alice).avatar == ""


@pytest.mark.parametrize("form", [{}, {"picture": "text"}, {"file": "x"}])
def test_forms_without_a_picture(api, alice, form):
    response = api(alice).put("/api/v1/pages/alice/avatar", form, format="multipart")
    assert (response.status_code, response.json()["type"]) == (400, "malformed")


def test_a_form_with_two_hundred_files(api, alice):
    form = {f"picture{number}": SimpleUploadedFile("x.png", b"x") for number in range(200)}
    response = api(alice).put("/api/v1/pages/alice/avatar", form, format="multipart")
    assert (response.status_code, response["Content-Type"]) == (400, PROBLEM), response.content


def test_others_pages_are_not_mine_to_dress(api, alice, bob):
    assert put(api(bob), a_picture()).status_code == 403
    assert api(bob).delete("/api/v1/pages/alice/avatar").status_code == 403
    assert put(api(bob), a_picture(), page="nobody").status_code == 404
    assert put(api(), a_picture()).status_code == 401
