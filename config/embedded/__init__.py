"""The PostgreSQL and Redis of a machine that has neither: real servers from wheels, on unix sockets.

What must stay true: nothing here imports Django; nothing listens on a network address; no permission is
changed on a folder that we did not make; a process is only ever signalled when its working folder proves it
is ours; whoever uses the servers holds `users.lock`, and the last one to leave stops them. The settings
call `ensure`, nobody else has to.
"""

from config.embedded.refusals import CannotStart
from config.embedded.servers import Servers, ensure

__all__ = ["CannotStart", "Servers", "ensure"]
