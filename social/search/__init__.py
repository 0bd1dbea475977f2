"""Search over what members have said.

Each kind of thing that can be found is registered by its room; nobody finds what they may not see.
"""
