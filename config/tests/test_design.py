"""Rules of the house that every template, style and script keeps."""

import re
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# The admin's stylesheet dresses another library's pages, with that library's properties.
STYLES = sorted(path for path in (ROOT / "static" / "css").rglob("*.css") if path.name != "admin.css")
ICON = re.compile(
    r"""\{%\s*icon\s+["']([\w-]+)["']|icon_name=["']([\w-]+)["']|\{%\s*tab\s+\S+\s+\S+\s+["']([\w-]+)["']"""
)
TOKEN = re.compile(r"--([\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="module")
def sprite() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons/sprite.svg").read_text()))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_compiles(path):
    get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_has_no_inline_style_script_or_handler(path):
    text = path.read_text()

    assert not re.search(r"<style\b|\sstyle=|<[^>]+\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//(?!\{)[^"']*\.(?:js|css|woff2?)""", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_uses_icons_that_exist(path, sprite):
    assert set(filter(None, chain(*ICON.findall(path.read_text())))) <= sprite


def test_places_have_icons_that_exist(sprite):
    from config.templatetags.navigation import PLACES

    assert {place.icon for place in PLACES} <= sprite


def test_styles_only_use_properties_that_are_defined():
    text = "".join(path.read_text() for path in STYLES)
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))

    assert set(re.findall(r"var\((--[\w-]+)\)", text)) <= defined


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_styles_stand_in_layers_and_files_stay_short(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)

    assert re.match(r"\s*@layer ", text)
    assert len(text.splitlines()) <= 400


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    bright, dark = sorted((_light(one), _light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


TEXT_ON = [
    *((ink, ground) for ink in ("ink", "ink-soft", "accent") for ground in ("ground", "surface", "sunken", "raised")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent-strong", "accent-soft"),
    ("accent", "accent-soft"),
    *((tone, f"{tone}-soft") for tone in ("bronze", "good", "warn", "bad")),
    *(("accent", f"{tone}-soft") for tone in ("good", "warn", "bad")),
    *(("ink", f"{tone}-soft") for tone in ("accent", "bronze", "good", "warn", "bad")),
    ("bad", "ground"),
    ("bad", "surface"),
    *(("surface", f"hue-{n}") for n in range(8)),
]


@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(ink, ground, theme):
    tokens = {name: both for name, *both in TOKEN.findall((ROOT / "static/css/civitas.css").read_text())}

    assert contrast(tokens[ink][theme], tokens[ground][theme]) >= 4.5


@pytest.mark.parametrize("ground", ["ground", "surface", "raised"])
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_edge_of_a_control_can_be_seen(ground, theme):
    tokens = {name: both for name, *both in TOKEN.findall((ROOT / "static/css/civitas.css").read_text())}

    assert contrast(tokens["line-strong"][theme], tokens[ground][theme]) >= 3
