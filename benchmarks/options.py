"""What may be chosen on the command line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How much and how long; `--quick` makes all of it small."""

    members: int
    sizes: tuple[int, ...]  # of the communities whose week is run
    rounds: int
    seconds: float  # of one turn of one variant
