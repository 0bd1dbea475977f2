"""`python -m e2e.clocked celery …`: Celery whose jobs read a clock that the file CIVITAS_CLOCK sets, while they run.

The file holds the seconds to add to the real time. Beats tick by the real time, so that they go on when the clock that
the jobs read is set back. CIVITAS_CHUNK makes the chunks of tax and stipend short: there must be a middle to kill in.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path


def main() -> None:
    """Set the clock and hand over to Celery."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django
    from django.utils import timezone

    real = timezone.now
    file = Path(os.environ["CIVITAS_CLOCK"])

    def now() -> datetime:
        return real() + timedelta(seconds=float(file.read_text()))

    if "worker" in sys.argv:
        timezone.now = now
    django.setup()

    from economy.stipend import operations as stipend
    from economy.tax import operations as tax

    tax.CHUNK = stipend.CHUNK = int(os.environ["CIVITAS_CHUNK"])

    from celery.__main__ import main as celery

    sys.argv = sys.argv[1:]
    celery()


if __name__ == "__main__":
    main()
