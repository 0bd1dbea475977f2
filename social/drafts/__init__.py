"""Drafts: posts that are not out yet.

Nobody but their writer sees one; publishing writes the post and ends the draft.
"""
