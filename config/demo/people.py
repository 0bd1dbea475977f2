"""The demo's people: names from many languages, what they tell of themselves, how lively they are."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from config.demo.names import BIOS, CULTURES, PLACES

# Numbers that the North American numbering plan keeps for fiction (555-0100 to 555-0199), so that nobody is called.
_FICTION = "+1{area}55501{number:02d}"
_AREAS = (202, 212, 312, 415, 206, 617, 303)

SIGN_INS = (
    ("MEMBER", "Ana, who has been here from the beginning", "+12025550101"),
    ("NEWCOMER", "Tomás, who joined an hour ago", "+12025550102"),
    ("MODERATOR", "Noor, a moderator", "+12025550103"),
    ("ADMIN", "Irena, an admin", "+12025550104"),
)


@dataclass
class Person:
    """One inhabitant. `liveliness` is the chance of being here on a day; `joins` the part of the story gone by then."""

    username: str
    name: str
    phone: str
    language: str
    topic: str
    liveliness: float
    joins: float
    bio: str = ""
    place: str = ""
    role: str = "USER"
    part: str = ""  # a part in the story: MEMBER, NEWCOMER, RICH, BROKE …
    interests: list[str] = field(default_factory=list)


def people(count: int, *, seed: int, topics: list[str]) -> list[Person]:
    """The first `count` inhabitants; the four of SIGN_INS are always among them."""
    chance = random.Random(f"people-{seed}")
    names = _names(chance)
    found = _cast(topics)[: max(count, len(SIGN_INS))]
    phones = iter(_phones())
    while len(found) < count:
        language, name, username = next(names)
        topic = chance.choice(topics)
        found.append(
            Person(
                username=username,
                name=name,
                phone=next(phones),
                language=language,
                topic=topic,
                liveliness=_liveliness(chance),
                joins=_joins(chance),
                bio=chance.choice(BIOS[topic]) if chance.random() < 0.7 else "",
                place=chance.choice(PLACES) if chance.random() < 0.5 else "",
                interests=sorted({topic, chance.choice(topics)}),
            )
        )
    _give_parts(found[len(SIGN_INS) :])
    return found


def _cast(topics: list[str]) -> list[Person]:
    ana, tomas, noor, irena = (phone for _role, _words, phone in SIGN_INS)
    return [
        Person(
            "irena", "Irena Kovač", irena, "en", "town", 0.9, 0.0, BIOS["town"][0], "Harbour side", "ADMIN", "ADMIN"
        ),
        Person(
            "ana", "Ana Oliveira", ana, "pt", "garden", 0.97, 0.001, BIOS["garden"][0], "Fifth floor", "USER", "MEMBER"
        ),
        Person("noor", "نور الحسن", noor, "ar", "coins", 0.8, 0.002, BIOS["coins"][0], "", "MODERATOR", "MODERATOR"),
        Person("tomas_r", "Tomás Rey", tomas, "es", "bikes", 0.0, 1.0, "", "", "USER", "NEWCOMER"),
    ]


def _liveliness(chance: random.Random) -> float:
    """Most are quiet, some come every other day, a few are always here."""
    kind = chance.random()
    if kind < 0.10:
        return chance.uniform(0.8, 0.98)
    if kind < 0.45:
        return chance.uniform(0.3, 0.6)
    return chance.uniform(0.03, 0.2)


def _joins(chance: random.Random) -> float:
    """A third in the first days, the others over the weeks, the last ones just now."""
    return chance.random() ** 2 * 0.1 if chance.random() < 0.35 else chance.random() ** 1.2 * 0.995


def _give_parts(others: list[Person]) -> None:
    """Some wealth and some want, so that every bracket is met."""
    for place, person in enumerate(others[::6]):
        person.part = "RICH" if place < 12 else "BROKE" if place < 17 else ""
        if person.part:
            person.joins = min(person.joins, 0.25)
            person.liveliness = max(person.liveliness, 0.3)


def _phones() -> Iterator[str]:
    taken = {phone for _role, _words, phone in SIGN_INS}
    for area in _AREAS:
        for number in range(100):
            phone = _FICTION.format(area=area, number=number)
            if phone not in taken:
                yield phone


def _names(chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Languages, names and free usernames, the cultures taking turns."""
    pools = []
    for language, given, family, is_family_first in CULTURES:
        pairs = [(one, two) for one in _pairs(given) for two in _pairs(family)]
        chance.shuffle(pairs)
        pools.append((language, pairs, is_family_first))
    taken = {"irena", "ana", "noor", "tomas_r"}
    for turn in range(10_000):
        language, pairs, is_family_first = pools[turn % len(pools)]
        if not pairs:
            continue
        (given, given_ascii), (family, family_ascii) = pairs.pop()
        shown = f"{family}{given}" if is_family_first else f"{given} {family}"
        forms = [given_ascii, f"{given_ascii}_{family_ascii[0]}", f"{given_ascii}_{family_ascii}"]
        forms.append(f"{given_ascii}{chance.randint(60, 99)}")
        username = chance.choice(forms)
        if username in taken or len(username) < 3:
            username = f"{given_ascii}_{family_ascii}"
        if username in taken:
            continue
        taken.add(username)
        yield language, shown, username


def _pairs(words: str) -> list[tuple[str, str]]:
    """ "Željka=zeljka Ana" → the name shown and its form in a username."""
    return [
        (shown, plain or shown.lower()) for shown, _equals, plain in (word.partition("=") for word in words.split())
    ]
