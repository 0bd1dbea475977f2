"""Every table and column of the source documents has a home that exists, a stated reason, or a room to come."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.urls import NoReverseMatch, reverse

from config.tests.data_map import BEGUN, HOMES, NOT_YET_BUILT, Later, Model, Told, View
from config.tests.source_columns import SOURCE_COLUMNS

ROOT = Path(settings.BASE_DIR)


def has_field(model, name):
    """Whether a model has a field by its name (`user`) or by its column (`user_id`)."""
    try:
        return model._meta.get_field(name).concrete
    except FieldDoesNotExist:
        return name in {field.attname for field in model._meta.concrete_fields}


def homes_of(home, column):
    """The (model label, field) pairs of one column, or its reason."""
    found = home.columns.get(column, column)
    if isinstance(found, Told | Later):
        return found
    pairs = []
    for name in (found,) if isinstance(found, str) else found:
        label, _dot, last = name.rpartition(".")
        pairs.append((label or home.label, last))
    return pairs


def homeless(table, columns):
    """Columns of a source table whose home does not exist."""
    home = HOMES.get(table)
    if home is None:
        return [f"{table}: no home"]
    if not isinstance(home, Model):
        return []
    missing = []
    for column in columns:
        found = homes_of(home, column)
        if isinstance(found, list):
            missing += [
                f"{table}.{column} → {label}.{name}"
                for label, name in found
                if not has_field(apps.get_model(label), name)
            ]
    return missing


@pytest.mark.parametrize("table", SOURCE_COLUMNS)
def test_every_column_has_a_home(table):
    assert homeless(table, SOURCE_COLUMNS[table]) == []


def test_a_column_without_home_is_found():
    assert homeless("2 pages", ["page_id", "shoe_size"]) == ["2 pages.shoe_size → accounts.Page.shoe_size"]
    assert homeless("5 moons", ["id"]) == ["5 moons: no home"]


@pytest.mark.parametrize("table", HOMES)
def test_every_home_is_that_of_a_source_column(table):
    home = HOMES[table]
    assert table in SOURCE_COLUMNS
    if isinstance(home, Model):
        apps.get_model(home.label)
        assert set(home.columns) <= set(SOURCE_COLUMNS[table])
        same = [c for c, found in home.columns.items() if found == c]
        assert same == [], "a field of the same name need not be told"


def test_every_reason_is_a_sentence():
    reasons = [home for home in HOMES.values() if isinstance(home, Told)]
    for home in HOMES.values():
        if isinstance(home, Model):
            reasons += [found for found in home.columns.values() if isinstance(found, Told)]
    assert [reason for reason in reasons if len(reason.why.split()) < 5] == []


@pytest.mark.django_db
@pytest.mark.parametrize("table", [table for table, home in HOMES.items() if isinstance(home, View)])
def test_every_view_has_the_columns_of_its_source(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name = %s",
            [HOMES[table].name],
        )
        columns = {name for (name,) in cursor.fetchall()}
    assert set(SOURCE_COLUMNS[table]) <= columns


# -- Rooms to come --------------------------------------------------------------------------------


def awaited():
    for home in HOMES.values():
        if isinstance(home, Later):
            yield home.home
        if isinstance(home, Model):
            yield from (found.home for found in home.columns.values() if isinstance(found, Later))


def test_only_what_is_listed_may_come_later():
    assert set(awaited()) == set(NOT_YET_BUILT)


def is_built(home):
    """Whether a home of the list stands: its model, its room while the models have no names, its address."""
    if ":" in home:
        try:
            return bool(reverse(home))
        except NoReverseMatch:
            return False
    app, name = home.split(".")
    if name[0].isupper():
        return name.lower() in apps.get_app_config(app).models
    return (ROOT / app / name).exists()


@pytest.mark.parametrize("home", NOT_YET_BUILT)
def test_what_is_built_has_left_the_list(home):
    assert not is_built(home), f"{home} stands: give its tables their homes in data_map.py"
    room = NOT_YET_BUILT[home]
    assert room in BEGUN or not (ROOT / room.replace(".", "/")).exists(), (
        f"{room} stands: move its tables to their homes in data_map.py, or say in BEGUN what it holds so far"
    )


def test_what_has_begun_stands_and_still_waits():
    for room in BEGUN:
        place = ROOT / room.replace(".", "/")
        assert place.is_dir() or place.with_suffix(".py").exists()
        assert room in NOT_YET_BUILT.values()


def test_the_list_would_notice():
    assert is_built("accounts.Page")
    assert is_built("social.feed")
    assert is_built("api:wallet")
    assert not is_built("social.Pigeon")
