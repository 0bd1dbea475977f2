"""Boosting a post: one call of a SQL function (migrations/0032_boosts.sql)."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.members.models import User
from accounts.members.operations import must_act
from config.lib.refusals import Refused, spoken_by_database
from config.lib.runtime import figures
from config.lib.wording import duration
from economy.ledger.models import Transfer
from social.boosts.models import Boost


class BoostRunning(Refused):
    """The post has been boosted less than BOOST_HOURS ago."""

    slug = "boost-running"
    status = 409
    title = _("Boosted already")
    sqlstate = "CV515"

    def __init__(self, sentence: Any = None, **facts: Any) -> None:
        super().__init__(sentence, **facts)
        self.facts["wait"] = duration(int(facts.get("seconds", 0)))

    sentence = _("This post is boosted at present. You can boost it again in %(wait)s.")


class BoostLimit(Refused):
    """BOOSTS_AT_ONCE boosts of the account are running."""

    slug = "boost-limit"
    title = _("Enough boosts for now")
    sentence = _("You can have %(most)s boosts at a time. Wait until one of them is over.")
    sqlstate = "CV516"


class NoBoosts(Refused):
    """BOOST_COST, BOOST_HOURS or BOOSTS_AT_ONCE is 0: the community does without boosts."""

    slug = "no-boosts"
    title = _("No boosts here")
    sentence = _("There are no boosts here at present.")


def boost_post(
    *, author: User, post_id: UUID, channel: Transfer.Channel, at: datetime, key: str | None = None
) -> Boost:
    """Boost one's own post for BOOST_COST: it stands on the hot level, with fresh time, as if it were new.

    A key boosts at most once and finds its boost again. May refuse with NotAllowed, NotThere (also for another's post),
    BoostRunning, BoostLimit, NoBoosts, NotEnoughCoins, KeyReused.
    """
    must_act(author)
    now = figures()
    if not (now.BOOST_COST and now.BOOST_HOURS and now.BOOSTS_AT_ONCE):
        raise NoBoosts()
    values: list[Any] = [
        at,
        author.pk,
        post_id,
        now.BOOST_COST,
        timedelta(hours=now.BOOST_HOURS),
        now.BOOSTS_AT_ONCE,
        str(channel),
        key,
    ]
    with spoken_by_database(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(social_give_boost(%s::timestamptz, %s::uuid, %s::uuid, %s::numeric, %s::interval,"
            " %s::integer, %s::text, %s::text))",
            values,
        )
        (answer,) = cursor.fetchone()
    columns = json.loads(answer, parse_float=Decimal)
    fields = Boost._meta.concrete_fields
    return Boost.from_db(
        connection.alias,
        [field.attname for field in fields],
        [field.to_python(columns[field.attname]) for field in fields],
    )
