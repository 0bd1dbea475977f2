"""The wallet's pages: what I have, how it came, and giving some of it away."""

from economy.ledger.views.gifts import send_gift
from economy.ledger.views.statement import movement, statement_csv, wallet
from economy.ledger.views.years import year, year_csv

__all__ = ["movement", "send_gift", "statement_csv", "wallet", "year", "year_csv"]
