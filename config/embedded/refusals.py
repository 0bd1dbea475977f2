"""Why an embedded server cannot start, in words for the person at the keyboard."""


class CannotStart(RuntimeError):
    """One or two sentences.

    What is in the way and what to do about it. Settings print it without a traceback.
    """


class NotOnThisPlatform(CannotStart):
    """The wheel with the server's binary is not installed, or was not built for this machine."""


class OtherMajorVersion(CannotStart):
    """The data folder was written by another major version of PostgreSQL."""


class DiskFull(CannotStart):
    """There is no room for a new cluster, or the server said so."""


class PathTooLong(CannotStart):
    """No folder with a name short enough for a unix socket could be had."""


class NotOurs(CannotStart):
    """The data folder belongs to another user, or is closed to the one who must run the server."""
