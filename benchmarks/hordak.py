"""django-hordak, the best known double-entry ledger for Django, doing gifts: `transfer_to`, with and without care.

It lives in a process, a Django and a database of its own on the same server. Its accounts are assets, one per member,
filled with what the members hold; every account is the root of its tree, as the documentation's examples have it.
"""

import contextlib
import multiprocessing
import random
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.crowd import crowd
from benchmarks.place import Server, server

DATABASE = "hordak"
CURRENCY = "EUR"


class Peer:
    """The other process, as seen from ours."""

    def __init__(self, end: Connection) -> None:
        self._end = end

    def work(self, *, is_careful: bool, seconds: float, people: int) -> float:
        """Transfers per second of some clients."""
        self._end.send((is_careful, seconds, people))
        return _heard(self._end)


@contextlib.contextmanager
def hordak(members: int, *, people: int) -> Iterator[Peer]:
    """Start the process, with tables and accounts; end it when done."""
    found = server()
    _as_superuser(found, f"CREATE DATABASE {DATABASE} OWNER {found.options[5]}")
    # spawn: the child must not inherit our Django.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_live, args=(theirs, found.options, members, people))
    process.start()
    try:
        _heard(ours)
        yield Peer(ours)
    finally:
        with contextlib.suppress(OSError):
            ours.send(None)
        process.join(20)
        _as_superuser(found, f"DROP DATABASE {DATABASE} WITH (FORCE)")


def _as_superuser(found: Server, statement: str) -> None:
    command = [str(found.folder / "psql"), *found.options[:4], "-U", "postgres", "-X", "-q", "-c", statement]
    subprocess.run([*command, found.name], capture_output=True, check=True)


def _heard(end: Connection) -> Any:
    answer = end.recv()
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _live(end: Connection, options: tuple[str, ...], members: int, people: int) -> None:
    try:
        _set_up(options)
        _fill(members)
        with crowd(people) as clients:
            end.send("ready")
            while (task := end.recv()) is not None:
                is_careful, seconds, some = task
                end.send(clients.work(transfers, members, is_careful, seconds=seconds, people=some).rate)
    except EOFError:
        pass
    except Exception as error:
        end.send(RuntimeError(f"{type(error).__name__}: {error}"))


def _set_up(options: tuple[str, ...]) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    _h, host, _p, port, _u, user = options
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": DATABASE,
                "HOST": host,
                "PORT": port,
                "USER": user,
                "CONN_MAX_AGE": None,
            }
        },
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney", "hordak"],
        DEFAULT_CURRENCY=CURRENCY,
        HORDAK_CURRENCIES=[CURRENCY],
        CURRENCIES=[CURRENCY],
        USE_TZ=True,
        SECRET_KEY="of no use here",  # noqa: S106
    )
    django.setup()
    call_command("migrate", verbosity=0)


def _fill(members: int) -> None:
    """An account per member, each with a transaction that gives it its first coins."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO hordak_account (id, uuid, name, code, type, lft, rght, tree_id, level, is_bank_account, currencies)
              SELECT n, gen_random_uuid(), 'Member ' || n, NULL, CASE WHEN n = 0 THEN 'EQ' ELSE 'AS' END, 1, 2, n + 1, 0,
                  false, %s::jsonb
                FROM generate_series(0, %s) AS n
            """,
            [f'["{CURRENCY}"]', members],
        )
        cursor.execute(
            "INSERT INTO hordak_transaction (id, uuid, timestamp, date, description)"
            " SELECT -n, gen_random_uuid(), now(), now(), '' FROM generate_series(1, %s) AS n",
            [members],
        )
        cursor.execute(
            """
            INSERT INTO hordak_leg (uuid, transaction_id, account_id, debit, credit, currency, description)
              SELECT gen_random_uuid(), -n, leg.account, leg.debit, leg.credit, %s, ''
                FROM generate_series(1, %s) AS n
                CROSS JOIN LATERAL (VALUES (n, 1000, NULL), (0, NULL, 1000)) AS leg(account, debit, credit)
            """,
            [CURRENCY, members],
        )
        cursor.execute("VACUUM ANALYZE")


def transfers(number: int, members: int, is_careful: bool) -> Callable[[], Any]:
    """Transfers between members at random; with care, both are locked first and the giver must have the coins."""
    from django.db import transaction
    from hordak.models import Account
    from moneyed import Money

    dice = random.Random()
    accounts = Account.objects.in_bulk(dice.sample(range(1, members + 1), min(members, 5000)))
    keys = list(accounts)

    def act() -> None:
        giver, receiver = dice.sample(keys, 2)
        amount = Money(Decimal(dice.randint(1, 100)) / 100, CURRENCY)
        with transaction.atomic():
            if is_careful:
                list(Account.objects.filter(pk__in=(giver, receiver)).order_by("pk").select_for_update())
                # The quicker of its two ways to a balance.
                if Account.objects.with_balances().get(pk=giver).balance[CURRENCY] < amount:
                    raise ValueError("not enough coins")
            accounts[giver].transfer_to(accounts[receiver], amount)

    return act
