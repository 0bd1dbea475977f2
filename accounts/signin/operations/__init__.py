"""What sign-in does: `codes` and `passwords` are first proofs, `second_steps` follow, `families` sign programs in."""

from accounts.signin.operations.codes import (
    CodeExpired,
    Sent,
    TooManyAnswers,
    WrongCode,
    apply_by_code,
    forget_old,
    prove_number,
    send_code,
)
from accounts.signin.operations.families import (
    TokenNoGood,
    TooManyRefreshes,
    begin_family,
    end_family,
    refresh,
)
from accounts.signin.operations.second_steps import (
    AccountShut,
    SignedIn,
    Step,
    StepOver,
    WrongSecondProof,
    enter_by_password,
    finish,
)
from accounts.signin.operations.sending import CodesPaused, CountryNotServed, TooManyCodes

__all__ = [
    "AccountShut",
    "CodeExpired",
    "CodesPaused",
    "CountryNotServed",
    "Sent",
    "SignedIn",
    "Step",
    "StepOver",
    "TokenNoGood",
    "TooManyAnswers",
    "TooManyCodes",
    "TooManyRefreshes",
    "WrongCode",
    "WrongSecondProof",
    "apply_by_code",
    "begin_family",
    "end_family",
    "enter_by_password",
    "finish",
    "forget_old",
    "prove_number",
    "refresh",
    "send_code",
]
