"""The vault: part of what a member earns is locked for some weeks, so that earnings cannot be carried off the same day.

Must stay true: a deposit is the lock of the same id, no more and no less; each is opened once, when its time has come;
putting away and opening move no coins. Put away by whoever settles what was earned (tips, sales), opened by
a job.
"""
