"""Pictures from members: what is taken, what becomes of it, and what is refused."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from config.lib import images

pytestmark = pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")


def saved(picture: Image.Image, kind: str, **how) -> bytes:
    drawn = io.BytesIO()
    picture.save(drawn, kind, **how)
    return drawn.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def halves(size=(300, 200)) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    return picture


@pytest.fixture
def photo() -> bytes:
    return saved(halves(), "JPEG")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_squares_of_three_sizes(kind):
    drawn = images.read_picture(io.BytesIO(saved(halves(), kind)))
    assert {size: (opened(data).size, opened(data).format) for size, data in drawn.items()} == {
        size: ((size, size), "WEBP") for size in (40, 80, 256)
    }


def test_the_middle_is_kept():
    left, right = (
        opened(images.read_picture(saved(halves((900, 300)), "PNG"))[256]).getpixel(at) for at in ((8, 128), (248, 128))
    )
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]


def test_nothing_but_pixels_is_kept(photo):
    notes = Image.Exif()
    notes[0x010F] = "Spycam of 12 Mill Lane"  # maker
    notes.get_ifd(0x8825)[1] = "N"  # where it was taken
    data = saved(halves(), "JPEG", exif=notes, comment=b"taken by Ana", icc_profile=b"a profile")
    assert b"Mill Lane" in data
    for drawn in images.read_picture(data).values():
        assert not {b"EXIF", b"ICCP", b"XMP "} & {drawn[at : at + 4] for at in range(12, len(drawn) - 3)}
        assert b"Mill Lane" not in drawn and b"taken by" not in drawn


def test_a_picture_taken_on_its_side_stands_upright():
    notes = Image.Exif()
    notes[0x0112] = 6  # turn right to see it as it was
    drawn = opened(images.read_picture(saved(halves((200, 200)), "JPEG", exif=notes))[256])
    top, bottom = drawn.getpixel((128, 8)), drawn.getpixel((128, 248))
    assert top[0] > 200 > 60 > top[2]
    assert bottom[2] > 200 > 60 > bottom[0]


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "PNG"), ("1", "PNG"), ("I;16", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("RGBA", "WEBP"), ("CMYK", "JPEG")],
)
def test_unusual_colours_become_usual_ones(mode, kind):
    drawn = opened(images.read_picture(saved(Image.new(mode, (50, 40)), kind))[80])
    assert drawn.mode in ("RGB", "RGBA")


def test_sixteen_bits_keep_their_brightness():
    drawn = opened(images.read_picture(saved(Image.new("I;16", (50, 50), 0x8000), "PNG"))[80])
    assert abs(drawn.getpixel((40, 40))[0] - 0x80) < 4


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "MPO"])
def test_of_a_moving_picture_the_first_frame_stands(kind):
    data = saved(
        Image.new("RGB", (50, 50), "red"), kind, save_all=True, append_images=[Image.new("RGB", (50, 50), "blue")]
    )
    drawn = opened(images.read_picture(data)[80])
    assert not getattr(drawn, "is_animated", False)
    assert drawn.getpixel((40, 40))[0] > 200


def test_one_pixel_is_a_picture_too():
    assert set(images.read_picture(saved(Image.new("RGB", (1, 1)), "PNG"))) == {40, 80, 256}


# -- Refused ------------------------------------------------------------------------------------------------------


def foreign():
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("run.class", "x")
    picture = saved(halves(), "JPEG")
    return {
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "html": b"<!doctype html><title>x</title>",
        "html behind a picture": picture + b"<html><script>alert(1)</script>",
        "script in a comment": saved(halves(), "JPEG", comment=b"<script>alert(1)</script>"),
        "archive behind a picture": picture + zipped.getvalue(),
        "document behind a picture": picture + b"%PDF-1.7",
        "gif": saved(Image.new("P", (9, 9)), "GIF"),
        "gif that is a script": b"GIF89a/*" + b"x" * 50 + b"*/=1;alert(1)",
        "bmp": saved(halves(), "BMP"),
        "tiff": saved(halves(), "TIFF"),
        "nothing": b"",
        "text": b"hello",
    }


@pytest.mark.parametrize("name", foreign())
def test_what_is_no_picture_or_something_else_too_is_refused(name):
    with pytest.raises(images.PictureType) as refused:
        images.read_picture(foreign()[name])
    assert (refused.value.slug, refused.value.status) == ("picture-type", 415)


def test_what_breaks_off_is_refused(photo):
    for data in (photo[: len(photo) // 2], photo[:-60], saved(halves(), "PNG")[:-40], saved(halves(), "WEBP")[:-20]):
        with pytest.raises(images.PictureUnreadable):
            images.read_picture(data)


@pytest.mark.parametrize(
    "start", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBP", b"\xff\xd8\xff" + b"\0" * 999]
)
def test_a_right_beginning_is_not_enough(start):
    with pytest.raises(images.PictureUnreadable):
        images.read_picture(start)


def test_a_hundred_megapixels_are_refused_before_they_are_decoded():
    with pytest.raises(images.PictureTooBig):
        images.read_picture(saved(Image.new("1", (10_001, 10_000)), "PNG"))


def test_a_header_that_promises_too_much_is_refused():
    """A bomb: 60,000 × 60,000 pixels in a few bytes."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(images.PictureTooBig):
        images.read_picture(bomb)


def test_25_megapixels_are_the_most():
    assert images.read_picture(saved(Image.new("1", (5_000, 5_000)), "PNG"), sizes=(40,))
    with pytest.raises(images.PictureTooBig):
        images.read_picture(saved(Image.new("1", (5_001, 5_000)), "PNG"))


def test_five_mebibytes_are_the_most(photo):
    padded = photo + b"\0" * (images.MOST_BYTES - len(photo))
    assert images.read_picture(padded)
    with pytest.raises(images.PictureTooBig):
        images.read_picture(io.BytesIO(padded + b"\0"))


# -- Whole pictures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "files"),
    [
        ((2400, 1200), {480: (480, 240), 960: (960, 480), 1600: (1600, 800)}),
        ((1600, 100), {480: (480, 30), 960: (960, 60), 1600: (1600, 100)}),
        ((700, 900), {480: (373, 480), 960: (700, 900)}),
        ((480, 300), {480: (480, 300)}),
        ((20, 10), {480: (20, 10)}),
        ((4000, 2), {480: (480, 1), 960: (960, 1), 1600: (1600, 1)}),
    ],
)
def test_a_whole_picture_keeps_its_shape_and_is_never_enlarged(size, files):
    whole = images.read_whole(saved(halves(size), "PNG"))
    assert {edge: opened(data).size for edge, data in whole.files.items()} == files
    assert (whole.width, whole.height) == list(files.values())[-1]
    assert images.edges_of(whole.width, whole.height) == tuple(files)
    assert {opened(data).format for data in whole.files.values()} == {"WEBP"}


def test_a_whole_picture_stands_upright_and_tells_nothing_of_its_camera():
    notes = Image.Exif()
    notes[0x0112] = 6  # turn right to see it as it was
    notes[0x010F] = "Spycam of 12 Mill Lane"
    whole = images.read_whole(saved(halves((800, 400)), "JPEG", exif=notes, comment=b"taken by Ana"))
    assert (whole.width, whole.height) == (400, 800)
    top, bottom = (opened(whole.files[480]).getpixel((120, at)) for at in (8, 470))
    assert top[0] > 200 > 60 > top[2]
    assert bottom[2] > 200 > 60 > bottom[0]
    for drawn in whole.files.values():
        assert b"Mill Lane" not in drawn and b"taken by" not in drawn and b"EXIF" not in drawn


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_kept(kind):
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue", "green")]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    drawn = opened(images.read_whole(data).files[480])
    assert getattr(drawn, "n_frames", 1) == 1
    assert drawn.convert("RGB").getpixel((25, 25))[0] > 200


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"GIF89a" + b"\0" * 50, b"%PDF-1.7"])
def test_what_is_no_picture_is_no_whole_picture_either(data):
    with pytest.raises(images.PictureType):
        images.read_whole(data)


def test_a_whole_picture_that_breaks_off_is_refused():
    noise = saved(Image.effect_noise((400, 300), 60).convert("RGB"), "JPEG")
    with pytest.raises(images.PictureUnreadable):
        images.read_whole(noise[: len(noise) // 2])


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK", "I;16", "1"])
def test_unusual_colours_of_whole_pictures_become_usual_ones(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    drawn = opened(images.read_whole(saved(Image.new(mode, (50, 40)), kind)).files[480])
    assert drawn.mode in ("RGB", "RGBA") and drawn.size == (50, 40)
