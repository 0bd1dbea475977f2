"""Index of the tables that belong to no app."""

from config.lib.answers import IdempotentAnswer

__all__ = ["IdempotentAnswer"]
