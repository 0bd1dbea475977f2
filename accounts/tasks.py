"""Index of the app's jobs, where Celery looks for them."""

from accounts.notifications.tasks import deliver_messages
from accounts.signin.tasks import forget_sign_ins

__all__ = ["deliver_messages", "forget_sign_ins"]
