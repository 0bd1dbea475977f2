from datetime import timedelta

from django.apps import AppConfig


class EconomyConfig(AppConfig):
    name = "economy"

    def ready(self) -> None:
        from accounts.audit.watching import watch
        from accounts.departures.forgetting import on_close, on_erase
        from accounts.invitations.gifts import on_gift
        from accounts.members.joining import on_join
        from config.lib import partitions, schedules, walls
        from economy.cycle import tasks as cycle
        from economy.fraud import room as fraud
        from economy.ledger import notices
        from economy.ledger import takeaway as ledger_data
        from economy.ledger.badges import register_badges
        from economy.ledger.invited import give_to_invited
        from economy.ledger.leaving import leave_to_treasury
        from economy.ledger.operations import grant_welcome
        from economy.observatory import causes as run_causes
        from economy.rewards import room as rewards
        from economy.stipend import takeaway as stipend_data
        from economy.stipend import tasks as stipend
        from economy.tax import takeaway as tax_data
        from economy.tax import tasks as tax
        from economy.vault import notices as vault_notices
        from economy.vault import takeaway as vault_data
        from economy.withdrawals import causes as withdrawal_causes
        from economy.withdrawals import notices as withdrawal_notices
        from economy.withdrawals import operations as withdrawals
        from economy.withdrawals import takeaway as withdrawal_data

        watch("economy_taxbracket", ["name", "lower", "upper", "rate"])
        watch(
            "economy_withdrawalrequest",
            ["status", "method", "details", "reviewer_id", "reason", "payer_id", "reference"],
            secret=["details"],
        )
        register_badges()
        for room_notices in (notices, vault_notices, withdrawal_notices):
            room_notices.register_kinds()
        on_join(grant_welcome)
        on_gift(give_to_invited)
        on_close(withdrawals.cancel_at_closing)
        on_erase(withdrawals.end_at_erasing)  # before what is free goes to the treasury
        on_erase(leave_to_treasury)
        for data in (ledger_data, tax_data, stipend_data, vault_data, withdrawal_data):
            data.register()
        for told in (run_causes, withdrawal_causes):
            told.register()
        for table in ("economy_transfer", "economy_posting"):
            partitions.is_monthly(table)
        walls.guards("economy_posting")
        walls.opens("economy_transfer")  # each line of a statement comes with its transfer
        walls.opens("accounts_wallet", "id", "user_id")
        walls.lets_call("economy_other_wallets(uuid, uuid[], timestamptz, timestamptz)")
        walls.lets_call("economy_between(uuid, uuid, text[])")
        for name, task, every in (
            ("Collect fund entries", "economy.roll_up_funds", timedelta(seconds=10)),
            ("Refresh the state of the economy", "economy.refresh_state", timedelta(minutes=1)),
            ("Refresh the tables of members", "economy.refresh_leaders", timedelta(minutes=5)),
            ("Keep today's figures for the charts", "economy.take_snapshot", timedelta(hours=1)),
            ("Make the next months' partitions", "economy.make_months_ahead", timedelta(hours=6)),
            ("Collect what erased accounts leave behind", "economy.collect_left_behind", timedelta(hours=1)),
            ("Open what has waited in the vault", "economy.open_vault", timedelta(minutes=10)),
            ("Forget answers kept under idempotency keys", "economy.forget_answers", timedelta(hours=1)),
        ):
            schedules.add(schedules.Schedule(name, task, every=every))
        schedules.add(schedules.Schedule("Renew loyalty tiers", "economy.renew_tiers", crontab="20 0 * * *"))
        for room in (tax, stipend, cycle, rewards, fraud):
            room.register()
