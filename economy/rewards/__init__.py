"""Rewards: coins of the treasury for what is good for the community.

What must stay true: a reward is owed in the transaction of its cause and paid by a job, from the treasury alone and
never more than it holds; each cause counts once per rule; caps and cool-downs hold however many jobs run at once. A
cause that is removed in time takes its reward back, and never more than the member can spend. Other rooms call
`operations.owe` and `operations.withdraw`, and name what they reward with `triggers.register`.
"""
