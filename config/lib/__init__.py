"""Tools that know no app: refusals and problem details, money, ids, pages of a list, idempotent answers, limits.

Whoever writes a room may use all of it; nothing here may import from an app.
"""
