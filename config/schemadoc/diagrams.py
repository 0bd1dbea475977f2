"""Entity relationship diagrams for Mermaid, one per app so that each stays readable."""

import re
from collections.abc import Iterator

from config.schemadoc.catalogue import Column, Constraint
from config.schemadoc.facts import Described, Facts


def diagram(facts: Facts, house: str) -> list[str]:
    """The tables of one app with their columns; tables of other apps stand as empty boxes at the ends of lines."""
    tables = facts.of_house(house)
    lines = ["```mermaid", "erDiagram"]
    links = [_link(described, key) for described in tables for key in described.foreign_keys]
    lines += [f"    {link}" for link in links]
    for described in tables:
        lines += ["", f"    {described.table.name} {{"]
        lines += [f"        {attribute}" for attribute in _attributes(described)]
        lines.append("    }")
    return [*lines, "```"]


def cardinality(described: Described, key: Constraint) -> str:
    """one-to-one or one-to-many, seen from the table that is pointed to."""
    return "one-to-one" if described.is_unique(key.columns) else "one-to-many"


def _link(described: Described, key: Constraint) -> str:
    one = "|o" if any(described.is_nullable(column) for column in key.columns) else "||"
    many = "o|" if cardinality(described, key) == "one-to-one" else "o{"
    return f'{key.to_table} {one}--{many} {described.table.name} : "{", ".join(key.columns)}"'


def _attributes(described: Described) -> Iterator[str]:
    for column in described.table.columns:
        marks = ", ".join(_marks(described, column))
        yield f"{_bare(column.type)} {column.name} {marks}".rstrip()


def _marks(described: Described, column: Column) -> Iterator[str]:
    if any(column.name in key.columns for key in described.table.of_kind("p")):
        yield "PK"
    if any(column.name in key.columns for key in described.foreign_keys):
        yield "FK"
    if any(key.columns == (column.name,) for key in described.table.of_kind("u")):
        yield "UK"


def _bare(kind: str) -> str:
    """A type as Mermaid can read it: letters, digits and underscores."""
    return re.sub(r"\W+", "_", re.sub(r"\(.*\)", "", kind).replace("[]", "_array")).strip("_").lower()
