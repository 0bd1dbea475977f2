"""What people have beside a first page and coins: further pages, e-mail addresses, invitations, badges from staff.

The choices have a chance of their own, so that whoever adds one here does not change what the others do.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import F

from accounts.badges.operations import hand_badge, make_badge
from accounts.invitations import gifts
from accounts.invitations.models import Invitation, InvitationUse
from accounts.invitations.operations import make_invitation
from accounts.members.boundaries import mute_word
from accounts.members.models import Page, User
from accounts.members.operations import edit_profile, open_page, set_preferences

if TYPE_CHECKING:
    from config.demo.story import Inhabitant, Story

_WITH_EMAIL = 0.4  # of those without a part of their own

# Who opens a further page when: by username, or by topic for whoever of it comes first. Part of the story gone.
_PAGES = (
    ("ana", 0.20, "seed_swap", "Seed swap", "Seeds in envelopes, every second Saturday. Bring labels."),
    ("noor", 0.35, "night_ledger", "The night ledger", "What the week cost and what it gave, in plain words."),
    ("bikes", 0.30, "bike_kitchen", "Bike kitchen", "Thursdays from six. We have the tools, you have the rust."),
    ("kitchen", 0.45, "soup_swap", "Soup swap", "Bring six jars, take six jars home."),
    ("photos", 0.60, "grain_and_grey", "Grain & grey", "Film only. Feedback is a gift."),
)
_PROFILES: dict[str, dict[str, Any]] = {
    "ana": {
        "website": "https://garden.example.org/",
        "telegram": "ana_grows",
        "experience": "Twelve years of balconies",
        "interests": ["garden", "seeds", "kitchen", "the allotment paper"],
        "social_links": {"Pictures": "https://photos.example.org/ana"},
    },
    "noor": {"website": "https://ledger.example.org/", "experience": "Bookkeeper by day"},
    "irena": {"telegram": "irena_k", "experience": "Chaired the house meeting for years"},
}
_NAMES = {"ana": ("Ana", "Oliveira"), "irena": ("Irena", "Kovač")}
_ZONES = {"ana": "Europe/Lisbon", "irena": "Europe/Zagreb"}
_BADGE = ("Good neighbour", "Given by staff to those who carry the ladder without being asked.", "heart")


@dataclass
class Belongings:
    """What is made on the way; `story` tells when."""

    story: "Story"
    chance: random.Random
    pages: dict[str, list[Page]] = field(default_factory=dict)
    invitation: Invitation | None = None

    def plan(self) -> None:
        """Write it all into the calendar of the story."""
        story = self.story
        for whose, part, username, name, bio in _PAGES:
            story.clock.at(story.moment(part), partial(self._open, whose, username, name, bio))
        story.clock.at(story.moment(0.05), self._invite_nobody)
        story.clock.at(story.moment(0.9), self._invite)
        story.clock.at(story.moment(0.7), self._honour)
        story.clock.at(story.moment(0.4), self._mute)

    def arrived(self, one: "Inhabitant", at: datetime) -> None:
        """Somebody has joined: the rest of their profile, an e-mail address, how they came."""
        username = one.person.username
        if profile := _PROFILES.get(username):
            edit_profile(member=one.member, at=at, **profile)
        if zone := _ZONES.get(username):
            set_preferences(member=one.member, at=at, time_zone=zone)
        if one.person.part != "NEWCOMER" and (one.person.part or self.chance.random() < _WITH_EMAIL):
            given, family = _NAMES.get(username, ("", ""))
            # As if the link had been followed; example.org is nobody's.
            User.objects.filter(pk=one.member.pk).update(
                email=f"{username}@example.org", email_verified=True, first_name=given, last_name=family
            )
        if one.person.part == "NEWCOMER" and self.invitation is not None:
            self._came_by(self.invitation, one.member, at)

    def page_to_write_as(self, one: "Inhabitant") -> Page | None:
        """Now and then one of the further pages; None is the first."""
        further = self.pages.get(one.person.username)
        return self.chance.choice(further) if further and self.chance.random() < 0.35 else None

    def _open(self, whose: str, username: str, name: str, bio: str, at: datetime) -> None:
        owner = self._named(whose) or next((one for one in self.story.people if one.person.topic == whose), None)
        if owner is not None:
            page = open_page(member=owner.member, username=username, display_name=name, bio=bio, at=at)
            self.pages.setdefault(owner.person.username, []).append(page)

    def _invite_nobody(self, at: datetime) -> None:
        """An invitation that nobody followed: over by now."""
        if ana := self._named("ana"):
            make_invitation(inviter=ana.member, uses=1, days=7, note="Aunt Teresa", at=at)

    def _invite(self, at: datetime) -> None:
        if ana := self._named("ana"):
            self.invitation = make_invitation(
                inviter=ana.member, uses=10, days=30, note="Neighbours from the allotments", gift=Decimal("5.00"), at=at
            )

    def _came_by(self, invitation: Invitation, member: User, at: datetime) -> None:
        # Not through admit(), which lets nobody else join until this transaction ends.
        Invitation.objects.filter(pk=invitation.pk).update(uses_count=F("uses_count") + 1)
        InvitationUse.objects.create(invitation=invitation, user=member, created_at=at)
        for pay in gifts.payers():
            pay(inviter=invitation.inviter, member=member, coins=invitation.gift, invitation_id=invitation.pk, at=at)

    def _honour(self, at: datetime) -> None:
        """A badge of the staff's own, for Ana and somebody else who is often here."""
        if irena := self._named("irena"):
            name, description, icon = _BADGE
            badge = make_badge(
                staff=irena.member,
                name=name,
                description=description,
                icon=icon,
                is_repeatable=True,
                reason="Agreed in the house meeting",
                at=at,
            )
            others = [one for one in self.story.people if not one.person.part]
            liveliest = max(others, key=lambda one: one.person.liveliness, default=irena)
            for username in ("ana", liveliest.person.username):
                hand_badge(staff=irena.member, badge=badge, username=username, reason="The move in the rain", at=at)

    def _mute(self, at: datetime) -> None:
        if ana := self._named("ana"):
            for word in ("lottery", "slug pellets"):
                mute_word(member=ana.member, word=word, at=at + timedelta(seconds=1))

    def _named(self, username: str) -> "Inhabitant | None":
        return next((one for one in self.story.people if one.person.username == username), None)
