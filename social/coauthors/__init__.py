"""Co-authors: up to five members who share the tips of a post with its writer, once they have said yes.

What must stay true: nobody shares who has not said yes; what becomes of a tip is fixed when it is given, and the shares
of a tip never exceed what its creator gets; who shares does not tip. What was agreed stands: a block between the two
keeps new agreements away, and takes nobody's share. Called by the post's composer, the co-authors' page and the API.
"""
