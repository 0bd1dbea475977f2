"""Pure rules of withdrawals: what they cost, the tiers that say so, and where coins can be paid to."""

from economy.withdrawals.rules.details import (
    ADDRESS_NETWORKS,
    GIFT_CARDS,
    BadDetail,
    checked_details,
    fields_of,
    shortened,
)
from economy.withdrawals.rules.fees import Cost, cost_of
from economy.withdrawals.rules.tiers import TIERS, Progress, Tier, progress, tier_after, tiers_of

__all__ = [
    "ADDRESS_NETWORKS",
    "GIFT_CARDS",
    "TIERS",
    "BadDetail",
    "Cost",
    "Progress",
    "Tier",
    "checked_details",
    "cost_of",
    "fields_of",
    "progress",
    "shortened",
    "tier_after",
    "tiers_of",
]
