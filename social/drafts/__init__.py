"""Drafts: posts that are not out yet.

What must stay true: nobody but their writer sees one; publishing writes the post and ends the draft, both or neither.
Called by the post's composer, the drafts' pages and the API.
"""
