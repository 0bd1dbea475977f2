"""Pictures that members send: looked at with distrust, and never kept as they came.

What is kept is drawn anew from the pixels (WebP, square or whole), so neither a camera's notes nor anything hidden
beside the picture is left in it. Size and pixels are looked at before anything is decoded.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from config.lib.refusals import Refused

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
SIZES = (40, 80, 256)
EDGES = (480, 960, 1600)
QUALITY = 82

_FORMATS = ("JPEG", "PNG", "WEBP")
# What some other program would find in the file: pages, drawings that run scripts, programs, documents.
_FOREIGN = (b"<!doctype", b"<html", b"<script", b"<svg ", b"<svg\n", b"<?php", b"<iframe", b"%pdf-")
_ARCHIVE_BEGINS, _ARCHIVE_ENDS = b"PK\x03\x04", b"PK\x05\x06"
_END_OF_ARCHIVE = 66_000  # no archive's last record begins further from its end
# Pillow would warn of what is refused here anyway.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
# Whatever the decoders raise at what they cannot read.
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
)


class PictureTooBig(Refused):
    """More than 5 MiB or 25 megapixels."""

    slug = "picture-too-big"
    status = 413
    title = _("Too big a picture")
    sentence = _("A picture may have at most 5 MB and 25 megapixels. Make it smaller and try again.")
    field = "picture"


class PictureType(Refused):
    """Neither JPEG nor PNG nor WebP, or something else as well."""

    slug = "picture-type"
    status = 415
    title = _("Not a picture of this kind")
    sentence = _("This is not a JPEG, PNG or WebP picture. Save it as one of these and try again.")
    field = "picture"


class PictureUnreadable(Refused):
    """The file breaks off or is damaged."""

    slug = "picture-unreadable"
    title = _("Not to be read")
    sentence = _("This picture is damaged or incomplete. Save it anew and try again.")
    field = "picture"


def read_picture(upload: Any, *, sizes: Sequence[int] = SIZES) -> dict[int, bytes]:
    """A member's picture as square WebP files, one per edge length in pixels. `upload` is a file or bytes.

    May refuse with PictureTooBig, PictureType, PictureUnreadable.
    """
    with _opened(upload) as picture:
        square = _square(picture, max(sizes))
    return {size: _drawn(square.resize((size, size), Image.Resampling.LANCZOS)) for size in sizes}


@dataclass(frozen=True)
class Whole:
    """A picture in its own shape: the pixels of its largest file, and a file for each long edge that it needs."""

    width: int
    height: int
    files: dict[int, bytes]


def read_whole(upload: Any, *, edges: Sequence[int] = EDGES) -> Whole:
    """A member's picture as WebP files in its own shape, never enlarged; of an animation its first frame.

    A small picture has fewer files: one for each edge below its own long one, and one for the next. `upload` is a file
    or bytes. May refuse with PictureTooBig, PictureType, PictureUnreadable.
    """
    with _opened(upload) as picture:
        whole = _within(picture, max(edges))
    files = {
        edge: _drawn(whole.resize(fitted(*whole.size, edge), Image.Resampling.LANCZOS))
        for edge in edges_of(*whole.size, edges=edges)
    }
    return Whole(*whole.size, files)


def fitted(width: int, height: int, edge: int) -> tuple[int, int]:
    """Width and height with a long edge of at most `edge`, in the same shape, in whole pixels."""
    part = min(1.0, edge / max(width, height))
    return max(1, round(width * part)), max(1, round(height * part))


def edges_of(width: int, height: int, *, edges: Sequence[int] = EDGES) -> tuple[int, ...]:
    """Which of the edges a picture of this size has files for: all below its long one, and the next."""
    long = max(width, height)
    return tuple(edge for edge, last in zip(edges, (0, *edges[:-1]), strict=True) if last < long)


@contextmanager
def _opened(upload: Any) -> Iterator[Image.Image]:
    """The picture, looked at and not yet decoded; what the decoders raise within comes out as a refusal."""
    data = _bytes_of(upload)
    if not _is_of_a_known_kind(data) or _is_something_else_too(data):
        raise PictureType()
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            # What the header says; no pixel has been decoded yet.
            if picture.width * picture.height > MOST_PIXELS:
                raise PictureTooBig()
            yield picture
    except Image.DecompressionBombError as error:
        raise PictureTooBig() from error
    except _UNREADABLE as error:
        raise PictureUnreadable() from error


def _bytes_of(upload: Any) -> bytes:
    data = upload if isinstance(upload, bytes) else upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise PictureTooBig()
    return data


def _is_of_a_known_kind(data: bytes) -> bool:
    """By content: a name and a declared type are only claims."""
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    )


def _is_something_else_too(data: bytes) -> bool:
    """Whether another program would read the same file as a page, a program, a document or an archive."""
    lowered = data.lower()
    return any(mark in lowered for mark in _FOREIGN) or (
        _ARCHIVE_ENDS in data[-_END_OF_ARCHIVE:] and _ARCHIVE_BEGINS in data
    )


def _square(picture: Image.Image, edge: int) -> Image.Image:
    """The first frame's middle, upright, in plain colours, and with nothing of the file but its pixels."""
    # A JPEG is decoded at a fraction of its size when that is enough, which saves most of the memory.
    picture.draft(None, (2 * edge, 2 * edge))
    picture.load()
    short = min(picture.size)
    left, top = (picture.width - short) // 2, (picture.height - short) // 2
    return _clean(picture.crop((left, top, left + short, top + short)), (edge, edge))


def _within(picture: Image.Image, edge: int) -> Image.Image:
    """The first frame, no longer than `edge`, upright, in plain colours, with nothing of the file but its pixels."""
    wide, high = fitted(picture.width, picture.height, edge)
    picture.draft(None, (2 * wide, 2 * high))
    picture.load()
    return _clean(picture, (wide, high))


def _clean(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if picture.mode.startswith("I") or picture.mode == "F":
        # 16 bits a pixel: the upper eight are what a screen shows.
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    is_see_through = "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA", "La", "RGBa")
    plain = picture.convert("RGBA" if is_see_through else "RGB")
    upright = ImageOps.exif_transpose(plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    return clean


def _drawn(clean: Image.Image) -> bytes:
    drawn = io.BytesIO()
    clean.save(drawn, "WEBP", quality=QUALITY, method=4)
    return drawn.getvalue()
