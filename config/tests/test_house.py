"""The rules of the house, held against the tree as it is."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
HOUSES = ("accounts", "economy", "social", "marketplace", "governance")
UNWANTED = {"utils", "helpers", "services", "managers", "signals", "misc", "common"}
LONGEST = 400


def sources():
    for top in (*HOUSES, "config", "e2e", "benchmarks"):
        for path in (ROOT / top).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def rooms():
    return [
        path
        for house in HOUSES
        for path in sorted((ROOT / house).iterdir())
        if path.is_dir() and path.name not in ("migrations", "__pycache__", "tests", "locale")
    ]


def test_no_file_is_longer_than_400_lines():
    long = {str(p.relative_to(ROOT)): n for p in sources() if (n := len(p.read_text().splitlines())) > LONGEST}
    assert long == {}


def test_nothing_has_a_name_that_says_nothing():
    assert [str(p) for p in sources() if p.stem in UNWANTED or set(p.parts) & UNWANTED] == []


@pytest.mark.parametrize("room", rooms(), ids=lambda room: f"{room.parent.name}.{room.name}")
def test_every_room_says_what_must_stay_true(room):
    docstring = ast.get_docstring(ast.parse((room / "__init__.py").read_text()))
    assert docstring
    assert "ust stay true" in docstring


@pytest.mark.parametrize("room", rooms(), ids=lambda room: f"{room.parent.name}.{room.name}")
def test_rules_know_neither_database_nor_clock(room):
    for path in [*room.glob("rules.py"), *room.glob("rules/*.py")]:
        text = path.read_text()
        assert not re.search(r"^(from|import) django\.db|timezone\.now|datetime\.now|\.objects\b", text, re.M), path


DOORS = ("views", "api", "admin", "tasks")


@pytest.mark.parametrize("room", rooms(), ids=lambda room: f"{room.parent.name}.{room.name}")
def test_doors_do_not_import_each_other(room):
    for door in DOORS:
        for path in [*room.glob(f"{door}.py"), *room.glob(f"{door}/*.py")]:
            for other in set(DOORS) - {door}:
                here = rf"{room.parent.name}\.{room.name}"
                pattern = rf"from {here}\.{other}\b|from {here} import .*\b{other}\b"
                assert not re.search(pattern, path.read_text()), f"{path} imports {other}"


def test_no_exception_is_swallowed_whole():
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ExceptHandler):
                catches_all = node.type is None or (
                    isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
                )
                is_silent = all(isinstance(step, ast.Pass) for step in node.body)
                assert not (catches_all and is_silent), f"{path}:{node.lineno}"


def test_no_signals_carry_meaning():
    for path in sources():
        if "tests" not in path.parts:
            assert "django.db.models.signals" not in path.read_text(), path


def test_every_column_says_what_it_is():
    silent = [
        f"{model._meta.label}.{field.name}"
        for house in (*HOUSES, "config")
        for model in apps.get_app_config(house).get_models()
        for field in model._meta.get_fields()
        if getattr(field, "concrete", False)
        and not field.auto_created
        and not field.help_text
        and field.name not in ("password", "last_login")
    ]
    assert silent == []


def test_every_table_says_what_it_holds():
    for house in (*HOUSES, "config"):
        for model in apps.get_app_config(house).get_models():
            assert model.__doc__ and not model.__doc__.startswith(f"{model.__name__}("), model


def test_money_never_floats():
    for house in HOUSES:
        for model in apps.get_app_config(house).get_models():
            assert not [f.name for f in model._meta.get_fields() if f.__class__.__name__ == "FloatField"], model


def test_every_foreign_key_is_the_first_column_of_an_index(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.conrelid::regclass::text || '.' || a.attname FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND c.conparentid = 0
              AND split_part(c.conrelid::regclass::text, '_', 1) = ANY (%s)
              AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])
            ORDER BY 1
            """,
            [[*HOUSES, "config"]],
        )
        assert [row[0] for row in cursor.fetchall()] == []


def test_no_index_is_the_beginning_of_another(db):
    """Each of a table's indexes is written to by every new row: one that another one answers for is only a cost."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.indexrelid::regclass::text || ' is in ' || min(longer.indexrelid::regclass::text)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            JOIN pg_index longer ON longer.indrelid = i.indrelid AND longer.indexrelid <> i.indexrelid
            WHERE split_part(c.relname, '_', 1) = ANY (%s) AND NOT c.relispartition AND NOT i.indisunique
              AND i.indpred IS NULL AND longer.indpred IS NULL AND i.indexprs IS NULL AND longer.indexprs IS NULL
              AND longer.indkey::text || ' ' LIKE i.indkey::text || ' %%'
              AND longer.indoption::text || ' ' LIKE i.indoption::text || ' %%'
              AND longer.indclass::text || ' ' LIKE i.indclass::text || ' %%'
            GROUP BY i.indexrelid ORDER BY 1
            """,
            [[*HOUSES, "config"]],
        )
        assert [row[0] for row in cursor.fetchall()] == []


def test_templates_hold_no_inline_script_or_style():
    for path in (ROOT / "templates").rglob("*.html"):
        if "admin" in path.parts:
            continue
        text = path.read_text()
        assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)", text), path


def test_only_the_ledger_changes_wallets():
    """An empty wallet may be made elsewhere, by whoever lets members join; its figures may not."""
    pattern = re.compile(
        r"(UPDATE|DELETE FROM)\s+accounts_wallet\b"
        r"|INSERT INTO accounts_wallet (?!\(id, created_at, updated_at, user_id\))"
        r"|Wallet\.objects\.(filter\([^)]*\)\.)?update\(",
        re.I,
    )
    writers = {
        str(path.relative_to(ROOT))
        for house in (*HOUSES, "config")
        for path in [*(ROOT / house).rglob("*.py"), *(ROOT / house).rglob("*.sql")]
        if "tests" not in path.parts and pattern.search(path.read_text())
    }
    assert {path for path in writers if not path.startswith("economy/migrations/")} == set()


def test_pages_and_api_read_postings_behind_the_wall_alone():
    """Rows of the ledger come from its queries, which enter the wall; the admin and the jobs see all."""
    pattern = re.compile(
        r"\b(Posting|Transfer)\.(_default_manager|objects)\b|\.postings\b|economy_(posting|transfer)\b"
    )
    doors = [
        path
        for path in sources()
        if "tests" not in path.parts
        and {"views", "api", "serializers", "forms", "pages"} & {path.stem, path.parent.name}
        and pattern.search(path.read_text())
    ]
    assert doors == []
