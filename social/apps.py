from datetime import timedelta

from django.apps import AppConfig


class SocialConfig(AppConfig):
    name = "social"

    def ready(self) -> None:
        from accounts.departures.forgetting import on_erase
        from accounts.members.boundaries import on_block
        from config.lib import cycle, schedules
        from economy.ledger.queries import pending_comes_from
        from economy.observatory.queries import counted_by
        from economy.stipend.queries import register_settled_tips
        from social.boosts import takeaway as boosts
        from social.feed import causes, notices, queries, rewards, takeaway
        from social.feed.badges import register_badges
        from social.feed.operations import Decay, end_follows
        from social.feed.operations.leaving import forget_words
        from social.search import findable

        on_erase(forget_words)
        takeaway.register()
        causes.register()
        boosts.register()
        notices.register_kinds()
        register_badges()
        cycle.add_stage(Decay())
        rewards.register()
        on_block(end_follows)
        schedules.add(schedules.Schedule("Settle tips", "social.settle_tips", every=timedelta(seconds=60)))
        register_settled_tips(queries.SETTLED_TIPS)
        pending_comes_from(queries.coins_waiting_for)
        counted_by(queries.counts)
        findable.register()
