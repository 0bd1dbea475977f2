"""Pure rules of joining: modes of sign-up, the form of an invitation's code, who counts as new."""

import re
from datetime import datetime, timedelta

OPEN, INVITATION, APPLICATION, CLOSED = "open", "invitation", "application", "closed"
CODE_FORM = re.compile(r"[A-Za-z0-9_-]{16,32}", re.ASCII)
LONGEST_NOTE = 100
LONGEST_WORDS = 1000


def is_code(text: object) -> bool:
    """Whether something has the form of an invitation's code."""
    return isinstance(text, str) and CODE_FORM.fullmatch(text) is not None


def is_new(*, joined_at: datetime, hours: int, at: datetime) -> bool:
    """Whether a member counts as new: for so many hours after joining. With 0 hours nobody does."""
    return hours > 0 and at < joined_at + timedelta(hours=hours)
