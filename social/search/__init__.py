"""Search over what members have said.

What must stay true: nobody finds what they may not see. Each kind of thing that can be found is registered by its room.
Called by the search page and the API.
"""
