import signal
import sys
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, connections
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from config import embedded, roles
from config.embedded import CannotStart
from config.lib import schedules, walls
from config.tasks import heartbeat
from config.up import preflight
from config.up.announcement import announce
from config.up.programs import demo, programs
from config.up.supervisor import Supervisor

_MIGRATING = 0x6369_7669  # "civi": the advisory lock that lets one of several starting machines migrate


class Command(BaseCommand):
    help = "Run Civitas: migrate, then web, worker and beat until Ctrl-C; a demo community at the first start."
    requires_system_checks: list[str] = []  # they would ask the database before it is migrated

    def add_arguments(self, parser: ArgumentParser) -> None:
        preflight.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        names = preflight.names_of(options["only"])
        at = preflight.address()
        signal.signal(signal.SIGTERM, _interrupt)  # until the supervisor takes over
        try:
            preflight.Reservation(settings.DATA_DIR, names).take(at)
            is_empty = self._prepare()
        except CannotStart as why:
            raise CommandError(str(why)) from None
        except OperationalError as why:
            raise CommandError(f"The database cannot be used: {str(why).strip()}") from why
        except KeyboardInterrupt:
            self.stderr.write("stopped before the start was complete; the next start goes on from here")
            return
        to_run = programs(names, at=at, access_log=options["access_log"])
        if is_empty and "web" in names and settings.DEBUG and not options["no_demo"]:
            # Beside the site, which need not wait for it.
            self.stdout.write("First start: a demo community is being made (`up --no-demo` leaves it out).")
            to_run.append(demo())
        supervisor = Supervisor(to_run, out=sys.stdout)

        def tell() -> None:
            announce(at, say=lambda line: supervisor.voice.say("up", line), stopping=supervisor.stopping)

        def servers() -> None:
            embedded.ensure(settings.DATA_DIR, postgres=not settings.DATABASE_URL, redis=not settings.REDIS_URL)

        supervisor.run(when_started=tell if "web" in names else None, servers=servers)

    def _prepare(self) -> bool:
        """Bring the tables up to date; whether nobody lives here yet."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
            try:
                self.stdout.write("Bringing the tables up to date.")
                call_command("migrate", interactive=False, verbosity=0)
                self._make_roles()
                schedules.write_missing()
                self._let_the_first_heartbeat_be_due()
                is_empty = not get_user_model().objects.exists()
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])
        connections.close_all()
        return is_empty

    def _make_roles(self) -> None:
        """The roles of the database, with rights on what is new; said, not refused, where they cannot be made."""
        try:
            roles.make()
        except roles.MayNotMakeRoles as why:
            if not walls.is_built():
                self.stdout.write(f"Members' postings will be read without row-level security ({why}): {walls.HINT}")

    @staticmethod
    def _let_the_first_heartbeat_be_due() -> None:
        # Beat waits a whole interval before it runs a task for the first time, and /readyz waits with it.
        never_run = PeriodicTask.objects.filter(task=heartbeat.name, last_run_at=None)
        never_run.update(last_run_at=timezone.now() - timedelta(hours=1))


def _interrupt(number: int, frame: Any) -> NoReturn:
    raise KeyboardInterrupt
