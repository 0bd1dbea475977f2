"""Pictures for tests."""

import io

from PIL import Image


def a_picture(kind: str = "PNG", colour: str = "red") -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (120, 90), colour).save(drawn, kind)
    return drawn.getvalue()
