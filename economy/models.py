"""Index of the app's tables, where Django looks for them."""

from economy.fraud.models import EconomySignal, SignalMember
from economy.grants.models import GrantRequest
from economy.ledger.models import (
    FundBalance,
    FundEntry,
    Lock,
    Posting,
    Transfer,
    TransferKey,
    UnbalancedTransfer,
)
from economy.observatory.models import EconomySnapshot, Leader, SystemState
from economy.rewards.models import Reward, RewardRule
from economy.stipend.models import StipendDistribution, StipendRun
from economy.tax.models import TaxBracket, TaxCollection, TaxRun
from economy.vault.models import VaultDeposit
from economy.withdrawals.models import WithdrawalRequest

__all__ = [
    "EconomySignal",
    "EconomySnapshot",
    "FundBalance",
    "FundEntry",
    "GrantRequest",
    "Leader",
    "Lock",
    "Posting",
    "Reward",
    "RewardRule",
    "SignalMember",
    "StipendDistribution",
    "StipendRun",
    "SystemState",
    "TaxBracket",
    "TaxCollection",
    "TaxRun",
    "Transfer",
    "TransferKey",
    "UnbalancedTransfer",
    "VaultDeposit",
    "WithdrawalRequest",
]
