"""Draws fourteen-days.svg from fourteen-days.json: `python docs/ranking/draw.py`. A test holds the two together."""

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
NAMES = {"H": "hot", "W": "warm", "C": "cold", "A": "archive"}
MARKS = {"tip": "●", "back": "○", "boost": "▲", "comment": "·"}
DAY, ROW, LEFT, TOP = 52, 28, 44, 62
# Each level has a colour for light and for dark surroundings, and its letter for those who see none.
STYLE = """
    .ground { fill: #ffffff }
    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .soft { fill: #57606a }
    .H { fill: #ffb08a } .W { fill: #ffe2a3 } .C { fill: #bcd9f5 } .A { fill: #dcdfe4 }
    .letter { font-size: 11px; fill: #3b4149 }
    .mark { font-size: 12px; fill: #1f2328 }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0d1117 } text { fill: #e6edf3 } .soft { fill: #9da7b1 }
      .H { fill: #a5421a } .W { fill: #7a5a12 } .C { fill: #1f4a75 } .A { fill: #3a4048 }
      .letter { fill: #d5dbe1 } .mark { fill: #ffffff }
    }
"""


def picture(told: dict[str, Any]) -> str:
    """The fixture as an SVG: a lane per post, a field per day in the colour of its level at the day's end."""
    posts = told["posts"]
    days = len(posts[0]["levels"])
    width, height = LEFT + days * DAY + 12, TOP + len(posts) * ROW + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' role="img" aria-labelledby="title">',
        '  <title id="title">Levels of thirty posts at the end of each of fourteen days, tips and boosts</title>',
        f"  <style>{STYLE}  </style>",
        f'  <rect class="ground" width="{width}" height="{height}" rx="8"/>',
    ]
    for place, (letter, name) in enumerate(NAMES.items()):
        x = LEFT + place * 96
        parts.append(f'  <rect class="{letter}" x="{x}" y="12" width="18" height="14" rx="3"/>')
        parts.append(f'  <text class="soft" x="{x + 24}" y="24">{letter} {name}</text>')
    marks = "● tip   ○ taken back   ▲ boost   · comment"
    parts.append(f'  <text class="soft" x="{LEFT + 400}" y="24" xml:space="preserve">{marks}</text>')
    parts.extend(
        f'  <text class="soft" x="{LEFT + day * DAY + 4}" y="{TOP - 10}">day {day + 1}</text>' for day in range(days)
    )
    for row, post in enumerate(posts):
        parts.extend(_lane(post, TOP + row * ROW))
    return "\n".join([*parts, "</svg>", ""])


def _lane(post: dict[str, Any], y: int) -> list[str]:
    lane = [f'  <text x="8" y="{y + 18}">{escape(post["name"])}<title>{escape(post["says"])}</title></text>']
    for day, level in enumerate(post["levels"]):
        if level == ".":
            continue
        x = LEFT + day * DAY
        lane.append(f'  <rect class="{level}" x="{x}" y="{y + 1}" width="{DAY - 2}" height="{ROW - 3}" rx="3"/>')
        lane.append(f'  <text class="letter" x="{x + DAY - 14}" y="{y + 22}">{level}</text>')
    seen = set()
    for age, what, *_more in post["events"]:
        x = LEFT + (post["born"] + age) / 24 * DAY
        place = (round(x), what)
        if place not in seen:  # the tips of one moment are one mark
            seen.add(place)
            lane.append(f'  <text class="mark" x="{x:.1f}" y="{y + 13}" text-anchor="middle">{MARKS[what]}</text>')
    return lane


if __name__ == "__main__":
    told = json.loads((HERE / "fourteen-days.json").read_text())
    (HERE / "fourteen-days.svg").write_text(picture(told))
