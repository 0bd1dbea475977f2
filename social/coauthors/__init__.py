"""Co-authors: up to five members who share the tips of a post with its writer, once they have said yes.

A share counts for the tips given after the yes; what becomes of a tip is fixed when it is given.
"""
