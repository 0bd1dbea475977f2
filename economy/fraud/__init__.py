"""Signals: figures that look like someone is playing the economy, for people to look at.

What must stay true: a signal is a question, not a judgement. Nothing is taken from anybody by it; only the withdrawals
of members in an open signal of some kinds wait until staff have settled it. One matter is one open signal, however
often it is seen. Nobody settles a signal about themselves.
"""
