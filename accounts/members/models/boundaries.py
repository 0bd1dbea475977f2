from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.members.models.member import Page, User
from config.lib.rows import Row


class Block(Row):
    """A member keeps another one away, both ways and on every page of either."""

    user = models.ForeignKey(User, models.CASCADE, related_name="blocks", db_index=False, help_text="Who blocks.")
    blocked = models.ForeignKey(User, models.CASCADE, related_name="blocked_by", help_text="Who is kept away.")
    page = models.ForeignKey(
        Page, models.CASCADE, related_name="+", help_text="The page that was blocked; the others stay unknown."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "blocked"], name="accounts_block_once"),
            models.CheckConstraint(condition=~Q(user=F("blocked")), name="accounts_block_not_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} blocks {self.blocked_id}"


class Mute(Row):
    """A member does not want to read a page; the page does not learn of it."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="mutes", db_index=False, help_text="Who does not want to read."
    )
    page = models.ForeignKey(Page, models.CASCADE, related_name="muted_by", help_text="Whose words are left out.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="accounts_mute_once")]

    def __str__(self) -> str:
        return f"{self.user_id} mutes {self.page_id}"


class MutedWord(Row):
    """A word or phrase that a member does not want to meet."""

    user = models.ForeignKey(User, models.CASCADE, related_name="muted_words", help_text="Who does not want it.")
    word = models.CharField(max_length=50, help_text="The word or phrase; letters' case does not count.")

    class Meta:
        constraints = [models.UniqueConstraint("user", Lower("word"), name="accounts_mutedword_once")]

    def __str__(self) -> str:
        return self.word
