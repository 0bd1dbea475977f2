"""Bounties: coins that a post promises to the comment its writer chooses.

What must stay true: the coins wait in the content fund, and leave it once, whole: to the writer of the chosen comment,
or back to whoever put them in, after the deadline or with the post. Called by the post's composer, its page, the API
and the job that returns what nobody was chosen for.
"""
