"""The demo community: people, what they say to each other, and weeks of life through the real operations.

What must stay true: the same seed tells the same story (only its dates follow the clock); everything passes through the
operations that members use, so the ledger's invariants hold; the lively part appears all at once or not at all, so that
a start that was cut off leaves nothing half done and no job runs on half a history.
"""

from config.demo.people import SIGN_INS


def sign_ins() -> list[tuple[str, str]]:
    """Who to sign in as: what the member is like, and the phone number. The same at every start."""
    return [(words, phone) for _role, words, phone in SIGN_INS]


def staff_hint() -> str:
    """How the staff among them get into the admin, which asks for a second factor first."""
    return (
        "Moderator and admin enter /admin/ with a second factor: it asks them to scan a code with an authenticator app "
        "the first time."
    )
