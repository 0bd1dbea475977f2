from datetime import timedelta

from django.apps import AppConfig

from config.lib import partitions, schedules


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.audit.operations import staff_measure
        from accounts.audit.watching import watch_own_tables
        from accounts.badges.earnings import register_own as register_badges
        from accounts.departures import takeaway
        from accounts.departures.forgetting import on_erase
        from accounts.departures.joining import carry_on_suspension
        from accounts.departures.operations import forget_name_in_notices
        from accounts.members.joining import on_join
        from accounts.notifications.own import register_own, welcome
        from accounts.signin.recognising import member_of_request
        from config.lib.admin import measures_are_kept_by
        from config.lib.throttles import recognise_by

        recognise_by(member_of_request)
        takeaway.register()
        on_join(carry_on_suspension)
        on_erase(forget_name_in_notices)
        register_own()
        register_badges()
        on_join(welcome)
        for name, task, every in (
            ("Make copies of members' data", "accounts.tasks.make_exports", timedelta(seconds=30)),
            ("Delete copies of members' data", "accounts.tasks.forget_exports", timedelta(hours=1)),
            ("Erase closed accounts", "accounts.tasks.erase_closed_accounts", timedelta(hours=1)),
            ("E-mail urgent notices", "accounts.tasks.send_urgent_notices", timedelta(minutes=1)),
            ("Send links to new passwords", "accounts.tasks.send_resets", timedelta(seconds=10)),
            ("Send digests", "accounts.tasks.send_digests", timedelta(minutes=5)),
            ("Give badges", "accounts.tasks.give_badges", timedelta(hours=1)),
        ):
            schedules.add(schedules.Schedule(name, task, every=every))
        watch_own_tables()
        measures_are_kept_by(staff_measure)
        schedules.add(
            schedules.Schedule("End suspensions", "accounts.tasks.end_suspensions", every=timedelta(seconds=60))
        )
        schedules.add(schedules.Schedule("Drop old months", "accounts.tasks.drop_old_months", crontab="41 3 * * *"))
        partitions.is_monthly("accounts_auditlog")
        partitions.is_monthly("accounts_notification")
        schedules.add(
            schedules.Schedule("Deliver messages", "accounts.tasks.deliver_messages", every=timedelta(seconds=10))
        )
        schedules.add(schedules.Schedule("Gather notices", "accounts.tasks.gather_notices", every=timedelta(seconds=5)))
        schedules.add(schedules.Schedule("Forget old pictures", "accounts.tasks.forget_pictures", crontab="29 3 * * *"))
        schedules.add(
            schedules.Schedule("Forget old applications", "accounts.tasks.forget_applications", crontab="23 3 * * *")
        )
        schedules.add(
            schedules.Schedule("Forget texts to sign", "accounts.tasks.forget_texts_to_sign", crontab="27 3 * * *")
        )
        schedules.add(schedules.Schedule("Forget old sign-ins", "accounts.tasks.forget_sign_ins", crontab="17 3 * * *"))
