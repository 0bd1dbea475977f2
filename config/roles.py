"""The database's roles and what each may: made by `manage.py roles`, at each start by `up`, and for the tests.

Only what is missing is done, so a start beside a busy site takes no lock, and new tables get their grants from whoever
owns them even where that role may make no others.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from config.lib import walls

ROLES = ("civitas_readonly", "civitas_readwrite", "civitas_admin", walls.SERVING)
_APPEND_ONLY = ("economy_posting", "economy_transfer", "accounts_auditlog", "accounts_adminaction")
_ATTEMPTS = 5  # databases that are made at once share their roles, and find each other in the catalogue

_MAKE = """
DO $$ BEGIN
  CREATE ROLE {role} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$"""

# Each right that is wanted, where it is not yet there. A column that is not named means the whole table.
_MISSING = """
    SELECT w.table_, w.column_, w.right_, w.role_
      FROM unnest(%(tables)s::text[], %(columns)s::text[], %(rights)s::text[], %(roles)s::text[])
        WITH ORDINALITY AS w(table_, column_, right_, role_, place)
      WHERE NOT CASE WHEN w.column_ = '' THEN has_table_privilege(w.role_, quote_ident(w.table_), w.right_)
        ELSE has_column_privilege(w.role_, quote_ident(w.table_), w.column_, w.right_) END
      ORDER BY w.place
"""


class MayNotMakeRoles(Exception):
    """The database's user may not do this; the sentence is PostgreSQL's."""


def statements() -> list[str]:
    """All that is to be done, safe to repeat, for someone else to run."""
    found = [_made(_MAKE.strip(), role=role) for role in ROLES]
    found += [_made("GRANT USAGE ON SCHEMA public TO {role}", role=role) for role in ROLES]
    found += [_grant(*right) for right in _rights()]
    found.append(_SEQUENCES)
    found += [_made(f"GRANT EXECUTE ON FUNCTION {name} TO {{role}}", role=role) for name, role in _calls()]
    found += [_dropped(name) + ";\n" + words for name, words in _policies()]
    return [*found, *_memberships(_owner())]


def make() -> list[str]:
    """Do what is missing; what was done. May raise MayNotMakeRoles, and has then done what it could."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _make()
        except (psycopg.errors.UniqueViolation, psycopg.errors.InternalError_):
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError  # unreachable: the last attempt returns or raises


def _make() -> list[str]:
    done: list[str] = []
    refused = ""
    with _maker() as maker, maker.cursor() as cursor:
        # Two at once would change the same rows of the catalogue.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('civitas.roles', 0))")
        for statement in _missing(cursor):
            try:
                with maker.transaction():
                    cursor.execute(statement.encode())
                done.append(statement)
            except psycopg.errors.InsufficientPrivilege as why:
                refused = why.diag.message_primary or str(why)
                if statement.lstrip().startswith("DO"):
                    break  # no role, no rights
    if refused:
        raise MayNotMakeRoles(refused)
    return done


def _missing(cursor: psycopg.Cursor[Any]) -> Iterator[str]:
    """What is to be done, found out step by step: rights of a role can be asked for once it is there."""
    there = {name for (name,) in cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)", [list(ROLES)])}
    yield from [_made(_MAKE.strip(), role=role) for role in ROLES if role not in there]
    for role in ROLES:
        if not cursor.execute("SELECT has_schema_privilege(%s, 'public', 'USAGE')", [role]).fetchone()[0]:  # type: ignore[index]
            yield _made("GRANT USAGE ON SCHEMA public TO {role}", role=role)
    tables, columns, rights, roles = ([*part] for part in zip(*_rights(), strict=True))
    wanted = {"tables": tables, "columns": columns, "rights": rights, "roles": roles}
    missing = cursor.execute(_MISSING, wanted).fetchall()
    yield from [_grant(*right) for right in missing]
    if any(role == "civitas_readwrite" for *_right, role in missing):
        yield _SEQUENCES  # which come with tables
    for function, role in _calls():
        asked = cursor.execute("SELECT has_function_privilege(%s, %s, 'EXECUTE')", [role, function])
        if not asked.fetchone()[0]:  # type: ignore[index]
            yield _made(f"GRANT EXECUTE ON FUNCTION {function} TO {{role}}", role=role)
    for name, words in _policies():
        if cursor.execute("SELECT FROM pg_policy WHERE polname = %s", [name]).fetchone() is None:
            yield words
    owner = _owner()
    for statement, member, role, right in zip(
        _memberships(owner), ("civitas_admin", owner), (owner, walls.SERVING), ("MEMBER", walls.to_wear()), strict=True
    ):
        if not cursor.execute("SELECT pg_has_role(%s, %s, %s)", [member, role, right]).fetchone()[0]:  # type: ignore[index]
            yield statement


def _rights() -> list[tuple[str, str, str, str]]:
    """Table, column ("" for all), right and role. Months are reached through their table alone, so they get none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
            " AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
    found = []
    for table in tables:
        writes = ("SELECT", "INSERT") if table in _APPEND_ONLY else ("SELECT", "INSERT", "UPDATE", "DELETE")
        found.append((table, "", "SELECT", "civitas_readonly"))
        found += [(table, "", right, "civitas_readwrite") for right in writes]
    found += [(table, "", "SELECT", walls.SERVING) for table in sorted(walls.guarded) if table in tables]
    for table, columns in sorted(walls.opened.items()):
        found += [(table, column, "SELECT", walls.SERVING) for column in columns or ("",) if table in tables]
    return found


def _calls() -> list[tuple[str, str]]:
    """Functions that not everybody may call, and who may."""
    return [
        (name, role)
        for name in sorted(walls.functions)
        for role in ("civitas_readonly", "civitas_readwrite", walls.SERVING)
    ]


def _policies() -> list[tuple[str, str]]:
    """Name and statement of the policies that let the roles for reports and programs see all."""
    return [
        (
            f"{table}_all",
            _made(
                "CREATE POLICY {policy} ON {table} TO civitas_readonly, civitas_readwrite"
                " USING (true) WITH CHECK (true)",
                policy=f"{table}_all",
                table=table,
            ),
        )
        for table in sorted(walls.guarded)
    ]


_SEQUENCES = "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO civitas_readwrite"


def _dropped(policy: str) -> str:
    return _made("DROP POLICY IF EXISTS {policy} ON {table}", policy=policy, table=policy.removesuffix("_all"))


def _memberships(owner: str) -> list[str]:
    return [
        _made("GRANT {owner} TO civitas_admin", owner=owner),
        _made("GRANT {serving} TO {owner}", serving=walls.SERVING, owner=owner),
    ]


def _grant(table: str, column: str, right: str, role: str) -> str:
    if column:
        return _made(f"GRANT {right} ({{column}}) ON {{table}} TO {{role}}", column=column, table=table, role=role)
    return _made(f"GRANT {right} ON {{table}} TO {{role}}", table=table, role=role)


def _made(statement: str, **names: str) -> str:
    words = {name: sql.Identifier(word) for name, word in names.items()}
    return sql.SQL(statement).format(**words).as_string(None)


def _owner() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def _maker() -> psycopg.Connection[Any]:
    """A connection as whoever makes roles: the embedded server's own superuser where it is ours."""
    given = connection.get_connection_params()
    return psycopg.connect(
        dbname=connection.settings_dict["NAME"],
        user=given["user"] if settings.DATABASE_URL else "postgres",
        password=given.get("password"),
        host=given.get("host"),
        port=given.get("port"),
    )
