"""Who says what: texts find an author of their topic or language, remarks somebody who can have said them."""

import random
from typing import TYPE_CHECKING
from uuid import UUID

from config.demo.people import SIGN_INS
from config.demo.texts import Text

if TYPE_CHECKING:
    from config.demo.story import Inhabitant

_KNOWN = {phone for _role, _words, phone in SIGN_INS}
_ENGLISH = frozenset(["the", "i", "it", "is", "a", "you", "and", "of", "to", "in", "my", "not", "was"])


def author(people: "list[Inhabitant]", text: Text, chance: random.Random) -> "Inhabitant | None":
    """Somebody who speaks the text's language, or cares for its topic; the lively ones write more."""
    if text.language:
        speakers = [one for one in people if one.person.language == text.language and one.person.part != "NEWCOMER"]
        if speakers:
            return chance.choice(speakers)
    fitting = [one for one in people if one.person.topic == text.topic] or people
    known = [one for one in fitting if one.person.phone in _KNOWN]
    if known and chance.random() < 0.3:
        return chance.choice(known)  # those one can sign in as have a history to look at
    return _one_of(fitting, chance)


def speaker(
    people: "list[Inhabitant]",
    text: Text,
    place: int,
    of_post: "Inhabitant",
    spoken: "dict[int, tuple[Inhabitant, UUID]]",
    chance: random.Random,
) -> "Inhabitant | None":
    """Who says the remark at a place: the post's author, one of the two who are talking, or somebody new."""
    remark = text.remarks[place]
    if remark.speaker == "*":
        return of_post
    answered = spoken[remark.answers][0] if remark.answers is not None else None
    if remark.speaker == "=":
        return answered
    if remark.answers is not None and not remark.speaker:
        before = text.remarks[remark.answers].answers
        if before is not None:
            return spoken[before][0]
    others = [one for one in people if one is not of_post and one is not answered]
    fresh = [one for one in others if all(one is not said for said, _comment in spoken.values())]
    if text.language and not _is_english(remark.content):
        fresh = [one for one in fresh if one.person.language == text.language] or fresh
    return _one_of(fresh or others, chance)


def _one_of(people: "list[Inhabitant]", chance: random.Random) -> "Inhabitant | None":
    if not people:
        return None
    return chance.choices(people, [0.02 + one.person.liveliness for one in people])[0]


def _is_english(words: str) -> bool:
    return words.isascii() and len(_ENGLISH & set(words.lower().replace(",", " ").replace(".", " ").split())) >= 1
