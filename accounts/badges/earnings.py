"""The registry of badges that rules earn. Each app registers those of its rooms in `ready()`.

A rule is one SELECT over all members, so that a job grants everything that was earned in a few statements.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Earning:
    """A badge and what earns it.

    `earned` selects (member's id, how often) of all who have earned it by `%(at)s`, at least once each. It may leave
    out those for whom nothing can have changed lately: nothing is taken back.
    """

    slug: str
    name: str | Promise
    description: str | Promise
    icon: str
    earned: str
    is_repeatable: bool = False  # how often is shown; otherwise once is all there is


_earnings: dict[str, Earning] = {}


def register(earning: Earning) -> None:
    """Register one; a second one of the same slug must be the same."""
    if _earnings.setdefault(earning.slug, earning) != earning:
        raise ValueError(f"two different badges are named {earning.slug!r}")


def registered() -> list[Earning]:
    """All of them, in the order in which they were registered."""
    return list(_earnings.values())


def earning_of(slug: str) -> Earning | None:
    """The rule of a badge, or None: staff made it, or no app knows it any more."""
    return _earnings.get(slug)


# Runs of days without a gap: what is left of a day after subtracting its number is the same within a run. Only those
# who were here lately can have completed one.
_STREAK = """
    SELECT user_id, sum(length / {days})::int FROM (
      SELECT user_id, count(*) AS length FROM (
        SELECT user_id, day - row_number() OVER (PARTITION BY user_id ORDER BY day)::int AS run
        FROM accounts_useractivity
        WHERE user_id IN (
          SELECT user_id FROM accounts_useractivity WHERE day > (%(at)s::timestamptz AT TIME ZONE 'UTC')::date - 8
        )
      ) AS numbered GROUP BY user_id, run HAVING count(*) >= {days}
    ) AS runs GROUP BY user_id
"""

OWN = (
    Earning(
        slug="early-adopter",
        name=_("Early adopter"),
        description=_("Among the first members of the community."),
        icon="sparkles",
        earned="SELECT id, 1 FROM accounts_user WHERE is_early_adopter",
    ),
    Earning(
        slug="year-member",
        name=_("A year here"),
        description=_("A member for a whole year."),
        icon="calendar",
        earned="""
            SELECT id, date_part('year', age(%(at)s, created_at))::int FROM accounts_user
            WHERE created_at <= %(at)s::timestamptz - interval '1 year'
        """,
        is_repeatable=True,
    ),
    Earning(
        slug="streak-7",
        name=_("Seven days in a row"),
        description=_("Was here on seven days without a gap."),
        icon="flame",
        earned=_STREAK.format(days=7),
        is_repeatable=True,
    ),
    Earning(
        slug="streak-30",
        name=_("Thirty days in a row"),
        description=_("Was here on thirty days without a gap."),
        icon="rocket",
        earned=_STREAK.format(days=30),
        is_repeatable=True,
    ),
)


def register_own() -> None:
    """Register those of this app; called from `ready()`."""
    for earning in OWN:
        register(earning)
