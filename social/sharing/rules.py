"""What programs can read of members' words."""

import re

# What XML 1.0 cannot hold (section 2.2), surrogates included.
_UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_FROM_HERE = re.compile(r'(<a\b[^>]*\bhref=")/(?!/)')


def from_anywhere(html: str, home: str) -> str:
    """Safe HTML with whole addresses: readers of a feed do not know where its links begin. `home` ends with "/"."""
    return _FROM_HERE.sub(lambda match: match[1] + home, html)


def sayable(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _UNSAYABLE.sub("", text)
