"""Pure rules about the programs that sign in: what a user agent is called in words that its owner recognises."""

from dataclasses import dataclass

LONGEST = 300  # characters that are kept of a user agent

# The first that is found counts: nearly all of them also call themselves Mozilla, Safari or Chrome.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_HAND_HELD = ("iPhone", "Android")


@dataclass(frozen=True)
class Device:
    """What a member recognises; empty words where the user agent does not tell."""

    browser: str
    system: str

    @property
    def is_hand_held(self) -> bool:
        """Whether it is a telephone."""
        return self.system in _HAND_HELD

    @property
    def is_known(self) -> bool:
        """Whether the user agent told anything."""
        return bool(self.browser or self.system)


def device_of(user_agent: str) -> Device:
    """Browser and system in a user agent. A program that is no browser goes by the first word it calls itself."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if not browser and not user_agent.startswith("Mozilla/"):
        browser = user_agent.partition("/")[0].partition(" ")[0][:40]
    return Device(browser, system)


def kept(user_agent: str) -> str:
    """As much of a user agent as is kept: printable, and not longer than its column."""
    return "".join(sign for sign in user_agent if sign.isprintable())[:LONGEST]
