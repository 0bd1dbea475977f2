"""Index of the app's jobs, where Celery looks for them."""

from accounts.audit.tasks import drop_old_months
from accounts.badges.tasks import give_badges
from accounts.departures.tasks import erase_closed_accounts, forget_exports, make_exports
from accounts.invitations.tasks import forget_applications
from accounts.members.tasks import end_suspensions, forget_pictures
from accounts.notifications.tasks import deliver_messages, gather_notices, send_digests, send_urgent_notices
from accounts.signin.tasks import forget_sign_ins, send_resets
from accounts.wallets.tasks import forget_texts_to_sign

__all__ = [
    "deliver_messages",
    "drop_old_months",
    "end_suspensions",
    "erase_closed_accounts",
    "forget_applications",
    "forget_exports",
    "forget_pictures",
    "forget_sign_ins",
    "forget_texts_to_sign",
    "gather_notices",
    "give_badges",
    "make_exports",
    "send_digests",
    "send_resets",
    "send_urgent_notices",
]
