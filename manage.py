#!/usr/bin/env python
"""Every command of Civitas; works beside a running `make run`, whose servers it finds by itself."""

import os
import sys


def main() -> None:
    """Run one command. What keeps it from starting is told in a sentence, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.stderr.write("Django is not installed for this Python. Use `make run`, or .venv/bin/python manage.py.\n")
        raise SystemExit(78) from None
    from config.embedded import CannotStart

    try:
        if sys.argv[1:2] == ["up"] and not {"-h", "--help"} & set(sys.argv):
            from config.up import preflight

            preflight.refuse_early(sys.argv[2:])
        execute_from_command_line(sys.argv)
    except CannotStart as why:
        sys.stderr.write(f"Civitas cannot start: {why}\n")
        raise SystemExit(78) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
