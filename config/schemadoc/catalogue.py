"""What PostgreSQL's own catalogue knows about our tables, as plain rows in a fixed order."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_LONG_TYPES = {
    "character varying": "varchar",
    "timestamp with time zone": "timestamptz",
    "double precision": "float8",
}
# Bits of pg_trigger.tgtype.
_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE, _INSTEAD = (1 << bit for bit in range(7))


@dataclass(frozen=True)
class Column:
    """One column; `default` is the database's, as an expression."""

    name: str
    type: str
    is_nullable: bool
    default: str | None


@dataclass(frozen=True)
class Constraint:
    """A rule that the database holds; `kind` is p(rimary key), u(nique), f(oreign key), c(heck) or x (exclusion)."""

    name: str
    kind: str
    columns: tuple[str, ...]
    definition: str
    to_table: str = ""
    to_columns: tuple[str, ...] = ()
    on_delete: str = ""
    on_update: str = ""


@dataclass(frozen=True)
class Index:
    """One index; `columns` are names or expressions with their direction."""

    name: str
    columns: tuple[str, ...]
    method: str
    is_unique: bool
    is_primary: bool
    only: str | None


@dataclass(frozen=True)
class Trigger:
    """One trigger of a table itself (not of its partitions)."""

    name: str
    when: str
    function: str


@dataclass
class Table:
    """All of one table; `partitioned` is the key of its partitions, such as RANGE (id)."""

    name: str
    partitioned: str | None = None
    columns: list[Column] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)

    def of_kind(self, *kinds: str) -> list[Constraint]:
        return [constraint for constraint in self.constraints if constraint.kind in kinds]


@dataclass(frozen=True)
class Function:
    """A function in SQL or PL/pgSQL."""

    name: str
    arguments: str
    returns: str
    language: str


@dataclass(frozen=True)
class View:
    """A view and its columns."""

    name: str
    columns: tuple[str, ...]


@dataclass
class Catalogue:
    """The tables asked for, and every function and view of the schema."""

    tables: dict[str, Table]
    functions: list[Function]
    views: list[View]


def read(tables: Iterable[str]) -> Catalogue:
    """The catalogue of the tables that exist among those named, in the schema that the connection works in."""
    names = sorted(tables)
    found: dict[str, Table] = {}
    for name, key in _rows(
        "SELECT relname, CASE WHEN relkind = 'p' THEN pg_get_partkeydef(c.oid) END FROM pg_class c "
        "WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND relname = ANY (%s) "
        "ORDER BY 1",
        names,
    ):
        found[name] = Table(name=name, partitioned=key)
    for part, reader in (
        ("columns", _columns),
        ("constraints", _constraints),
        ("indexes", _indexes),
        ("triggers", _triggers),
    ):
        for table, rows in reader(names).items():
            getattr(found[table], part).extend(rows)
    return Catalogue(tables=found, functions=_functions(), views=_views())


def _rows(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


# The tables named in the first parameter.
_OURS = (
    "JOIN pg_class t ON t.oid = {of} AND t.relnamespace = current_schema()::regnamespace "
    "AND t.relkind IN ('r', 'p') AND t.relname = ANY (%s)"
)


def _columns(names: list[str]) -> dict[str, list[Column]]:
    sql = f"""
        SELECT t.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
               CASE WHEN a.attidentity <> '' THEN 'identity'
                    WHEN a.attgenerated <> '' THEN 'generated: ' || pg_get_expr(d.adbin, d.adrelid)
                    ELSE pg_get_expr(d.adbin, d.adrelid) END
        FROM pg_attribute a {_OURS.format(of="a.attrelid")}
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped
        ORDER BY t.relname, a.attnum
    """  # noqa: S608
    found = defaultdict(list)
    for table, name, kind, is_nullable, default in _rows(sql, names):
        found[table].append(Column(name, _short(kind), is_nullable, _plain(default)))
    return found


def _constraints(names: list[str]) -> dict[str, list[Constraint]]:
    # NOT NULL ('n') stands with its column; constraint triggers ('t') stand with the triggers.
    sql = f"""
        SELECT t.relname, c.conname, c.contype::text, pg_get_constraintdef(c.oid),
               coalesce(other.relname, ''), c.confdeltype::text, c.confupdtype::text,
               {_names("c.conrelid", "c.conkey")}, {_names("c.confrelid", "c.confkey")}
        FROM pg_constraint c {_OURS.format(of="c.conrelid")}
        LEFT JOIN pg_class other ON other.oid = c.confrelid
        WHERE c.contype IN ('p', 'u', 'f', 'c', 'x') AND c.conparentid = 0
        ORDER BY t.relname, c.conname
    """  # noqa: S608
    found = defaultdict(list)
    for table, name, kind, definition, other, deleted, updated, columns, others in _rows(sql, names):
        found[table].append(
            Constraint(
                name=name,
                kind=kind,
                columns=tuple(columns or ()),
                definition=definition,
                to_table=other,
                to_columns=tuple(others or ()),
                on_delete=_ACTIONS.get(deleted, ""),
                on_update=_ACTIONS.get(updated, ""),
            )
        )
    return found


def _names(table: str, numbers: str) -> str:
    return (
        f"(SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest({numbers}) WITH ORDINALITY k (number, place) "  # noqa: S608
        f"JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = k.number)"
    )


def _indexes(names: list[str]) -> dict[str, list[Index]]:
    sql = f"""
        SELECT t.relname, x.relname, m.amname, i.indisunique, i.indisprimary, pg_get_expr(i.indpred, i.indrelid),
               (SELECT array_agg(
                  pg_get_indexdef(i.indexrelid, n, true)
                  || CASE WHEN m.amname = 'btree' AND i.indoption[n - 1] & 1 = 1 THEN ' DESC' ELSE '' END
                  || CASE WHEN o.opcdefault THEN '' ELSE ' ' || o.opcname END
                  ORDER BY n)
                FROM generate_series(1, i.indnkeyatts) n JOIN pg_opclass o ON o.oid = i.indclass[n - 1])
        FROM pg_index i {_OURS.format(of="i.indrelid")}
        JOIN pg_class x ON x.oid = i.indexrelid
        JOIN pg_am m ON m.oid = x.relam
        ORDER BY t.relname, NOT i.indisprimary, NOT i.indisunique, x.relname
    """  # noqa: S608
    found = defaultdict(list)
    for table, name, method, is_unique, is_primary, only, columns in _rows(sql, names):
        found[table].append(Index(name, tuple(columns), method, is_unique, is_primary, only))
    return found


def _triggers(names: list[str]) -> dict[str, list[Trigger]]:
    sql = f"""
        SELECT t.relname, g.tgname, g.tgtype, f.proname, g.tginitdeferred, {_names("g.tgrelid", "g.tgattr::int2[]")}
        FROM pg_trigger g {_OURS.format(of="g.tgrelid")}
        JOIN pg_proc f ON f.oid = g.tgfoid
        WHERE NOT g.tgisinternal AND g.tgparentid = 0
        ORDER BY t.relname, g.tgname
    """  # noqa: S608
    found = defaultdict(list)
    for table, name, bits, function, is_deferred, columns in _rows(sql, names):
        found[table].append(Trigger(name, _when(bits, columns, is_deferred=is_deferred), function))
    return found


def _when(bits: int, columns: list[str] | None, *, is_deferred: bool) -> str:
    time = "BEFORE" if bits & _BEFORE else "INSTEAD OF" if bits & _INSTEAD else "AFTER"
    update = f"UPDATE OF {', '.join(columns)}" if columns else "UPDATE"
    events = ((_INSERT, "INSERT"), (_UPDATE, update), (_DELETE, "DELETE"), (_TRUNCATE, "TRUNCATE"))
    happens = " or ".join(name for bit, name in events if bits & bit)
    level = "each row" if bits & _ROW else "each statement"
    return f"{time} {happens}, {level}{', at commit' if is_deferred else ''}"


def _functions() -> list[Function]:
    # Functions of extensions are not ours; those of pgtrigger stand with their triggers.
    rows = _rows(
        "SELECT p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), l.lanname "
        "FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang "
        "WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f' "
        "AND p.proname NOT LIKE '%%pgtrigger%%' "
        "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1, 2"
    )
    return [Function(name, _brief(given), _brief(returns), language) for name, given, returns, language in rows]


def _views() -> list[View]:
    rows = _rows(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('v', 'm') "
        "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') GROUP BY 1 ORDER BY 1"
    )
    return [View(name, tuple(columns)) for name, columns in rows]


def _short(kind: str) -> str:
    return _brief(kind).upper()


def _brief(text: str) -> str:
    for long, short in _LONG_TYPES.items():
        text = text.replace(long, short)
    return text


def _plain(default: str | None) -> str | None:
    """A default without the cast that the catalogue adds to a text: 'BRONZE'::character varying → 'BRONZE'."""
    return default.split("::")[0] if default and default.startswith("'") else default
