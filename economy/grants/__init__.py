"""Grants of new coins by staff, and those that one person cannot make alone.

Must stay true: what one admin grants by themselves in 24 hours is at most MOST_BY_ONE_PERSON; anything beyond waits as
a request until another admin grants or declines it, once, with a reason. The coins move by the ledger. Called by the
admin.
"""
