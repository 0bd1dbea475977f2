"""Production settings refuse to start with unsafe values, in one sentence, and pass `check --deploy`."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SAFE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "DATABASE_URL": "postgres://civitas@db.example/civitas",
    "REDIS_URL": "redis://redis.example:6379/0",
    "DJANGO_SECRET_KEY": "first-" + "0123456789abcdefghij" * 3,
    "JWT_SIGNING_KEY": "second-" + "0123456789abcdefghij" * 3,
    "CODE_PEPPER": "third-" + "0123456789abcdefghij" * 3,
    "FIELD_ENCRYPTION_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "DJANGO_ALLOWED_HOSTS": "civitas.example",
    "SMS_BACKEND": "accounts.notifications.sms.Twilio",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "secret",
    "TWILIO_FROM": "+15005550006",
}


def manage(*command, **changed):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment = {name: value for name, value in {**kept, **SAFE, **changed}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_safe_values_pass_the_deployment_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"REDIS_URL": None}, "REDIS_URL"),
        ({"DATABASE_URL": "mysql://db/civitas"}, "DATABASE_URL"),
        ({"DJANGO_SECRET_KEY": None}, "DJANGO_SECRET_KEY"),
        ({"DJANGO_SECRET_KEY": "short"}, "DJANGO_SECRET_KEY"),
        ({"JWT_SIGNING_KEY": SAFE["DJANGO_SECRET_KEY"]}, "differ"),
        ({"FIELD_ENCRYPTION_KEYS": None}, "FIELD_ENCRYPTION_KEYS"),
        ({"DJANGO_ALLOWED_HOSTS": "*"}, "DJANGO_ALLOWED_HOSTS"),
        ({"DJANGO_DEBUG": "true"}, "DJANGO_DEBUG"),
        ({"DJANGO_DEBUG": "perhaps"}, "DJANGO_DEBUG"),
        ({"SMS_BACKEND": None}, "SMS_BACKEND"),
        ({"TWILIO_AUTH_TOKEN": None}, "TWILIO_AUTH_TOKEN"),
        ({"TRUSTED_PROXIES": "many"}, "TRUSTED_PROXIES"),
    ],
)
def test_an_unsafe_value_is_named_in_one_sentence(changed, names):
    done = manage("check", **changed)
    assert done.returncode == 78
    assert names in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
