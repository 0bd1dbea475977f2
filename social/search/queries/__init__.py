"""Reads of search. Each costs a fixed number of queries, whatever was typed, and ranks no more than so many rows."""

from social.search.queries.finding import Piece, Result, Results, at_a_glance, results
from social.search.queries.suggesting import Suggestions, guesses, suggestions

__all__ = ["Piece", "Result", "Results", "Suggestions", "at_a_glance", "guesses", "results", "suggestions"]
