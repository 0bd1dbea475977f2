"""Pictures at /media/: only what the site has drawn, as nothing but a picture."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

NAME = "avatars/0193f2ab1b1c4c3a9d553f1b1a6c0a02"


@pytest.fixture
def picture(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    default_storage.save(f"{NAME}-80.webp", ContentFile(b"RIFF....WEBP"))
    return f"/media/{NAME}-80.webp"


def test_a_picture_is_served_as_nothing_else(client, picture):
    response = client.get(picture)
    assert (response.status_code, response.content) == (200, b"RIFF....WEBP")
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.head(picture).status_code == 200
    assert client.post(picture).status_code == 405


def test_members_may_keep_it_as_well(client, alice, picture):
    client.force_login(alice)
    assert client.get(picture)["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "name",
    [
        f"{NAME}-81.webp",
        f"{NAME}-80.svg",
        f"{NAME}-80.webp/",
        f"{NAME.upper()}-80.webp",
        "avatars/",
        "avatars/../../private/export.zip",
        "avatars/%2e%2e/private/export.zip",
        "private/export.zip",
        "avatars/x.webp%00",
        f"avatars/{'a' * 32}-80.webp",
    ],
)
def test_nothing_else_is_there(client, picture, name, tmp_path):
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "export.zip").write_text("secret")
    assert client.get(f"/media/{name}").status_code == 404
