from datetime import timedelta

from django.apps import AppConfig


class SocialConfig(AppConfig):
    name = "social"

    def ready(self) -> None:
        """Tell the houses below what they are to know of this one, room by room."""
        _register_feed()
        # In the order in which the composer shows what a post may carry.
        _register_pictures()
        _register_polls()
        _register_bounties()
        _register_coauthors()
        _register_drafts()
        _register_boosts()
        _register_search()
        _register_sharing()


def _schedule(name: str, task: str, *, every: timedelta = timedelta(seconds=60)) -> None:
    from config.lib import schedules

    schedules.add(schedules.Schedule(name, task, every=every))


def _register_feed() -> None:
    from accounts.departures.forgetting import on_erase
    from accounts.members.boundaries import on_block
    from config.lib import cycle
    from economy.ledger.queries import pending_comes_from
    from economy.observatory.queries import counted_by
    from economy.stipend.queries import register_settled_tips
    from social.feed import causes, notices, queries, rewards, takeaway
    from social.feed.badges import register_badges
    from social.feed.operations import Decay, end_follows
    from social.feed.operations.leaving import forget_words

    on_erase(forget_words)
    on_block(end_follows)
    takeaway.register()
    causes.register()
    notices.register_kinds()
    rewards.register()
    register_badges()
    cycle.add_stage(Decay())
    register_settled_tips(queries.SETTLED_TIPS)
    pending_comes_from(queries.coins_waiting_for)
    counted_by(queries.counts)
    _schedule("Settle tips", "social.settle_tips")
    _schedule("Run the queue", "social.run_queue")
    _schedule("Write down views", "social.flush_views")
    _schedule("Render words", "social.render_words")


def _register_pictures() -> None:
    from accounts.departures.forgetting import on_erase
    from social.pictures import extra, takeaway
    from social.pictures.operations import forget_pictures

    extra.register()
    takeaway.register()
    on_erase(forget_pictures)
    _schedule("Throw pictures away", "social.throw_away_pictures", every=timedelta(minutes=10))


def _register_polls() -> None:
    from accounts.departures.forgetting import on_erase
    from social.polls import extra, notices, takeaway
    from social.polls.leaving import forget_answers

    extra.register()
    notices.register_kinds()
    takeaway.register()
    on_erase(forget_answers)
    _schedule("Close polls", "social.close_polls")


def _register_bounties() -> None:
    from accounts.departures.forgetting import on_erase
    from social.bounties import causes, extra, notices, takeaway
    from social.bounties.leaving import return_at_erasing

    extra.register()
    causes.register()
    notices.register_kinds()
    takeaway.register()
    on_erase(return_at_erasing)
    _schedule("Return bounties", "social.return_bounties")


def _register_coauthors() -> None:
    from accounts.departures.forgetting import on_erase
    from social.coauthors import notices, takeaway
    from social.coauthors.extra import register_extra
    from social.coauthors.operations import forget_parts

    register_extra()
    notices.register_kinds()
    takeaway.register()
    on_erase(forget_parts)


def _register_drafts() -> None:
    from accounts.departures.forgetting import on_erase
    from social.drafts import extra, takeaway
    from social.drafts.operations import forget_drafts

    extra.register()
    takeaway.register()
    on_erase(forget_drafts)


def _register_boosts() -> None:
    from social.boosts import takeaway

    takeaway.register()


def _register_search() -> None:
    from social.search import findable

    findable.register()


def _register_sharing() -> None:
    from social.pictures.sharing import first_picture
    from social.sharing.queries import pictured_by

    pictured_by(first_picture)
