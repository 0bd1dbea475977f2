from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from phonenumber_field.modelfields import PhoneNumberField

from config.lib.money import CoinsField
from config.lib.rows import ChangingRow, Row


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Filters over invitations."""

    def usable(self, at: datetime) -> "InvitationQuerySet":
        """Those with uses left that are neither too old nor taken back. Columns of the row alone, so that an UPDATE
        with this condition looks at the row anew after having waited for it."""
        return self.filter(uses_count__lt=F("uses_most"), expires_at__gt=at, revoked_at=None)

    def good(self, at: datetime) -> "InvitationQuerySet":
        """Usable ones of members who may act: by these someone can join."""
        return self.usable(at).filter(inviter__status="ACTIVE")


class Invitation(ChangingRow):
    """A link by which a member lets others join, as often as it says, perhaps with a gift."""

    inviter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations", help_text="Who invites."
    )
    code = models.CharField(max_length=32, unique=True, help_text="The secret in the link.")
    note = models.CharField(max_length=100, blank=True, help_text="For the inviter: whom it is for.")
    uses_most = models.PositiveSmallIntegerField(default=1, help_text="How often it can be used.")
    uses_count = models.PositiveSmallIntegerField(default=0, help_text="How often it was used.")
    gift = CoinsField(null=True, blank=True, help_text="Coins that each one invited gets from the inviter's wallet.")
    expires_at = models.DateTimeField(help_text="Useless after.")
    revoked_at = models.DateTimeField(null=True, blank=True, help_text="When the inviter or staff took it back.")

    objects = InvitationQuerySet.as_manager()

    class Meta(ChangingRow.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(uses_count__lte=F("uses_most")), name="accounts_invitation_uses"),
            models.CheckConstraint(condition=Q(gift=None) | Q(gift__gt=0), name="accounts_invitation_gift"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def is_usable(self, at: datetime) -> bool:
        """Whether someone can still join by it, as far as the link itself goes."""
        return self.uses_count < self.uses_most and at < self.expires_at and self.revoked_at is None

    @property
    def uses_left(self) -> int:
        """How many more can join by it."""
        return self.uses_most - self.uses_count


class InvitationUse(Row):
    """Who joined by which invitation."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="uses", help_text="The invitation.")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="invited_by_use", help_text="Who joined by it."
    )

    class Meta:
        pass

    def __str__(self) -> str:
        return f"{self.user_id} by {self.invitation_id}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Filters over applications."""

    def accepted(self) -> "ApplicationQuerySet":
        """Those whose applicants may join now."""
        return self.filter(status=Application.Status.ACCEPTED)

    def waiting(self) -> "ApplicationQuerySet":
        """Those that nobody has decided."""
        return self.filter(status=Application.Status.WAITING)


class Application(ChangingRow):
    """Someone who has proved a number and asks to join; staff decide."""

    class Status(models.TextChoices):
        WAITING = "WAITING", "waiting"
        ACCEPTED = "ACCEPTED", "accepted"
        DECLINED = "DECLINED", "declined"
        JOINED = "JOINED", "joined"

    phone_number = PhoneNumberField(help_text="The proved number, E.164.")
    username = models.CharField(max_length=30, blank=True, help_text="The name they would like.")
    display_name = models.CharField(max_length=100, blank=True, help_text="The name to be shown.")
    words = models.CharField(max_length=1000, help_text="Why they would like to join.")
    status = models.CharField(
        max_length=8, choices=Status.choices, default=Status.WAITING, help_text="What staff made of it."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who of the staff decided.",
    )
    decided_at = models.DateTimeField(null=True, blank=True, help_text="When.")
    reason = models.CharField(max_length=300, blank=True, help_text="What staff say about the decision.")

    objects = ApplicationQuerySet.as_manager()

    class Meta(ChangingRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["phone_number"], condition=Q(status="WAITING"), name="accounts_application_one_waiting"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-created_at"], name="accounts_application_queue"),
            models.Index(fields=["phone_number"], name="accounts_application_phone"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
