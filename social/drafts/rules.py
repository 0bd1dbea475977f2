"""What of a form goes into a draft."""

from collections.abc import Collection, Mapping, Sequence

MOST = 50  # of one member
LONGEST_REST = 20_000  # characters of all names and values together


def rest_of(form: Mapping[str, Sequence[str]], parts: Collection[str]) -> dict[str, list[str]]:
    """What stood in the parts of a form, by the names of their fields (`poll-question`); empty fields left out."""
    return {
        name: list(values)
        for name, values in form.items()
        if name.partition("-")[0] in parts and "-" in name and any(values)
    }


def is_too_much(rest: Mapping[str, Sequence[str]]) -> bool:
    """Whether it is more than any form of ours holds."""
    return sum(len(name) + sum(map(len, values)) for name, values in rest.items()) > LONGEST_REST
