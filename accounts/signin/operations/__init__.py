"""What sign-in does: `codes` sends and proves them, `families` begins, renews and ends the tokens of programs."""

from accounts.signin.operations.codes import (
    AccountShut,
    CodeExpired,
    Sent,
    SignedIn,
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
from accounts.signin.operations.sending import CodesPaused, CountryNotServed, TooManyCodes

__all__ = [
    "AccountShut",
    "CodeExpired",
    "CodesPaused",
    "CountryNotServed",
    "Sent",
    "SignedIn",
    "TokenNoGood",
    "TooManyAnswers",
    "TooManyCodes",
    "TooManyRefreshes",
    "WrongCode",
    "apply_by_code",
    "begin_family",
    "end_family",
    "forget_old",
    "prove_number",
    "refresh",
    "send_code",
]
