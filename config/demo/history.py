"""The daily pictures of the economy anew, from the postings, after a crowd has joined into days that are over."""

from datetime import UTC, datetime, time, timedelta

from django.db import connection

from economy.observatory import queries, rules
from economy.observatory.models import EconomySnapshot

_PLACES = """
    SELECT coalesce(sum(amount) FILTER (WHERE wallet_id IS NOT NULL), 0.00),
        coalesce(sum(amount) FILTER (WHERE fund = 'treasury'), 0.00),
        coalesce(-sum(amount) FILTER (WHERE fund = 'issuance'), 0.00)
      FROM economy_posting WHERE id < civitas_first_id(%(end)s)
"""
_PEOPLE = """
    SELECT (SELECT count(*) FROM accounts_user WHERE created_at < %(end)s AND status NOT IN ('CLOSED', 'ERASED')),
        (SELECT count(*) FROM accounts_useractivity WHERE day = %(day)s),
        (SELECT count(*) FROM social_post WHERE created_at < %(end)s AND deleted_at IS NULL)
"""
_SPREAD = """
    SELECT count(*), coalesce(sum(balance), 0.00), coalesce(sum(place * balance), 0.00) FROM (
      SELECT balance, row_number() OVER (ORDER BY balance) AS place FROM (
        SELECT DISTINCT ON (wallet_id) balance_after AS balance FROM economy_posting
          WHERE wallet_id IS NOT NULL AND id < civitas_first_id(%(end)s) ORDER BY wallet_id, lock_version DESC
      ) AS held
    ) AS ranked
"""


def redraw(*, until: datetime) -> None:
    """Draw every day before `until` that has a picture anew: where coins were, who was there, how equal it was."""
    for snapshot in EconomySnapshot.objects.filter(day__lt=until.astimezone(UTC).date()):
        end = datetime.combine(snapshot.day, time(), UTC) + timedelta(days=1)
        with connection.cursor() as cursor:
            cursor.execute(_PLACES, {"end": end})
            in_wallets, treasury, ever_created = cursor.fetchone()
            cursor.execute(_PEOPLE, {"end": end, "day": snapshot.day})
            members, active, posts = cursor.fetchone()
            cursor.execute(_SPREAD, {"end": end})
            wallets, total, weighted = cursor.fetchone()
        EconomySnapshot.objects.filter(pk=snapshot.pk).update(
            in_wallets=in_wallets,
            treasury=treasury,
            ever_created=ever_created,
            members=members,
            active_today=active,
            posts=posts,
            gini=rules.gini(members=wallets, total=total, weighted=weighted),
            moved=queries.flows_of(snapshot.day).moved,
        )
