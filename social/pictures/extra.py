"""Pictures as something that posts carry."""

from datetime import datetime
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.members.models import User
from config.lib.refusals import Refused
from economy.ledger.models import Transfer
from social.feed import extras
from social.feed.models import Post
from social.pictures import operations, rules, serializers
from social.pictures.forms import Pictures

# What the writer can mend by choosing another file; anything else is a page of its own.
_MENDED_HERE = (413, 415, 422, 429)


def register() -> None:
    """Let posts carry pictures; called from `ready()`."""
    extras.register(
        extras.Extra(
            name="pictures",
            label=gettext_lazy("Pictures"),
            icon="image",
            form=Pictures,
            form_template="social/pictures/_part.html",
            card_template="social/pictures/_gallery.html",
            body=lambda: serializers.PictureToShow(
                many=True,
                required=False,
                allow_null=True,
                max_length=rules.MOST,  # type: ignore[call-arg]
                help_text="Up to four, in their order.",
            ),
            shown=lambda: serializers.Picture(many=True),
            attach=_attach,
            take_in=_take_in,
        )
    )


def _attach(
    *, post: Post, author: User, value: Any, channel: Transfer.Channel, at: datetime
) -> dict[str, Any] | list[Any]:
    return operations.show_in_post(post=post, pictures=value)


def _take_in(form: Pictures, at: datetime) -> None:
    """Keep the files that came with the form, so that they need not be chosen again when it is refused."""
    form.is_valid()
    faults: list[str] = []
    form.data = form.data.copy()
    uploads, form.files = form.files, MultiValueDict()
    for number in range(rules.MOST):
        file, alt = f"file_{number}", f"alt_{number}"
        upload = uploads.get(form.add_prefix(file)) if uploads else None
        if upload is None or form.has_error(alt):
            continue
        if len(form.pictures) >= rules.MOST:
            faults.append(_("A post shows at most %(most)s pictures.") % {"most": rules.MOST})
            break
        try:
            form.hold(operations.send_picture(sender=form.member, upload=upload, alt=form.cleaned_data[alt], at=at))
        except Refused as refusal:
            if refusal.status not in _MENDED_HERE:
                raise
            faults.append(f"{form.fields[file].label}: {refusal}")
        form.data[form.add_prefix(alt)] = ""
        form.full_clean()
    for fault in faults:
        form.add_error(None, fault)
