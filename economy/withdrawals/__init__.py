"""Withdrawals: coins that leave the site, asked for by members and paid by staff; and the tiers that set their fee.

Must stay true: coins of an open request are locked, and stay so until it is paid (then they leave in the same
transaction), rejected or cancelled (then they are free again), each once; net + fee = amount; details are read by the
member and by admins alone; nobody decides on their own request; a tier changes no lock_version.
Called by pages, API and admin; other rooms say whose withdrawals must wait through `operations.held_because`.
"""
