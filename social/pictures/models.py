from django.conf import settings
from django.db import models
from django.db.models import Q

from config.lib.rows import Row
from social.pictures.rules import LONGEST_ALT


class PictureQuerySet(models.QuerySet["Picture"]):
    """Filters over pictures."""

    def loose(self) -> "PictureQuerySet":
        """Those that neither a post nor a draft has."""
        return self.filter(post=None, draft=None)


class Picture(Row):
    """A picture that a member has sent, drawn anew; its files are named by its id."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="pictures", db_index=False, help_text="Who sent it."
    )
    post = models.ForeignKey(
        "social.Post",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="pictures",
        db_index=False,
        help_text="The post that shows it,",
    )
    draft = models.ForeignKey(
        "social.Draft",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="pictures",
        help_text="or the draft that keeps it; without either it is thrown away after a day.",
    )
    place = models.PositiveSmallIntegerField(default=0, help_text="Its place in the post, from 0.")
    alt = models.CharField(
        max_length=LONGEST_ALT, blank=True, help_text="What is to be seen, for those who do not see it."
    )
    width = models.PositiveIntegerField(help_text="Pixels, of the largest file.")
    height = models.PositiveIntegerField(help_text="Pixels, of the largest file.")
    gone_at = models.DateTimeField(
        null=True, blank=True, help_text="When nobody wanted it any more; its files go, and then the row."
    )

    objects = PictureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(place__lt=4), name="social_picture_place"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="social_picture_size"),
            models.UniqueConstraint(
                fields=["post", "place"], condition=Q(post__isnull=False), name="social_picture_place_once"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="social_picture_user"),
            models.Index(fields=["id"], name="social_picture_loose", condition=Q(post=None, draft=None)),
        ]

    def __str__(self) -> str:
        return self.alt or str(self.pk)
