"""What a post may carry besides its words: pictures, a poll, a bounty, co-authors.

The rooms that keep them stand beside the feed and import from it, so the feed does not know them: each registers an
`Extra` in `apps.py: ready()`; the composer, the operation, the API and the cards ask here. What a card shows is kept
on the post itself (`Post.carries`), so that a list of cards costs no query more for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django import forms
from django.http import QueryDict
from rest_framework import serializers

from accounts.members.models import User
from config.lib.refusals import Refused
from economy.ledger.models import Transfer
from social.feed.models import Post


class ExtraForm(forms.Form):
    """A part of the composer, drawn with the name of its extra as prefix. Left untouched it is not used."""

    def __init__(self, *args: Any, member: User, **kwargs: Any) -> None:
        self.member = member
        super().__init__(*args, **kwargs)

    @property
    def is_used(self) -> bool:
        """Whether the writer wants it; asked of a valid form."""
        return self.has_changed()

    @property
    def value(self) -> Any:
        """What `attach` gets: of the same shape as what the extra's serializer field makes of a body."""
        return self.cleaned_data

    @property
    def is_open(self) -> bool:
        """Whether it is drawn unfolded: something stands in it, or is wrong with it."""
        return self.is_bound and (bool(self.errors) or self.has_changed())


class Attach(Protocol):
    """Writes down what a new post carries, in the transaction that writes the post; answers with what its card shows.

    May refuse: then nothing is written, and the refusal is shown at this part of the form.
    """

    def __call__(
        self, *, post: Post, author: User, value: Any, channel: Transfer.Channel, at: datetime
    ) -> dict[str, Any] | list[Any]: ...


class Prepare(Protocol):
    """Holds what must be held before the post itself is written (migrations/0004_feed.sql says in which order)."""

    def __call__(self, author: User, value: Any, /) -> None: ...


def _nothing(_author: User, _value: Any) -> None:
    pass


@dataclass(frozen=True)
class Extra:
    """One thing that a post may carry."""

    name: str  # in forms, in the API's bodies and answers, in Post.carries
    label: Any  # what the composer calls it
    icon: str
    form: type[ExtraForm]
    form_template: str  # gets `form`
    card_template: str  # gets `extra` (what the card shows), `post`, `is_whole`
    body: Callable[[], serializers.Field]  # its field in the body that writes a post
    # Its field in a post; reads Post.carries[name]. Without one it leaves nothing there, and is hidden in the form.
    shown: Callable[[], serializers.Field] | None
    attach: Attach
    prepare: Prepare = _nothing
    # Takes in what must not be lost when the form is refused, such as files; puts what it refuses on the form itself.
    take_in: Callable[[Any, datetime], None] = lambda _form, _at: None
    # More for the post's own page, laid over what the card shows; its queries are the same for every post.
    on_page: Callable[[Post, Any, datetime], Mapping[str, Any]] = lambda _post, _reader, _at: {}


@dataclass(frozen=True)
class Shown:
    """What a template needs to show one extra of a post."""

    name: str
    template: str
    data: Any


_extras: dict[str, Extra] = {}


def register(extra: Extra) -> None:
    """Let posts carry something; the composer shows them in the order of registration."""
    _extras[extra.name] = extra


def registered() -> Sequence[Extra]:
    """Everything that a post may carry."""
    return tuple(_extras.values())


def prepare_all(*, author: User, values: Mapping[str, Any]) -> None:
    """Hold what the extras of a post need, before it is written, in its transaction."""
    for name, value in values.items():
        _extras[name].prepare(author, value)


def attach_all(*, post: Post, author: User, values: Mapping[str, Any], channel: Transfer.Channel, at: datetime) -> None:
    """Write down everything that a new post carries. A refusal names its `part`; nothing is written then."""
    carries = {}
    for name, value in values.items():
        try:
            shown = _extras[name].attach(post=post, author=author, value=value, channel=channel, at=at)
        except Refused as refusal:
            refusal.part = name
            raise
        if shown:
            carries[name] = shown
    if carries:
        show_on_card(post, carries)


def show_on_card(post: Post, changes: Mapping[str, Any]) -> None:
    """Change what a post's card shows of its extras, in the transaction that changes them. Locks the post's row."""
    row = Post.objects.select_for_update(no_key=True).only("carries").get(pk=post.pk)
    post.carries = row.carries | dict(changes)
    Post.objects.filter(pk=post.pk).update(carries=post.carries)


def parts_of(
    *,
    member: User,
    data: QueryDict | None = None,
    files: Any = None,
    initial: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[ExtraForm]:
    """The composer's parts, one form per extra, each with its `extra`. `initial`: what stood in them, by name."""
    parts = []
    for extra in _extras.values():
        kept = dict((initial or {}).get(extra.name, {}))
        part = extra.form(data, files, prefix=extra.name, member=member, initial=kept)
        part.extra = extra  # type: ignore[attr-defined]
        # What stood in it before is shown, not folded away.
        part.is_kept = any(kept.values())  # type: ignore[attr-defined]
        parts.append(part)
    return parts


def are_usable(form: forms.Form, parts: Sequence[ExtraForm], *, at: datetime) -> bool:
    """Whether the composer as a whole can be acted on; takes in what must not be lost when it cannot.

    All of it is looked at, so that whatever is wrong is said at once.
    """
    for part in parts:
        part.extra.take_in(part, at)  # type: ignore[attr-defined]
    return all([form.is_valid(), *[part.is_valid() for part in parts]])


def values_of(parts: Sequence[ExtraForm]) -> dict[str, Any]:
    """What the writer wants the post to carry, of forms that are valid."""
    return {part.prefix: part.value for part in parts if part.prefix and part.is_used}


def on_card(post: Post) -> list[Shown]:
    """What a card shows of a post's extras. No query."""
    return [
        Shown(name, extra.card_template, post.carries[name])
        for name, extra in _extras.items()
        if post.carries.get(name)
    ]


def on_page(post: Post, reader: Any, at: datetime) -> list[Shown]:
    """What a post's own page shows of its extras."""
    shown = []
    for part in on_card(post):
        more = _extras[part.name].on_page(post, reader, at)
        data = {**part.data, **more} if isinstance(part.data, dict) else {"items": part.data, **more}
        shown.append(Shown(part.name, part.template, data if more else part.data))
    return shown
