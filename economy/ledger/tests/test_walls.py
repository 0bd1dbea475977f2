"""A filter that someone forgot shows no other member's postings, and no connection remembers whom it served."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.wallets.models import Wallet
from config.lib import walls
from config.lib.walls import reading_for, seen_by
from economy.ledger import operations, queries, years
from economy.ledger.models import Posting, Transfer

pytestmark = pytest.mark.django_db(transaction=True)

READS = ["/wallet/", "/wallet/statement.csv", "/api/v1/me/transactions"]
LOOK = "SELECT pg_backend_pid(), current_user::text, coalesce(current_setting('civitas.member', true), '')"


@pytest.fixture(autouse=True)
def _the_wall_stands(db: None) -> None:
    if not walls.stands():
        pytest.skip("the tests' role may not make roles")


def owners() -> set[Any]:
    """The forgotten filter: all postings there are."""
    return set(Posting.objects.values_list("wallet_id", flat=True))


class TestSeenBy:
    """The wall itself."""

    def test_the_owner_of_the_tables_sees_all(self, alice, bob):
        assert {alice.wallet.pk, bob.wallet.pk, None} <= owners()

    def test_a_forgotten_filter_shows_mallory_her_own_postings_alone(self, alice, bob, mallory):
        with seen_by(mallory.pk):
            assert owners() == {mallory.wallet.pk}
            assert not Posting.objects.filter(wallet_id=alice.wallet.pk).exists()

    def test_nobody_sees_nothing(self, alice):
        with seen_by(None):
            assert owners() == set()

    def test_a_month_by_its_own_name_is_refused(self, alice):
        with connection.cursor() as cursor:
            cursor.execute("SELECT relid::text FROM pg_partition_tree('economy_posting') WHERE isleaf LIMIT 1")
            (month,) = cursor.fetchone()
        with pytest.raises(ProgrammingError, match="permission denied"), seen_by(alice.pk):
            connection.cursor().execute(f"SELECT * FROM {month}")

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM economy_posting",
            "UPDATE accounts_wallet SET balance = 1000000",
            "SELECT balance FROM accounts_wallet",
            "SELECT * FROM accounts_user",
            "SELECT content FROM social_post",
        ],
    )
    def test_behind_the_wall_nothing_is_written_and_little_else_read(self, alice, statement):
        with pytest.raises(ProgrammingError, match="permission denied"), seen_by(alice.pk):
            connection.cursor().execute(statement)

    def test_afterwards_all_is_as_before_also_inside_a_transaction_and_after_an_error(self, alice, bob):
        all_of_them = owners()
        with transaction.atomic():
            with seen_by(alice.pk):
                assert owners() == {alice.wallet.pk}
            assert owners() == all_of_them
            with pytest.raises(RuntimeError), seen_by(alice.pk):
                raise RuntimeError
            assert owners() == all_of_them
            with pytest.raises(ProgrammingError), transaction.atomic(), seen_by(alice.pk):
                connection.cursor().execute("SELECT nonsense")
            assert owners() == all_of_them
            with seen_by(bob.pk):  # the error before has left no trace
                assert owners() == {bob.wallet.pk}
            assert owners() == all_of_them
        assert owners() == all_of_them

    def test_a_role_worn_before_is_worn_again(self, alice):
        with transaction.atomic():
            connection.cursor().execute("SET LOCAL ROLE civitas")
            with seen_by(alice.pk):
                assert owners() == {alice.wallet.pk}
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('role')")
                assert cursor.fetchone() == ("civitas",)

    def test_inside_the_same_wall_it_is_the_same_and_another_members_is_refused(self, alice, bob):
        with seen_by(alice.pk):
            with seen_by(alice.pk):
                assert owners() == {alice.wallet.pk}
            assert owners() == {alice.wallet.pk}
            with pytest.raises(ValueError, match="another member"), seen_by(bob.pk):
                pass

    def test_the_wall_is_what_keeps_them_apart(self, alice, bob):
        """A control: without the policy's condition the forgotten filter shows everything."""
        connection.cursor().execute("CREATE POLICY open_door ON economy_posting FOR SELECT USING (true)")
        try:
            with seen_by(alice.pk):
                assert bob.wallet.pk in owners()
        finally:
            connection.cursor().execute("DROP POLICY open_door ON economy_posting")

    def test_the_statement_behind_the_wall_finds_its_wallet_by_the_index(self, alice):
        with seen_by(alice.pk), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                "EXPLAIN SELECT * FROM economy_posting WHERE wallet_id = %s ORDER BY lock_version DESC LIMIT 20",
                [alice.wallet.pk],
            )
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "InitPlan" in plan and "Seq Scan on economy_posting" not in plan, plan


class TestRows:
    """`served_to`: rows that enter the wall by themselves, whenever they are read."""

    def test_however_they_are_read_they_are_ones_own(self, alice, bob):
        mine = Posting.objects.served_to(alice.pk)
        assert {row.wallet_id for row in mine} == {alice.wallet.pk}
        assert {row.wallet_id for row in mine.order_by("id").select_related("transfer")[:50]} == {alice.wallet.pk}
        assert mine.count() == len(mine.values("pk")) == mine.aggregate(n=queries.Sum("lock_version"))["n"] == 1
        assert mine.filter(wallet=alice.wallet).exists() and not mine.filter(wallet=bob.wallet).exists()
        assert mine.filter(wallet=bob.wallet).first() is None and mine.get().wallet_id == alice.wallet.pk
        assert "InitPlan" in mine.explain()

    def test_they_are_part_of_no_other_statement_and_of_no_open_one(self, alice):
        mine = Posting.objects.served_to(alice.pk)
        with pytest.raises(TypeError, match="around these rows"):
            Wallet.objects.filter(pk__in=mine.values("wallet_id"))
        with pytest.raises(TypeError, match="in pieces"):
            mine.iterator()

    def test_others_on_the_other_side_are_told_to_the_owner_alone(self, alice, bob, mallory):
        ask = "SELECT count(*) FROM economy_other_wallets(%s, %s::uuid[], '2020-01-01', '2100-01-01')"
        between = "SELECT count(*) FROM economy_between(%s, %s, ARRAY['GIFT'])"
        give(alice, bob)
        (gift,) = Posting.objects.filter(kind="GIFT", wallet=bob.wallet).values_list("transfer_id", flat=True)

        def asked_by(member):
            with seen_by(member.pk), connection.cursor() as cursor:
                cursor.execute(ask, [alice.wallet.pk, [gift]])
                found = cursor.fetchone()[0]
                cursor.execute(between, [alice.wallet.pk, bob.wallet.pk])
                return found, cursor.fetchone()[0]

        assert asked_by(alice) == (1, 1)
        assert asked_by(mallory) == asked_by(bob) == (0, 0)


def give(giver, receiver):
    operations.give(
        giver=giver.wallet,
        receiver=receiver.wallet,
        coins=Decimal("1.00"),
        memo="for tea",
        key=None,
        channel=Transfer.Channel.WEB,
        at=timezone.now(),
    )


@pytest.fixture
def careless(monkeypatch, alice, bob):
    """A view whose filter was forgotten: of whoever asks, everybody's lines are read. Alice has given Bob a coin."""
    give(alice, bob)

    def everything(*, wallet, **given):
        return Posting.objects.served_to(wallet.user_id).filter(wallet__isnull=False).select_related("transfer")

    monkeypatch.setattr(queries, "statement", everything)
    monkeypatch.setattr(years, "statement", everything)


def read(path: str, member: Any) -> str:
    """What a page or the API shows a member."""
    if path.startswith("/api"):
        client = APIClient()
        client.force_authenticate(member)
    else:
        client = Client()
        client.force_login(member)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


class TestRequests:
    """Pages, CSV and API."""

    @pytest.mark.parametrize("path", READS)
    def test_a_forgotten_filter_leaks_nothing(self, path, careless, alice, mallory):
        assert "for tea" in read(path, alice)
        shown = read(path, mallory)
        assert "for tea" not in shown and "100.00" in shown

    @pytest.mark.parametrize("path", READS)
    def test_without_the_wall_it_would(self, path, careless, mallory, monkeypatch):
        """A control."""
        monkeypatch.setattr(walls, "stands", lambda: False)
        assert "for tea" in read(path, mallory)

    @pytest.mark.parametrize("path", READS)
    def test_another_members_wallet_shows_nothing_of_theirs(self, path, alice, bob, mallory, monkeypatch):
        """Whom a request serves is who asks, not whose wallet a view has fetched."""
        give(alice, bob)
        monkeypatch.setattr(queries, "wallet_of", lambda member: Wallet.objects.select_related("user").get(user=alice))
        assert "for tea" not in read(path, mallory)
        assert "for tea" in read(path, alice)

    def test_two_members_on_one_pooled_connection(self, alice, bob, mallory, settings):
        """The pool of the web processes, of one connection: what one request was served with is gone for the next."""
        give(alice, bob)
        seen: list[Any] = []

        def two_requests() -> None:
            pooled = connections["default"]
            pooled.settings_dict = {
                **pooled.settings_dict,
                "OPTIONS": {**pooled.settings_dict["OPTIONS"], "pool": {"min_size": 1, "max_size": 1}},
            }
            try:
                for member in (alice, mallory):
                    for path in READS:
                        seen.append("for tea" in read(path, member))
                        pooled.close()  # as at the end of a request: back to the pool
                        with pooled.cursor() as cursor:
                            cursor.execute(LOOK)
                            seen.append(cursor.fetchone())
                        pooled.close()
            finally:
                pooled.close_pool()

        thread = threading.Thread(target=two_requests)
        thread.start()
        thread.join()
        assert seen[0:12:2] == [True] * 3 + [False] * 3
        (backend, *_rest), *_others = seen[1::2]
        assert set(seen[1::2]) == {(backend, connection.settings_dict["USER"], "")}

    def test_outside_of_requests_the_one_who_is_named_is_served(self, alice, bob):
        with reading_for(bob.pk):
            assert owners() == {bob.wallet.pk}
