"""Usernames: changed, kept for their page, taken back; and two who want one name at once."""

import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from constance.test import override_config
from django.db import connection, transaction

from accounts.members import operations, queries
from accounts.members.models import FormerName, Page
from config.lib.refusals import NotAllowed, NotThere, TooMany

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
number = iter(range(2000, 9000))


def rename(member, to, at=NOON, page=None):
    page = page or Page.objects.get(user=member, is_primary=True)
    return operations.change_username(editor=member, page_id=page.pk, username=to, at=at)


def join(name, at=NOON):
    return operations.join(phone_number=f"+49170777{next(number)}", username=name, display_name="", at=at)


@pytest.mark.django_db
class TestChange:
    def test_the_old_name_leads_to_the_page_for_90_days(self, alice, time_machine):
        time_machine.move_to(NOON)
        assert rename(alice, "alice_p").username == "alice_p"
        kept = FormerName.objects.get()
        assert (kept.username, kept.kept_until) == ("alice", datetime(2027, 2, 16, 12, 0, tzinfo=UTC))
        with pytest.raises(queries.Renamed) as moved:
            queries.page_by_username("Alice")
        assert moved.value.facts["username"] == "alice_p"
        time_machine.move_to(kept.kept_until)
        with pytest.raises(NotThere) as gone:
            queries.page_by_username("alice")
        assert not isinstance(gone.value, queries.Renamed)

    def test_it_leads_there_through_a_second_change(self, alice):
        rename(alice, "alice_two")
        rename(alice, "alice_three")
        for name in ("alice", "alice_two"):
            with pytest.raises(queries.Renamed) as moved:
                queries.page_by_username(name)
            assert moved.value.facts["username"] == "alice_three"

    def test_nobody_else_takes_it_meanwhile(self, alice, mallory):
        rename(alice, "alice_p")
        with pytest.raises(operations.UsernameTaken):
            rename(mallory, "alice")
        with pytest.raises(operations.UsernameTaken):
            operations.open_page(member=mallory, username="alice", display_name="Alice", at=NOON)
        with pytest.raises(operations.UsernameTaken):
            join("alice")
        assert Page.objects.filter(username="alice").count() == 0

    def test_after_it_anyone_may(self, alice, mallory):
        rename(alice, "alice_p")
        assert rename(mallory, "alice", at=NOON + 90 * DAY).username == "alice"
        assert queries.page_by_username("alice").user_id == mallory.pk
        # And gives it up again: now it is mallory's old name, not alice's.
        rename(mallory, "mallory", at=NOON + 91 * DAY)
        assert FormerName.objects.get(username="alice").page.user_id == mallory.pk

    def test_one_may_take_ones_own_back(self, alice):
        rename(alice, "alice_p")
        assert rename(alice, "alice", at=NOON + DAY).username == "alice"
        assert queries.page_by_username("alice").user_id == alice.pk
        with pytest.raises(queries.Renamed):
            queries.page_by_username("alice_p")

    def test_two_changes_in_thirty_days(self, alice):
        rename(alice, "alice_1")
        rename(alice, "alice", at=NOON + DAY)  # taking one back counts as well
        with pytest.raises(TooMany) as spent:
            rename(alice, "alice_3", at=NOON + 2 * DAY)
        assert (spent.value.status, spent.value.slug) == (429, "username-changes")
        assert spent.value.retry_after == 28 * 86400
        assert rename(alice, "alice_3", at=NOON + 30 * DAY).username == "alice_3"

    def test_the_limit_is_of_the_account_not_of_the_page(self, alice):
        other = operations.open_page(member=alice, username="baker", display_name="Baker", at=NOON)
        rename(alice, "alice_1")
        rename(alice, "baker_1", page=other)
        with pytest.raises(operations.UsernameChangesSpent):
            rename(alice, "baker_2", page=other)

    def test_the_same_name_is_no_change(self, alice):
        rename(alice, "alice")
        assert not FormerName.objects.exists()

    @pytest.mark.parametrize("name", ["admin", "al", "Alice", "a" * 31, "ali ce", "алиса", "alice\n", "", "alice\0"])
    def test_what_is_no_username(self, alice, name):
        with pytest.raises(operations.BadUsername):
            rename(alice, name)

    def test_somebody_elses_name(self, alice, bob):
        with pytest.raises(operations.UsernameTaken):
            rename(alice, "bob")
        assert Page.objects.get(user=alice).username == "alice"

    def test_only_ones_own_page(self, alice, mallory):
        with pytest.raises(NotThere):
            rename(mallory, "stolen", page=alice.primary_page)

    def test_who_may_not_act_changes_nothing(self, alice):
        alice.status = "SUSPENDED"
        with pytest.raises(NotAllowed):
            rename(alice, "alice_p")

    def test_the_old_name_of_one_who_was_banned_leads_nowhere_and_stays_kept(self, alice, mallory):
        rename(alice, "alice_p")
        type(alice).objects.filter(pk=alice.pk).update(status="BANNED")
        with pytest.raises(NotThere) as gone:
            queries.page_by_username("alice")
        assert not isinstance(gone.value, queries.Renamed)
        with pytest.raises(operations.UsernameTaken):
            rename(mallory, "alice")

    def test_a_page_that_has_the_name_now_comes_first(self, alice, bob):
        FormerName.objects.create(page=bob.primary_page, username="alice", kept_until=NOON + 9999 * DAY)
        assert queries.page_by_username("alice").user_id == alice.pk

    def test_days_and_changes_are_settings(self, alice):
        with override_config(FORMER_NAME_DAYS=1, USERNAME_CHANGES=1, USERNAME_CHANGE_DAYS=2):
            rename(alice, "alice_1")
            assert FormerName.objects.get().kept_until == NOON + DAY
            with pytest.raises(operations.UsernameChangesSpent):
                rename(alice, "alice_2", at=NOON + DAY)


def at_once(*calls):
    """Outcomes of calls made at the same moment, each on a connection of its own."""
    start, outcomes = threading.Barrier(len(calls)), [None] * len(calls)

    def one(place, call):
        try:
            start.wait(timeout=30)
            outcomes[place] = call()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_of_eight_who_want_a_name_one_has_it(self, join):
        members = [join(f"member_{place}") for place in range(8)]
        outcomes = at_once(*(partial(rename, member, "the_one") for member in members))
        assert sum(isinstance(outcome, Page) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, operations.UsernameTaken) for outcome in outcomes) == 7
        assert FormerName.objects.count() == 1

    def test_two_changes_stay_two_in_a_burst(self, alice):
        outcomes = at_once(*(partial(rename, alice, f"alice_{place}") for place in range(6)))
        assert sum(isinstance(outcome, Page) for outcome in outcomes) == 2
        assert sum(isinstance(outcome, operations.UsernameChangesSpent) for outcome in outcomes) == 4

    @pytest.mark.parametrize("taker", ["join", "open_page", "rename"])
    def test_a_name_that_is_just_being_given_up_is_not_snatched(self, alice, mallory, taker):
        """Whoever comes for it waits for the change to commit, and then finds it kept."""
        take = {
            "join": partial(join, "alice"),
            "open_page": partial(operations.open_page, member=mallory, username="alice", display_name="Alice", at=NOON),
            "rename": partial(rename, mallory, "alice"),
        }[taker]
        outcome = []

        def come_for_it():
            try:
                outcome.append(take())
            except Exception as error:
                outcome.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=come_for_it)
        with transaction.atomic():
            rename(alice, "alice_p")
            thread.start()
            thread.join(timeout=1)
            assert not outcome  # it waits
        thread.join(timeout=30)
        assert isinstance(outcome[0], operations.UsernameTaken)
        assert not Page.objects.filter(username="alice").exists()

    def test_pages_stay_three_in_a_burst(self, alice):
        outcomes = at_once(
            *(
                partial(operations.open_page, member=alice, username=f"page_{place}", display_name="P", at=NOON)
                for place in range(6)
            )
        )
        assert sum(isinstance(outcome, Page) for outcome in outcomes) == 2
        assert sum(isinstance(outcome, operations.TooManyPages) for outcome in outcomes) == 4
        assert Page.objects.filter(user=alice).count() == 3

    def test_there_is_one_first_page_in_a_burst(self, alice):
        pages = [
            operations.open_page(member=alice, username=f"page_{place}", display_name="P", at=NOON)
            for place in range(2)
        ]
        at_once(*(partial(operations.make_primary, member=alice, page_id=page.pk, at=NOON) for page in pages * 3))
        assert Page.objects.filter(user=alice, is_primary=True).count() == 1
