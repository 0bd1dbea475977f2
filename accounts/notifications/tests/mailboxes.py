"""Mail servers of our own."""

from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class Leaving(BaseEmailBackend):
    """Takes every letter, and it is gone."""

    def send_messages(self, email_messages: list[Any]) -> int:
        return len(email_messages)


class Refusing(BaseEmailBackend):
    """Knows nobody."""

    def send_messages(self, email_messages: list[Any]) -> int:
        raise SMTPRecipientsRefused({"ana@example.org": (settings.REFUSED_WITH, b"no such mailbox")})
