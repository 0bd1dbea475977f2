"""Accessibility as axe sees it: WCAG 2.2 AA and axe's own good practice."""

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_OPTIONS = {"resultTypes": ["violations"]}
_ASK = "(options) => axe.run(document, options)"
_axe = Axe()


@dataclass(frozen=True)
class Finding:
    """One rule that one page breaks, with the first places where it does."""

    rule: str
    impact: str
    help: str
    places: int
    example: str

    def __str__(self) -> str:
        return f"{self.rule} ({self.impact}, {self.places}×): {self.help}; {self.example}"


def findings(page: Page, *, only: tuple[str, ...] = ()) -> list[Finding]:
    """What axe finds on the page as it stands; with `only`, by these rules alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe.axe_script)
    options = _OPTIONS | ({"runOnly": list(only)} if only else {})
    found = page.evaluate(_ASK, options)["violations"]
    if found:
        # Seen twice or not at all: a busy machine may be caught with its colours half-way between two themes.
        page.wait_for_timeout(400)
        found = page.evaluate(_ASK, options)["violations"]
    return [
        Finding(
            rule=violation["id"],
            impact=violation["impact"] or "minor",
            help=violation["help"],
            places=len(violation["nodes"]),
            example=" | ".join(_describe(node) for node in violation["nodes"][:3]),
        )
        for violation in found
    ]


def _describe(node: dict) -> str:
    where = " ".join(str(part) for part in node["target"])
    why = next((check["message"] for check in [*node["any"], *node["all"], *node["none"]]), "")
    return f"{where}: {why}"
