"""Bounties: coins that a post promises to the comment its writer chooses.

The coins wait in the content fund. They are paid once: to the writer of the chosen comment, or back after the deadline.
"""
