"""The feed: posts, threaded comments, tips with their refund window, follows, ranking and decay.

Must stay true: a tip's coins wait in the content fund until it is settled, taken back or its target is removed, and
exactly one of the three happens; nobody tips their own content; a member's tips on one target stay within TIP_MAX.
Called by the pages, the API, the admin and beat.
"""
