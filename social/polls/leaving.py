"""What happens to the answers that a member who leaves for good has written."""

from django.db import transaction

from accounts.departures.forgetting import Leaving
from social.feed.models import Post
from social.polls.models import PollOption

_AT_ONCE = 100
_BLANK = "\u2013"  # an answer has at least one character


def forget_answers(leaving: Leaving) -> bool:
    """A step of erasing a member: the answers in polls of theirs that were removed are blanked, a hundred at a time.

    Votes stay where they count: what was decided by them stands, and nobody was ever told who cast them.
    """
    gone = PollOption.objects.filter(poll__post__user=leaving.member, poll__post__deleted_at__isnull=False)
    some = list(gone.exclude(text=_BLANK).order_by("id").values_list("pk", "poll__post_id")[:_AT_ONCE])
    with transaction.atomic():
        PollOption.objects.filter(pk__in=[option for option, _post in some]).update(text=_BLANK)
        posts = Post.objects.select_for_update(no_key=True).filter(pk__in={post for _option, post in some})
        for post in posts.order_by("id").only("carries"):
            carried = {name: shown for name, shown in post.carries.items() if name != "poll"}
            Post.objects.filter(pk=post.pk).update(carries=carried)
    return len(some) == _AT_ONCE
