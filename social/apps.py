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
        from social.bounties import causes as bounty_causes
        from social.bounties import extra as bounty
        from social.bounties import notices as bounty_notices
        from social.bounties import takeaway as bounties
        from social.bounties.leaving import return_at_erasing
        from social.coauthors import notices as coauthors_told
        from social.coauthors import takeaway as coauthors
        from social.coauthors.extra import register_extra
        from social.coauthors.operations import forget_parts
        from social.drafts import extra as drafts
        from social.drafts import takeaway as drafts_takeaway
        from social.drafts.operations import forget_drafts
        from social.feed import causes, notices, queries, rewards, takeaway
        from social.feed.badges import register_badges
        from social.feed.operations import Decay, end_follows
        from social.feed.operations.leaving import forget_words
        from social.pictures import extra as pictures
        from social.pictures import takeaway as pictures_takeaway
        from social.pictures.operations import forget_pictures
        from social.polls import extra as poll
        from social.polls import notices as poll_notices
        from social.polls import takeaway as polls
        from social.polls.leaving import forget_answers
        from social.search import findable

        on_erase(forget_words)
        takeaway.register()
        causes.register()
        boosts.register()
        coauthors.register()
        coauthors_told.register_kinds()
        register_extra()
        on_erase(forget_parts)
        notices.register_kinds()
        register_badges()
        cycle.add_stage(Decay())
        rewards.register()
        on_block(end_follows)
        schedules.add(schedules.Schedule("Settle tips", "social.settle_tips", every=timedelta(seconds=60)))
        schedules.add(schedules.Schedule("Run the queue", "social.run_queue", every=timedelta(seconds=60)))
        schedules.add(schedules.Schedule("Write down views", "social.flush_views", every=timedelta(seconds=60)))
        schedules.add(schedules.Schedule("Render words", "social.render_words", every=timedelta(seconds=60)))
        register_settled_tips(queries.SETTLED_TIPS)
        pending_comes_from(queries.coins_waiting_for)
        counted_by(queries.counts)
        poll.register()
        poll_notices.register_kinds()
        polls.register()
        on_erase(forget_answers)
        bounty.register()
        bounty_causes.register()
        bounty_notices.register_kinds()
        bounties.register()
        on_erase(return_at_erasing)
        schedules.add(schedules.Schedule("Return bounties", "social.return_bounties", every=timedelta(seconds=60)))
        schedules.add(schedules.Schedule("Close polls", "social.close_polls", every=timedelta(seconds=60)))
        pictures.register()
        pictures_takeaway.register()
        drafts.register()
        drafts_takeaway.register()
        on_erase(forget_drafts)
        on_erase(forget_pictures)
        schedules.add(
            schedules.Schedule("Throw pictures away", "social.throw_away_pictures", every=timedelta(minutes=10))
        )
        findable.register()
