"""Polls: a question that a post asks, with two to six answers and an end.

What must stay true: a member has one vote in a poll and may change it until the end; counts are those of the votes; the
answers never change. Called by the post's composer, its page and the API.
"""
