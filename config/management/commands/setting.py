"""`manage.py setting [NAME [VALUE]]`: lists, shows or sets a runtime setting."""

import getpass
from typing import Any

from constance import config
from constance.forms import ConstanceForm
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.forms import ValidationError

from accounts.audit.acting import acting
from config.lib import runtime


class Command(BaseCommand):
    help = "List the runtime settings, show one, or set one to a value that is checked as the admin checks it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help="the setting; without it all are listed")
        parser.add_argument("value", nargs="?", help="its new value; without it the present one is shown")

    def handle(self, *args: Any, **options: Any) -> None:
        name, value = options["name"], options["value"]
        if name is None:
            width = max(map(len, settings.CONSTANCE_CONFIG))
            for known, (default, meaning, _kind) in settings.CONSTANCE_CONFIG.items():
                present = getattr(config, known)
                changed = "" if present == default else f" (default {default})"
                self.stdout.write(f"{known:<{width}}  {present!s:>10}  {meaning}{changed}")
            return
        if name not in settings.CONSTANCE_CONFIG:
            raise CommandError(f"There is no setting {name}; `manage.py setting` lists them.")
        if value is None:
            self.stdout.write(str(getattr(config, name)))
            return
        before = getattr(config, name)
        # Whoever has a shell here is no member to the database, so their name on the machine stands as the reason.
        with acting(agent="manage.py setting", reason=f"set on the machine by {_login()}"):
            setattr(config, name, _checked(name, value))
        runtime.forget()
        self.stdout.write(f"{name}: {before} → {getattr(config, name)}")


def _login() -> str:
    """The operating system's user."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number that has no name
        return "somebody without a name"


def _checked(name: str, value: str) -> Any:
    """The value as its field reads it. May refuse with CommandError."""
    field = ConstanceForm(initial={}).fields[name]
    try:
        return field.clean(value)
    except ValidationError as error:
        raise CommandError(f"{value!r} is no value for {name}: {' '.join(error.messages)}") from error
