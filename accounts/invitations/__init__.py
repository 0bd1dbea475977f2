"""Who may join: the community's mode of sign-up, invitations, and applications that staff decide.

Must stay true: an invitation is used at most as often as it says, whatever races; a gift that it carries leaves the
inviter's wallet in the transaction that makes the member, or nobody has joined; whoever applied has proved the number.
Called by sign-in when it meets a new number, and by the settings pages and the admin.
"""
