"""Pure rules of delivery."""

from datetime import timedelta

# After each attempt. The first pause also covers the attempt itself: nobody else takes the message meanwhile.
_PAUSES = (30, 60, 120, 300, 900, 1800, 3600)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after the n-th attempt (1 is the first): growing, at most an hour."""
    return timedelta(seconds=_PAUSES[min(max(attempts, 1), len(_PAUSES)) - 1])
