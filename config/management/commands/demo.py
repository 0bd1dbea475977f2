import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.members.models import User
from config import demo
from config.demo import community, crowd, writings

_WIDTH = 30


class Command(BaseCommand):
    help = (
        "Make a believable community: lively members with weeks of history, and any number of quiet ones beside them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--members", type=int, default=200, help="how many members in all (200)")
        parser.add_argument("--seed", type=int, default=1, help="another seed tells another story (1)")
        parser.add_argument("--weeks", type=int, default=6, help="weeks of history (6)")
        parser.add_argument("--posts", type=int, default=0, help="posts that the crowd writes besides, with tips (0)")
        parser.add_argument("--follows", type=int, default=0, help="follows among the crowd, at most (0)")
        parser.add_argument(
            "--add", action="store_true", help="only the crowd of quiet members, beside those who exist"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count, seed, weeks = options["members"], options["seed"], options["weeks"]
        if not 4 <= count <= 1_000_000 or not 1 <= weeks <= 52:
            raise CommandError("Between 4 and 1,000,000 members, and 1 to 52 weeks.")
        if not 0 <= options["posts"] <= 10_000_000 or not 0 <= options["follows"] <= 100_000_000:
            raise CommandError("At most 10,000,000 posts and 100,000,000 follows.")
        if not options["add"] and User.objects.exists():
            raise CommandError(
                "There are members already, and their history stays as it is. The demo is for an empty house: use "
                "another DATA_DIR, or `demo --add` for more quiet members beside them."
            )
        began = time.monotonic()
        now = timezone.now()
        lively = 0 if options["add"] else community.lively_among(count)
        if lively:
            story = community.make(
                members=lively, weeks=weeks, seed=seed, now=now, progress=self._progress("The town wakes up")
            )
            self.stdout.write(f"{len(story.people)} members, {story.clock.done:,} things happened in {weeks} weeks.")
        if count > lively:
            crowd.make(
                members=count - lively, weeks=weeks, seed=seed, now=now, progress=self._progress("A crowd joins")
            )
        if options["posts"] or options["follows"]:
            writings.write(
                posts=options["posts"],
                follows=options["follows"],
                weeks=weeks,
                seed=seed,
                now=now,
                progress=self._progress("The crowd writes"),
            )
        self.stdout.write(f"The demo community is complete after {time.monotonic() - began:.1f} s. Sign in as:")
        width = max(len(words) for words, _phone in demo.sign_ins())
        for words, phone in demo.sign_ins():
            self.stdout.write(f"    {words.ljust(width)}  {phone}")
        self.stdout.write(demo.staff_hint())

    def _progress(self, what: str) -> Any:
        """A bar on a terminal; elsewhere (a log, the lines of `up`) a line now and then."""
        shown = -1

        def show(part: float) -> None:
            nonlocal shown
            is_terminal = sys.stdout.isatty()
            step = int(part * (100 if is_terminal else 4))
            if step <= shown:
                return
            shown = step
            if is_terminal:
                full = int(part * _WIDTH)
                end = "\n" if part >= 1 else ""
                self.stdout.write(f"\r{what} [{'█' * full}{' ' * (_WIDTH - full)}] {part:4.0%}", ending=end)
                self.stdout.flush()
            elif part > 0:
                self.stdout.write(f"{what}: {part:.0%}")
                self.stdout.flush()

        return show
