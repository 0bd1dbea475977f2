"""Pictures in tests: a folder of their own, and ways to send them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.members.tests.pictures import a_picture
from economy.ledger.models import Transfer
from social.feed.operations import write_post
from social.pictures import operations


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def send() -> Any:
    """send(alice) takes in a picture of hers."""

    def make(sender: Any, data: bytes | None = None, *, at: Any = None, **given: Any) -> Any:
        upload = a_picture() if data is None else data
        return operations.send_picture(sender=sender, upload=upload, at=at or timezone.now(), **given)

    return make


@pytest.fixture
def show() -> Any:
    """show(alice, picture, …) writes a post with pictures."""

    def make(author: Any, *pictures: Any, content: str = "Look at this.", at: Any = None, **given: Any) -> Any:
        value = [{"id": picture.pk, "alt": f"Seen: {number}"} for number, picture in enumerate(pictures)]
        return write_post(
            author=author,
            content=content,
            channel=Transfer.Channel.WEB,
            at=at or timezone.now(),
            carrying={"pictures": value},
            **given,
        )

    return make


def a_file(name: str = "a.png", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_picture() if data is None else data, content_type="image/png")


def files(folder: Any) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.webp"))
