"""Signing in: codes by SMS, sessions for pages, token families for programs.

Must stay true: only the hash of a code is kept, it dies with its use, three wrong answers or ten minutes; a refresh
token works once, and a second use ends its family; the answer for a known and an unknown number is the same.
"""
