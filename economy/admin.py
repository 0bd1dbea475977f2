"""Index of the app's tables in the admin, where Django looks for them."""

from economy.fraud.admin import EconomySignalAdmin
from economy.grants.admin import GrantRequestAdmin
from economy.ledger.admin import (
    FundBalanceAdmin,
    FundEntryAdmin,
    LockAdmin,
    PostingAdmin,
    TransferAdmin,
    TransferKeyAdmin,
    UnbalancedTransferAdmin,
    WalletAdmin,
)
from economy.observatory.admin import EconomySnapshotAdmin, SystemStateAdmin
from economy.rewards.admin import RewardAdmin, RewardRuleAdmin
from economy.stipend.admin import StipendDistributionAdmin, StipendRunAdmin
from economy.tax.admin import TaxBracketAdmin, TaxCollectionAdmin, TaxRunAdmin
from economy.vault.admin import VaultDepositAdmin
from economy.withdrawals.admin import WithdrawalRequestAdmin

__all__ = [
    "EconomySignalAdmin",
    "EconomySnapshotAdmin",
    "FundBalanceAdmin",
    "FundEntryAdmin",
    "GrantRequestAdmin",
    "LockAdmin",
    "PostingAdmin",
    "RewardAdmin",
    "RewardRuleAdmin",
    "StipendDistributionAdmin",
    "StipendRunAdmin",
    "SystemStateAdmin",
    "TaxBracketAdmin",
    "TaxCollectionAdmin",
    "TaxRunAdmin",
    "TransferAdmin",
    "TransferKeyAdmin",
    "UnbalancedTransferAdmin",
    "VaultDepositAdmin",
    "WalletAdmin",
    "WithdrawalRequestAdmin",
]
