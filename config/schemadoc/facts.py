"""Catalogue, models and migrations side by side: all that the document tells, gathered once."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from config.schemadoc import HOUSES, catalogue, history, models
from config.schemadoc.catalogue import Catalogue, Constraint, Index, Table
from config.schemadoc.models import Model


@dataclass(frozen=True)
class Described:
    """A table with the model that it belongs to."""

    table: Table
    model: Model

    @property
    def house(self) -> str:
        return self.model._meta.app_label

    @cached_property
    def fields(self) -> "dict[str, models.ColumnField]":
        return models.fields_of(self.model)

    @property
    def foreign_keys(self) -> list[Constraint]:
        return self.table.of_kind("f")

    def is_unique(self, columns: tuple[str, ...]) -> bool:
        """Whether no two rows agree in these columns."""
        return any(rule.columns == columns for rule in self.table.of_kind("p", "u")) or any(
            index.is_unique and index.only is None and index.columns == columns for index in self.table.indexes
        )

    def is_nullable(self, column: str) -> bool:
        return next(known.is_nullable for known in self.table.columns if known.name == column)


@dataclass
class Facts:
    """Everything, in the order in which it is told."""

    catalogue: Catalogue
    tables: list[Described] = field(default_factory=list)
    made: dict[tuple[str, str], history.Made] = field(default_factory=dict)
    trigger_words: dict[str, str] = field(default_factory=dict)

    def of_house(self, house: str) -> list[Described]:
        return [described for described in self.tables if described.house == house]

    @property
    def houses(self) -> list[str]:
        return [house for house in HOUSES if self.of_house(house)]

    def words_of_trigger(self, name: str, function: str) -> str:
        """What a trigger is for: the model's words, else those above it in its SQL file, else its function's."""
        for key, words in self.trigger_words.items():
            if name == key:
                return words
        for kind, known in (("TRIGGER", name), ("FUNCTION", function)):
            if (made := self.made.get((kind, known))) and made.words:
                return made.words
        return ""

    def missing(self) -> list[tuple[str, str, str]]:
        """(table, column, what is missing)."""
        found = []
        for described in self.tables:
            if not models.description_of(described.model):
                found.append((described.table.name, "-", "No table description"))
            found += [
                (described.table.name, column.name, "No description")
                for column in described.table.columns
                if not models.words_of(described.fields.get(column.name))
            ]
        return found


def gather() -> Facts:
    """Read the connected database, the models and the migrations."""
    known = models.ours()
    read = catalogue.read(model._meta.db_table for model in known)
    return Facts(
        catalogue=read,
        tables=[Described(read.tables[m._meta.db_table], m) for m in known if m._meta.db_table in read.tables],
        made=history.sql_objects(),
        trigger_words=models.trigger_words(),
    )


def purpose_of(index: Index, described: Described) -> str:
    """What an index is for, from what it is: identity, uniqueness, a foreign key, an order, a part of the rows."""
    listed = ", ".join(f"`{column}`" for column in index.columns)
    rows = " among the rows of its part" if index.only else ""
    if index.is_primary:
        return "Identity of a row"
    if index.is_unique:
        return f"At most one row per {listed}{rows}"
    if index.method == "gin":
        return f"Search in {listed}"
    first, *others = index.columns
    for key in described.foreign_keys:
        if key.columns == (first.split(" ")[0],) and not others:
            return f"Rows of one {key.to_table}{rows}; keeps its removal cheap"
    if first.endswith(("varchar_pattern_ops", "text_pattern_ops")):
        return "Look-ups by the beginning of the text"
    if not others:
        return f"Look-ups and order by {listed}{rows}"
    rest = ", ".join(f"`{column}`" for column in others)
    return f"Rows by `{first}`, then in order of {rest}{rows}"


def span(ttl: timedelta | str | None) -> str:
    """A time to live in words."""
    if ttl is None:
        return "none"
    if isinstance(ttl, str):
        return ttl
    seconds = int(ttl.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
