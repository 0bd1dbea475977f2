"""Polls: a question that a post asks, with two to six answers and an end.

One vote per member, which may be changed until the end. Whoever wrote the post cannot change the answers.
"""
