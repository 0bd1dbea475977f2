"""Pictures for the demo, drawn by chance: hills behind hills, a sun or a moon above, water or fog before them."""

import io
import math
import random
from dataclasses import dataclass

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Scene:
    """What is to be seen; colours run from the sky's top to the nearest hill."""

    size: tuple[int, int]
    sky: tuple[Colour, Colour]
    hills: tuple[Colour, Colour]
    light: Colour
    fog: float = 0.0  # of the height, 0 for a clear day
    water: Colour | None = None


SCENES = {
    "fog": Scene(
        (960, 640), ((196, 204, 214), (232, 226, 218)), ((176, 186, 196), (92, 104, 116)), (250, 240, 220), 0.05
    ),
    "dawn": Scene((960, 640), ((88, 104, 158), (246, 186, 140)), ((150, 120, 140), (48, 44, 70)), (255, 236, 190)),
    "sea": Scene(
        (960, 540),
        ((104, 168, 210), (226, 238, 240)),
        ((150, 176, 150), (96, 130, 90)),
        (255, 250, 226),
        0,
        (58, 120, 150),
    ),
    "path": Scene((640, 960), ((150, 190, 220), (240, 236, 214)), ((150, 180, 130), (52, 88, 48)), (255, 246, 200)),
    "night": Scene((800, 800), ((12, 16, 40), (44, 52, 96)), ((30, 36, 66), (8, 10, 22)), (240, 240, 230)),
}


def draw(scene: str, chance: random.Random) -> "ContentFile[bytes]":
    """A JPEG of a scene as somebody would send it."""
    look = SCENES[scene]
    width, height = look.size
    picture = Image.new("RGB", look.size)
    pen = ImageDraw.Draw(picture)
    for row in range(height):
        pen.line([(0, row), (width, row)], fill=_between(*look.sky, row / height))
    centre, radius = (chance.uniform(0.2, 0.8) * width, chance.uniform(0.15, 0.35) * height), width * 0.045
    pen.ellipse([centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius], fill=look.light)
    for hill in range(5):
        ridge = _ridge(width, height * (0.45 + 0.11 * hill), height * 0.09, chance)
        pen.polygon([*ridge, (width, height), (0, height)], fill=_between(*look.hills, hill / 4))
        if look.fog:
            picture = picture.filter(ImageFilter.GaussianBlur(look.fog * height / (hill + 1)))
            pen = ImageDraw.Draw(picture)
    if look.water:
        pen.rectangle([0, height * 0.78, width, height], fill=look.water)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88)
    return ContentFile(file.getvalue(), name=f"{scene}.jpg")


def _ridge(width: int, base: float, swing: float, chance: random.Random) -> list[tuple[float, float]]:
    """A line of hills: three waves that do not fit each other."""
    waves = [(chance.uniform(0.6, 1.4) * 2**octave, chance.uniform(0, 6.3), swing / 2**octave) for octave in range(3)]
    return [
        (x, base + sum(high * math.sin(phase + often * math.tau * x / width) for often, phase, high in waves))
        for x in range(0, width + 8, 8)
    ]


def _between(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue
