from django.conf import settings
from django.db import models
from django.db.models import F, Q
from phonenumber_field.modelfields import PhoneNumberField

from config.lib.rows import ChangingRow, Row


class PhoneVerification(Row):
    """One code that was sent, as a keyed hash; bound to the request that asked for it."""

    phone_number = PhoneNumberField(help_text="Where the code went, E.164.")
    code_hash = models.CharField(
        max_length=64, help_text="HMAC-SHA256 of id and code under a key outside the database."
    )
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Answers given so far.")
    max_attempts = models.PositiveSmallIntegerField(default=3, help_text="Answers after which the code is dead.")
    verified_at = models.DateTimeField(null=True, blank=True, help_text="When the right code came; dead from then on.")
    expires_at = models.DateTimeField(help_text="Ten minutes after it was made.")
    ip_address = models.GenericIPAddressField(null=True, blank=True, help_text="Who asked for it.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(attempts__lte=F("max_attempts")), name="accounts_verification_attempts")
        ]
        indexes = [
            models.Index(fields=["phone_number", "-created_at"], name="accounts_verification_phone"),
            models.Index(fields=["expires_at"], name="accounts_verification_open", condition=Q(verified_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TokenFamily(ChangingRow):
    """One signed-in program: the chain of refresh tokens that grew from one sign-in."""

    class Ending(models.TextChoices):
        SIGNED_OUT = "SIGNED_OUT", "signed out"
        REUSE = "REUSE", "an old refresh token was used again"
        STAFF = "STAFF", "ended by staff"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="token_families", help_text="Who is signed in."
    )
    current_jti = models.CharField(max_length=64, help_text="The only refresh token that still works.")
    expires_at = models.DateTimeField(help_text="When the current refresh token expires.")
    last_used_at = models.DateTimeField(help_text="Last refresh.")
    ip_address = models.GenericIPAddressField(null=True, blank=True, help_text="Address of the sign-in.")
    user_agent = models.CharField(max_length=300, blank=True, help_text="Program of the sign-in.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was ended; its tokens are dead since.")
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True, help_text="Why it ended.")

    class Meta(ChangingRow.Meta):
        verbose_name_plural = "token families"
        indexes = [models.Index(fields=["expires_at"], name="accounts_tokenfamily_expiry")]

    def __str__(self) -> str:
        return str(self.pk)
