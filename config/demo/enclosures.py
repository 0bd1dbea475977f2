"""What some posts of the demo bring along besides words: pictures, and co-authors who share in their tips.

The choices have a chance of their own, as those of `config/demo/asking.py`.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.storage import default_storage

from config.demo import drawings
from config.demo.texts import Text, found
from social.coauthors import operations as coauthors
from social.pictures import operations as pictures
from social.pictures.models import Picture
from social.pictures.rules import file_names

if TYPE_CHECKING:
    from config.demo.story import Inhabitant, Story

# Scene and description of what posts with these beginnings show.
_PICTURES = {
    "Fog over the canal": (
        ("fog", "Grey hills behind a canal, hardly to be told apart"),
        ("fog", "The same a minute later, with a pale sun"),
        ("dawn", "The first red over the far bank"),
        ("fog", "Only the nearest bank; a swan has left the picture"),
    ),
    "From here to the sea": (
        ("path", "A path uphill between meadows"),
        ("sea", "The sea behind the last low hills"),
        ("dawn", "Morning over the camping ground"),
    ),
    "One lens for a year": (("night", "A full moon above black hills"),),
    "Critique wanted": (("dawn", "Five hills, one behind the other, in the evening"),),
}
# Percents of the tips for as many friends.
_SHARES = {
    "From here to the sea": (30,),
    "The repair café has found a home": (25, 25),
    "Choir, week one": (20, 15, 10),
    "Critique wanted": (50,),
}
_TODAY = ("From here to the sea", "Critique wanted")


@dataclass
class Enclosures:
    """What is put into posts on the way; `story` tells when."""

    story: "Story"
    chance: random.Random
    pictures: list[Picture] = field(default_factory=list)

    def is_for_today(self, text: Text) -> bool:
        """Whether a text is kept for the story's last day."""
        return found(text, _TODAY) is not None

    def carried_by(self, text: Text, author: "Inhabitant", at: datetime) -> dict[str, Any]:
        """What a post of this text carries."""
        carried: dict[str, Any] = {}
        if key := found(text, _PICTURES):
            sent = [
                (pictures.send_picture(sender=author.member, upload=drawings.draw(scene, self.chance), at=at), alt)
                for scene, alt in _PICTURES[key]
            ]
            self.pictures += [picture for picture, _alt in sent]
            carried["pictures"] = [{"id": picture.pk, "alt": alt} for picture, alt in sent]
        others = [one for one in self.story.people if one is not author]
        if (key := found(text, _SHARES)) and len(others) >= len(_SHARES[key]):
            friends = self.chance.sample(others, len(_SHARES[key]))
            carried["coauthors"] = [
                {"username": friend.member.primary_page.username, "percent": percent}
                for friend, percent in zip(friends, _SHARES[key], strict=True)
            ]
        return carried

    def sent(self, carried: dict[str, Any], post_id: UUID, at: datetime) -> None:
        """A post with these is out: its co-authors answer within hours, and few say no."""
        names = {one["username"] for one in carried.get("coauthors", [])}
        for one in self.story.people:
            if one.member.primary_page.username in names:
                later = at + timedelta(hours=self.chance.uniform(0.1, 6))
                self.story.clock.at(later, partial(self._answer, one, post_id, self.chance.random() < 0.85))

    def take_back(self) -> None:
        """Delete the files of all pictures: their rows went with the story's transaction."""
        for picture in self.pictures:
            for name in file_names(picture.pk, width=picture.width, height=picture.height):
                default_storage.delete(name)

    def _answer(self, one: "Inhabitant", post_id: UUID, agrees: bool, at: datetime) -> None:
        coauthors.answer(member=one.member, post_id=post_id, agrees=agrees, at=at)
