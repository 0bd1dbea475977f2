"""Jobs of the feed: the clock at the edge, one call each."""

from celery import shared_task
from django.utils import timezone

from social.feed import operations
from social.feed.operations.words import render_missing

_ROUNDS = 20


@shared_task(name="social.settle_tips", acks_late=True)
def settle_tips() -> int:
    """Settle the tips whose window is over. Safe to run twice at once and after any crash: a tip is settled once."""
    return operations.settle_tips(at=timezone.now())


@shared_task(name="social.run_queue", acks_late=True)
def run_queue() -> int:
    """Look at the posts whose time on their level is up. Safe to run twice at once and after any crash."""
    run = operations.run_queue(at=timezone.now())
    return run.kept + run.fallen


@shared_task(name="social.flush_views", acks_late=True)
def flush_views() -> int:
    """Write the views that were counted to their posts. Safe to run twice at once; a lost Redis loses some views."""
    return operations.flush_views()


@shared_task(name="social.render_words", acks_late=True)
def render_words() -> int:
    """Render the posts and comments that are not yet, some thousand at a time. Two at once share the work."""
    done = 0
    for _round in range(_ROUNDS):
        rendered = render_missing(at=timezone.now())
        done += rendered
        if not rendered:
            break
    return done
