"""Boosts: the author of a post pays the treasury to have it on the hot level again, with fresh time.

What must stay true: a boost and its coins are one transaction; a post has one boost at a time, an account at most
BOOSTS_AT_ONCE; nobody boosts what another one wrote; a key boosts once. Readers see that a post is boosted.
"""
