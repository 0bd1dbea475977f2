"""Pictures of pages: kept as squares of our own drawing, refused in plain words when they are no good."""

import io
import re
import struct
import zlib

import pytest
from PIL import Image
from playwright.sync_api import expect

from e2e.people import Person

KIND = "This is not a JPEG, PNG or WebP picture."
DAMAGED = "This picture is damaged or incomplete."
TOO_BIG = "A picture may have at most 5 MB and 25 megapixels."
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def drawn(kind: str = "JPEG") -> bytes:
    kept = io.BytesIO()
    Image.effect_noise((400, 300), 60).convert("RGB").save(kept, kind)
    return kept.getvalue()


def hundred_megapixels() -> bytes:
    """A PNG of a few bytes whose header promises 10,000 by 10,000."""

    def part(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(b"\0" * 1000)) + part(b"IEND", b"")
    )


BAD = {
    "a drawing with a script": ("logo.svg", "image/svg+xml", SVG, KIND),
    "a drawing that says it is a PNG": ("logo.png", "image/png", SVG, KIND),
    "a page": ("page.jpg", "image/jpeg", b"<!doctype html><script>alert(1)</script>", KIND),
    "a picture that is a page too": ("both.jpg", "image/jpeg", drawn() + b"<html><script>alert(1)</script>", KIND),
    "a picture that breaks off": ("half.jpg", "image/jpeg", drawn()[:9000], DAMAGED),
    "a hundred megapixels": ("huge.png", "image/png", hundred_megapixels(), TOO_BIG),
    "six megabytes": ("heavy.jpg", "image/jpeg", drawn() + b"\0" * 6_000_000, TOO_BIG),
}


@pytest.mark.parametrize(("name", "kind", "content", "words"), BAD.values(), ids=BAD)
def test_what_is_no_good_picture_is_refused_and_the_last_one_stays(
    ana: Person, name: str, kind: str, content: bytes, words: str
):
    page = ana.page
    page.goto(f"/settings/pages/@{ana.username}/")
    page.get_by_label("File").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": drawn("PNG")})
    page.get_by_role("button", name="Upload the picture").click()
    picture = page.locator(".settings-body .avatar img")
    expect(picture).to_be_visible()
    before = picture.get_attribute("src")

    page.get_by_label("File").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    with page.expect_response(re.compile("/picture/$")) as answer:
        page.get_by_role("button", name="Change the picture").click()
    assert answer.value.status in (413, 415, 422)
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(picture).to_have_attribute("src", str(before))

    page.get_by_role("button", name="Remove the picture").click()
    expect(page.locator(".settings-body .avatar")).to_be_visible()
    expect(picture).to_have_count(0)
