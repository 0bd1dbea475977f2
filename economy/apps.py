from datetime import timedelta

from django.apps import AppConfig


class EconomyConfig(AppConfig):
    name = "economy"

    def ready(self) -> None:
        from accounts.audit.watching import watch
        from accounts.departures.forgetting import on_erase
        from accounts.invitations.gifts import on_gift
        from accounts.members.joining import on_join
        from config.lib import partitions, schedules
        from economy.cycle import tasks as cycle
        from economy.fraud import room as fraud
        from economy.ledger import notices
        from economy.ledger import takeaway as ledger_data
        from economy.ledger.badges import register_badges
        from economy.ledger.invited import give_to_invited
        from economy.ledger.leaving import leave_to_treasury
        from economy.ledger.operations import grant_welcome
        from economy.rewards import room as rewards
        from economy.stipend import takeaway as stipend_data
        from economy.stipend import tasks as stipend
        from economy.tax import takeaway as tax_data
        from economy.tax import tasks as tax

        watch("economy_taxbracket", ["name", "lower", "upper", "rate"])
        register_badges()
        notices.register_kinds()
        on_join(grant_welcome)
        on_gift(give_to_invited)
        on_erase(leave_to_treasury)
        for data in (ledger_data, tax_data, stipend_data):
            data.register()
        for table in ("economy_transfer", "economy_posting"):
            partitions.is_monthly(table)
        for name, task, every in (
            ("Collect fund entries", "economy.roll_up_funds", timedelta(seconds=10)),
            ("Refresh the state of the economy", "economy.refresh_state", timedelta(minutes=1)),
            ("Keep today's figures for the charts", "economy.take_snapshot", timedelta(hours=1)),
            ("Make the next months' partitions", "economy.make_months_ahead", timedelta(hours=6)),
            ("Collect what erased accounts leave behind", "economy.collect_left_behind", timedelta(hours=1)),
            ("Forget answers kept under idempotency keys", "economy.forget_answers", timedelta(hours=1)),
        ):
            schedules.add(schedules.Schedule(name, task, every=every))
        for room in (tax, stipend, cycle, rewards, fraud):
            room.register()
