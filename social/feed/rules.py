"""The feed's arithmetic: splits, fees, the text that two posts have in common, and the figures that rank a post.

Figures are passed in. The formulas of visibility, velocity and decay stand a second time in SQL, where they are
computed under the row's lock (migrations/0004_feed.sql), and so do shares (0052_tips_are_shared.sql); a test holds the
two together.
"""

import hashlib
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from config.lib.money import MOST, ZERO, down, nearest

LONGEST_POST = 2000
LONGEST_COMMENT = 1000
LONGEST_TITLE = 200

# -- Shares -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TipSplit:
    """What becomes of a tip at settlement; the parts sum to the tip."""

    to_creator: Decimal
    to_treasury: Decimal
    burned: Decimal


@dataclass(frozen=True)
class CommentFee:
    """Where the price of a comment goes; the parts sum to the price."""

    to_author: Decimal
    to_treasury: Decimal
    burned: Decimal


def split_tip(coins: Decimal, *, creator_share: Decimal, treasury_share: Decimal) -> TipSplit:
    """10.00 at 0.60 and 0.20 → 6.00, 2.00, 2.00 burned; 3.33 → 2.01, 0.66, 0.66."""
    return TipSplit(*_parts(coins, creator_share, treasury_share))


def share_out(to_creator: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """What co-authors get of a creator's share, each rounded down to 0.01; the writer has what is left.

    6.00 at 0.25 and 0.10 → 1.50 and 0.60, which leaves 3.90; 2.01 → 0.50 and 0.20, which leaves 1.31.
    """
    return [down(to_creator * share) for share in shares]


def split_comment_fee(
    fee: Decimal, *, author_share: Decimal, treasury_share: Decimal, is_own_post: bool = False
) -> CommentFee:
    """0.50 at 0.30 and 0.20 → 0.15, 0.10, 0.25 burned; on one's own post the author's part goes to the treasury too."""
    to_author, to_treasury, burned = _parts(fee, author_share, treasury_share)
    if is_own_post:
        return CommentFee(ZERO, to_author + to_treasury, burned)
    return CommentFee(to_author, to_treasury, burned)


def _parts(coins: Decimal, first: Decimal, second: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Three parts, the third for the share that the two leave; smaller ones rounded down, the largest takes the rest.

    Two shares of more than 1 together cannot both be met: the first is met, the second gets what is left.
    """
    second = min(second, 1 - first)
    shares = [first, second, 1 - first - second]
    largest = shares.index(max(shares))
    parts = [down(coins * share) for share in shares]
    parts[largest] = coins - sum(part for place, part in enumerate(parts) if place != largest)
    return parts[0], parts[1], parts[2]


def rapid_post_fee(moments: Sequence[datetime], *, at: datetime, fee: Decimal, within: timedelta) -> Decimal:
    """The price of a post at a moment, from the moments of the account's earlier ones, newest first.

    Posts form a chain as long as each follows its predecessor in less than `within`. The first of a chain is free, the
    second costs `fee`, the third twice that, and so on: with 0.50 and 10 minutes, posts at 12:00, 12:09, 12:18 and
    12:27 cost 0.00, 0.50, 1.00 and 2.00, and one at 12:37 begins a new chain. Deleted posts count, or deleting would
    be a way around the fee. The price ends at what an amount can hold.
    """
    rapid, later = 0, at
    for moment in moments:
        if later - moment >= within:
            break
        rapid, later = rapid + 1, moment
    if rapid == 0:
        return ZERO
    return min(fee * 2 ** (rapid - 1), MOST)


# -- Texts --------------------------------------------------------------------------------------------------------

# What one does not see, and what therefore does not make two texts different: format characters (category Cf: joiners,
# direction marks, soft hyphen, byte order mark) and the ignorable ones of other categories (Default_Ignorable).
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def tidy(text: str) -> str:
    """The text as it is kept: one kind of line break, nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def fault_of(text: str, *, most: int) -> str | None:
    """Why a tidied text cannot be kept, or None: empty, too-long (in characters), unusable (U+0000, surrogates)."""
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text):
        return "unusable"
    if len(text) > most:
        return "too-long"
    return None if normalised(text) else "empty"


def normalised(text: str) -> str:
    """What stays of a text when case, width, spacing and unseen characters do not count; a fixed point."""
    before = None
    while before != text:
        before = text
        text = unicodedata.normalize("NFKC", text).casefold()
        text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
        text = " ".join(_UNSEEN.sub("", text).split())
    return text


def hash_of(text: str) -> str:
    """SHA-256 of the normalised text, as 64 hexadecimal digits: two posts with one hash say the same."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()


# -- Ranking ------------------------------------------------------------------------------------------------------

# A post with ten times the heat ranks like one that is this much younger.
TENFOLD_IS_WORTH = timedelta(hours=12)
# What a visible comment adds to a post's heat, in coins: less than it costs, because the first ones of a day are free.
COMMENT_HEAT = Decimal("0.10")
# How long a tip is remembered in the velocity: after this time 1/e of it is left.
VELOCITY_MEMORY = timedelta(hours=6)

# Views that are added to every post's before its coins are shared out among them.
GEM_HEAD_START = 10
# What is slower than a coin in six weeks is not trending.
TREND_LEAST = Decimal("0.001")

_SCORE = Decimal("0.0001")


def visibility_score(*, standing: Decimal, comments: int, born: datetime) -> Decimal:
    """The order of posts within a level: log10(1 + heat) + seconds since 1970 until birth / 12 h, to four decimals.

    Heat is the standing plus 0.10 per comment. All posts age alike, so the age need not be in the score: of two posts
    the difference stays, and a score changes only when something happens to its post. Ten times the heat outweighs
    twelve hours of age. A boost counts as birth.
    """
    heat = float(standing + COMMENT_HEAT * comments)
    score = math.log10(1 + heat) + born.timestamp() / TENFOLD_IS_WORTH.total_seconds()
    return Decimal(repr(score)).quantize(_SCORE)


@dataclass(frozen=True)
class Velocity:
    """Coins per hour as of a moment; without a moment nothing has happened yet."""

    coins_per_hour: Decimal
    at: datetime | None


def velocity_with(before: Velocity, *, coins: Decimal, given_at: datetime) -> Velocity:
    """The velocity after a tip of `coins` (negative: after it went back; `given_at` still is when it was given).

    The velocity at t is the exponentially weighted average of the coins per hour, v(t) = Σ aᵢ/τ · e^(−(t−tᵢ)/τ) over
    all tips aᵢ at tᵢ ≤ t: the weights e^(−s/τ)/τ integrate to 1, so a steady stream of c coins per hour has v = c in
    the long run. Because e^(−(t−tᵢ)/τ) = e^(−(t−u)/τ) · e^(−(u−tᵢ)/τ), everything before u comes into v(t) through
    v(u) alone: v(t) = v(u)·e^(−(t−u)/τ) + a/τ. So one figure and its moment are enough, and only events touch them. A
    tip that arrives late, or is taken back, adds or subtracts a/τ·e^(−(t−tᵢ)/τ) at the figure's own moment, which is
    exactly what the sum holds of it. τ is 6 hours. Rounding may leave less than nothing after a refund: then it is 0.
    """
    memory = VELOCITY_MEMORY.total_seconds()
    moment = given_at if before.at is None or before.at < given_at else before.at
    kept = 0.0
    if before.at is not None:
        kept = float(before.coins_per_hour) * math.exp(-(moment - before.at).total_seconds() / memory)
    added = float(coins) * 3600 / memory * math.exp(-(moment - given_at).total_seconds() / memory)
    return Velocity(Decimal(repr(max(kept + added, 0.0))).quantize(_SCORE), moment)


def trend_score(velocity: Velocity) -> Decimal | None:
    """The order of posts by what their velocity is now, whenever now is; None for a post without any.

    Between events a velocity only fades: v(t) = v(u) · e^(−(t−u)/τ). Its logarithm is ln v(t) = (ln v(u) + u/τ) − t/τ.
    At any one moment t the last part is the same for all posts, so they are in the order of ln v(u) + u/τ, which does
    not change as time goes by. An event at u' adds a/τ to the faded figure, and the score is made anew of both.
    """
    if velocity.at is None or velocity.coins_per_hour <= 0:
        return None
    score = math.log(velocity.coins_per_hour) + velocity.at.timestamp() / VELOCITY_MEMORY.total_seconds()
    return Decimal(repr(score)).quantize(_SCORE)


def faded(velocity: Velocity, *, at: datetime) -> Decimal:
    """The velocity at a later moment, in coins per hour."""
    if velocity.at is None:
        return ZERO
    passed = max((at - velocity.at).total_seconds(), 0) / VELOCITY_MEMORY.total_seconds()
    return Decimal(repr(float(velocity.coins_per_hour) * math.exp(-passed))).quantize(_SCORE)


def gem_score(*, standing: Decimal, spenders: int, views: int, least_spenders: int, most_views: int) -> Decimal | None:
    """Coins per view of a well tipped post that few have seen, else None.

    Ten views are added to everyone's: of a post that two friends have seen and tipped, nobody knows anything yet.
    """
    if standing <= 0 or spenders < least_spenders or views > most_views:
        return None
    return (standing / (GEM_HEAD_START + views)).quantize(_SCORE, ROUND_HALF_UP)


def decay_of(standing: Decimal, *, rate: Decimal) -> Decimal:
    """What a standing loses in a week without a tip, rounded to 0.01: at 2 %, 10.00 loses 0.20, and 0.20 nothing."""
    return nearest(standing * rate)
