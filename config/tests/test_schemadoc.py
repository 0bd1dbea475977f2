"""docs/SCHEMA.md is exact, steady and complete; a missing description or a stale line is named."""

import ast
import re
import time

import pytest
import redis
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, models

from config import schemadoc, tasks
from config.lib.limits import Limit, take
from config.schemadoc import HOUSES, ROOT, catalogue, diagrams, document, facts, history, scratch
from config.schemadoc.cache_keys import CACHE_KEYS
from config.schemadoc.markdown import cell, table


@pytest.fixture
def known(db):
    return facts.gather()


@pytest.fixture
def scribble(tmp_path, monkeypatch, db):
    """The command writes here instead of docs/."""
    path = tmp_path / "SCHEMA.md"
    monkeypatch.setattr("config.management.commands.schemadoc.SCHEMA", path)
    monkeypatch.setattr("config.management.commands.schemadoc.ROOT", tmp_path)
    return path


def section(text, heading, level=2):
    return re.split(rf"^#{{1,{level}}} ", text.split(f"\n{'#' * level} {heading}\n")[1], flags=re.M)[0]


def run_sql(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# -- What is told ---------------------------------------------------------------------------------


def test_it_has_the_sections_of_its_template(known):
    text = document.written(known)
    for heading in (
        "Table of Contents",
        "ER Diagram",
        "Tables",
        "Relationships",
        "ORM Models",
        "Coverage Report",
        "Cache Layer",
        "Migration History",
    ):
        assert f"\n## {heading}\n" in text
    assert "\n### Many-to-Many Relationships\n" in text
    assert "\n### Missing Descriptions\n" in text


def test_every_link_of_its_contents_leads_to_a_heading(known):
    text = document.written(known)
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in text.splitlines() if line.startswith("#")}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def test_a_table_is_told_with_columns_rules_indexes_and_foreign_keys(known):
    page = section(document.written(known), "accounts_page", 3)
    assert "**File:** `accounts/members/models/member.py`" in page
    assert "| bio | VARCHAR(500) | NO | - | - | A few words about the page. |" in page
    assert "| user_id | UUID | NO | - | FK: accounts_user.id | The account behind the page. |" in page
    assert "| accounts_page_one_primary | user_id | UNIQUE WHERE `is_primary` |" in page
    assert "| accounts_page_created | created_at DESC | INDEX |" in page
    assert "| user_id | accounts_user.id | CASCADE (database: NO ACTION) | NO ACTION |" in page


def test_a_follow_joins_accounts_and_pages(known):
    both = section(document.written(known), "Many-to-Many Relationships", 3)
    assert "| accounts_user ↔ accounts_page | social_follow |" in both


def test_the_ledger_is_told_as_partitioned_and_guarded(known):
    text = document.written(known)
    assert "| economy_posting | `RANGE (id)` |" in section(text, "Partitions")
    assert "| economy_posting | economy_posting_append_only | BEFORE UPDATE or DELETE, each row |" in section(
        text, "Triggers"
    )
    assert "`ledger_move(" in section(text, "SQL Functions")


def test_every_table_of_ours_is_told_and_those_of_libraries_are_named(known):
    text = document.written(known)
    for model in facts.models.ours():
        assert f"\n### {model._meta.db_table}\n" in text
    assert "| django_session | django.contrib.sessions |" in section(text, "Tables of Libraries")
    assert "\n### django_session\n" not in text


def test_every_migration_of_ours_is_told_after_what_it_needs(known):
    steps = history.steps()
    on_disk = {f"{h}.{p.stem}" for h in HOUSES for p in (ROOT / h / "migrations").glob("[0-9]*.py")}
    assert {step.name for step in steps} == on_disk
    for place, step in enumerate(steps):
        assert set(step.after) <= {earlier.name for earlier in steps[:place]}
        assert step.words


def test_functions_and_views_say_what_they_are_for(known):
    silent = [f.name for f in known.catalogue.functions if not known.made[("FUNCTION", f.name)].words]
    silent += [v.name for v in known.catalogue.views if not known.made[("VIEW", v.name)].words]
    silent += [t.name for d in known.tables for t in d.table.triggers if not known.words_of_trigger(t.name, t.function)]
    assert silent == []


def test_a_comment_above_a_function_is_its_purpose(tmp_path, monkeypatch):
    path = tmp_path / "0001_a.sql"
    path.write_text("-- Opening.\n\n-- Funds ----------\n\nCREATE FUNCTION a() ...\n\n-- Does\n-- b.\nCREATE VIEW b AS")
    monkeypatch.setattr(history, "ROOT", tmp_path)
    assert [(m.kind, m.name, m.words) for m in history._made_in(path)] == [
        ("FUNCTION", "a", "(Funds)"),
        ("VIEW", "b", "Does b."),
    ]
    assert history._opening(path) == "Opening."


# -- Steady ---------------------------------------------------------------------------------------


def test_two_runs_give_one_text(known):
    assert document.written(known) == document.written(facts.gather())


def test_no_day_and_no_hour_stands_in_it(known):
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b|\d\d:\d\d:\d\d", document.written(known))


def test_months_and_rows_change_nothing(known, alice):
    before = document.written(known)
    run_sql(
        "SELECT civitas_make_month('economy_posting', '2031-01-01Z', '2031-02-01Z')",
        "SELECT civitas_make_month('economy_transfer', '2031-01-01Z', '2031-02-01Z')",
        "ANALYZE economy_posting",
    )
    assert document.written(facts.gather()) == before


def test_a_change_in_the_database_is_seen(known):
    before = document.written(known)
    run_sql(
        "CREATE INDEX page_bios ON accounts_page (bio) WHERE is_active",
        "ALTER TABLE accounts_page ADD CONSTRAINT page_bio_is_short CHECK (length(bio) < 400)",
        "ALTER TABLE accounts_page ALTER avatar DROP NOT NULL",
        "CREATE TRIGGER page_touched AFTER UPDATE OF bio, avatar ON accounts_page FOR EACH STATEMENT "
        "EXECUTE FUNCTION economy_append_only()",
        "CREATE VIEW v_pages AS SELECT username FROM accounts_page",
    )
    after = document.written(facts.gather())
    assert set(after.splitlines()) - set(before.splitlines()) >= {
        "| page_bios | bio | INDEX WHERE `is_active` | Look-ups and order by `bio` among the rows of its part |",
        "| page_bio_is_short | `CHECK ((length((bio)::text) < 400))` |",
        "| avatar | VARCHAR(500) | YES | - | - | Path of the picture; empty shows initials. |",
    }
    assert "| page_touched | AFTER UPDATE OF bio, avatar, each statement |" in after
    assert "| v_pages | username |" in after


# -- Complete -------------------------------------------------------------------------------------


def test_nothing_lacks_a_description(known):
    assert known.missing() == []
    assert "✗" not in section(document.written(known), "Coverage Report")


def test_what_lacks_a_description_is_named_and_counted(known, monkeypatch):
    run_sql("ALTER TABLE accounts_badge ADD COLUMN mystery text")
    monkeypatch.setattr("accounts.badges.models.UserBadge.__doc__", "UserBadge(id, created_at, user, badge)")
    known = facts.gather()
    assert known.missing() == [
        ("accounts_badge", "mystery", "No description"),
        ("accounts_userbadge", "-", "No table description"),
    ]
    text = document.written(known)
    assert "| accounts_badge | mystery | No description |" in section(text, "Missing Descriptions", 3)
    assert "✗" in section(text, "Coverage Report")


# -- The command ----------------------------------------------------------------------------------


def test_the_command_writes_and_then_finds_nothing_stale(scribble, capsys):
    call_command("schemadoc")
    assert scribble.read_text().startswith("# Database Schema: Civitas\n")
    call_command("schemadoc", check=True)
    assert "as it is" in capsys.readouterr().out


def test_check_names_what_is_stale_and_writes_nothing(scribble, capsys):
    call_command("schemadoc")
    kept = scribble.read_text().replace("A few words about the page.", "Once upon a time.")
    scribble.write_text(kept)
    with pytest.raises(CommandError, match="stale") as refused:
        call_command("schemadoc", check=True)
    assert refused.value.returncode == 1
    assert scribble.read_text() == kept
    assert "Once upon a time." in capsys.readouterr().err


def test_check_without_a_document_is_stale(scribble):
    with pytest.raises(CommandError, match="stale"):
        call_command("schemadoc", check=True)
    assert not scribble.exists()


def test_check_refuses_a_column_without_description(scribble, capsys):
    run_sql("ALTER TABLE accounts_badge ADD COLUMN mystery text")
    call_command("schemadoc")
    with pytest.raises(CommandError, match="1 descriptions are missing"):
        call_command("schemadoc", check=True)
    assert "accounts_badge.mystery: No description" in capsys.readouterr().err


def test_a_database_behind_its_migrations_is_known(db):
    assert not scratch.is_behind()
    run_sql("DELETE FROM django_migrations WHERE app = 'social'")
    assert scratch.is_behind()


# -- Small things ---------------------------------------------------------------------------------


@pytest.mark.parametrize("house", HOUSES)
def test_diagrams_hold_only_what_mermaid_can_read(known, house):
    first, second, *lines, last = diagrams.diagram(known, house)
    assert (first, second, last) == ("```mermaid", "erDiagram", "```")
    shapes = (
        r"",
        r"    \w+ (\|\||\|o)--(o\{|o\|) \w+ : \"[\w, ]+\"",
        r"    \w+ \{",
        r"    \}",
        r"        [a-z]\w* \w+( (PK|FK|UK)(, (PK|FK|UK))*)?",
    )
    assert [line for line in lines if not any(re.fullmatch(shape, line) for shape in shapes)] == []


def test_a_bar_does_not_end_a_cell():
    assert cell("a | b\nc") == "a \\| b c"
    assert list(table(("A",), [])) == ["None"]


def test_defaults_are_told_as_the_database_or_the_application_gives_them():
    assert catalogue._plain("'BRONZE'::character varying") == "'BRONZE'"
    assert catalogue._plain("now()") == "now()"
    assert facts.models.default_of(models.BooleanField(default=False)) == "false"
    assert facts.models.default_of(models.CharField(default="")) == "''"
    assert facts.models.default_of(models.CharField()) is None
    assert facts.models.default_of(models.JSONField(default=dict)) == "dict()"


# -- The cache layer ------------------------------------------------------------------------------


def keys_in(database):
    address = settings.REDIS_FOR_LIMITS.replace("db=3", f"db={database}")
    client = redis.Redis.from_url(address) if "db=" in address else redis.Redis.from_url(address[:-1] + str(database))
    mine = settings.CACHES["default"]["KEY_PREFIX"]
    found = [key.decode() for key in client.scan_iter(f"{mine}:*")]
    return {key.replace(mine, "civitas", 1): client.ttl(key.encode()) for key in found}


def told(key):
    """The entry whose pattern a key has; a {NAME} in capitals stands for one in capitals."""
    for known in CACHE_KEYS:
        pattern = re.sub(r"\\\{[A-Z]+\\\}", "[A-Z0-9_]+", re.escape(known.pattern))
        if re.fullmatch(re.sub(r"\\\{.*?\\\}", "[^:]+", pattern), key):
            return known
    return None


@pytest.mark.django_db
def test_what_the_site_puts_into_redis_is_told_with_its_time_to_live():
    tasks.heartbeat()
    take(Limit("codes", f"somebody-{time.time()}", 5, 60))
    written = keys_in(1) | keys_in(3)
    assert len(written) >= 2
    for key, left in written.items():
        known = told(key)
        assert known, key
        if not isinstance(known.ttl, str):
            assert 0 <= known.ttl.total_seconds() - left <= 30, key


def calls(name):
    """(file, call) of every call of a function of this name, tests aside."""
    for house in HOUSES:
        for path in (ROOT / house).rglob("*.py"):
            if "tests" in path.parts or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] == name:
                    yield path, node


def test_every_limit_in_the_code_is_told():
    names = {call.args[0].value for _path, call in calls("Limit")}
    told_of = {key.pattern.split(":")[2] for key in CACHE_KEYS if key.pattern.startswith("civitas:limit:")}
    assert names == told_of - {"api"}, "the API's requests are counted by config.lib.throttles"


def test_nothing_else_writes_to_the_cache():
    writers = {
        str(path.relative_to(ROOT))
        for name in ("set", "set_many", "add", "get_or_set", "incr")
        for path, call in calls(name)
        if ast.unparse(call.func).split(".")[0] in ("cache", "caches")
    }
    assert writers == {
        "accounts/members/remembered.py",
        "accounts/notifications/operations/gathering.py",
        "accounts/notifications/operations/notices.py",
        "accounts/signin/operations/sessions.py",
        "config/tasks.py",
    }, "tell new keys in config/schemadoc/cache_keys.py, then add the file here"


def test_the_document_is_where_the_house_says():
    assert schemadoc.SCHEMA == ROOT / "docs" / "SCHEMA.md"
