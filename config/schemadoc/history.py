"""What the migrations say: the SQL objects they make, and their own story."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from django.db import migrations
from django.db.migrations.loader import MigrationLoader

from config.schemadoc import HOUSES, ROOT

_MAKES = re.compile(
    r"^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+|MATERIALIZED\s+)?(FUNCTION|VIEW|TRIGGER)\s+\"?(\w+)", re.I
)
_RULER = re.compile(r"^--\s*(.*?)\s*-{5,}$")


@dataclass(frozen=True)
class Made:
    """An SQL object as a migration's file tells it."""

    kind: str
    name: str
    words: str
    file: str


@dataclass(frozen=True)
class Step:
    """One migration of ours."""

    name: str
    after: tuple[str, ...]
    words: str


def steps() -> list[Step]:
    """Our migrations in an order in which they can run: of one app by number, each after what it needs."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found: list[Step] = []
    seen: set[tuple[str, str]] = set()
    for house in HOUSES:
        for leaf in loader.graph.leaf_nodes(house):
            for key in loader.graph.forwards_plan(leaf):
                if key[0] in HOUSES and key not in seen:
                    seen.add(key)
                    found.append(_step(key, loader.disk_migrations[key]))
    return found


def sql_objects() -> dict[tuple[str, str], Made]:
    """(kind, name) → the last file that makes it, and the comment above it there (or its section's heading)."""
    return {(made.kind, made.name): made for path in _files() for made in _made_in(path)}


def _step(key: tuple[str, str], migration: Any) -> Step:
    app, name = key
    after = sorted(f"{a}.{n}" for a, n in migration.dependencies if a in HOUSES and n != "__first__")
    return Step(f"{app}.{name}", tuple(after), _words_of(app, name, migration))


def _words_of(app: str, name: str, migration: Any) -> str:
    """The module's docstring; else the opening of its SQL file; else its name and what it does to tables."""
    module = import_module(f"{app}.migrations.{name}")
    if module.__doc__:
        return _first_sentence(inspect.cleandoc(module.__doc__))
    path = ROOT / app / "migrations" / f"{name}.sql"
    if path.exists() and (opening := _opening(path)):
        return _first_sentence(opening)
    title = name.partition("_")[2].replace("_", " ").capitalize()
    made = [op.name for op in migration.operations if isinstance(op, migrations.CreateModel)]
    changed = {
        op.model_name
        for op in migration.operations
        if isinstance(op, migrations.AddField | migrations.AlterField | migrations.RemoveField)
    } - {name.lower() for name in made}
    told = [f"makes {', '.join(sorted(made))}"] if made else []
    told += [f"changes {', '.join(sorted(changed))}"] if changed else []
    return f"{title}: {'; '.join(told)}." if told else f"{title}."


def _files() -> Iterator[Path]:
    for house in HOUSES:
        for path in sorted((ROOT / house / "migrations").glob("*.sql")):
            if not path.name.endswith(".reverse.sql"):
                yield path


def _opening(path: Path) -> str:
    """The comment that a file begins with, to its first empty line."""
    lines = []
    for line in path.read_text().splitlines():
        if not line.startswith("--") or not line.strip("- "):
            break
        lines.append(line.lstrip("- "))
    return " ".join(lines)


def _made_in(path: Path) -> Iterator[Made]:
    above: list[str] = []
    heading = ""
    for line in path.read_text().splitlines():
        if ruler := _RULER.match(line):
            heading, above = re.sub(r"\s*\(.*\)", "", ruler[1]), []
        elif line.startswith("--"):
            above.append(line.lstrip("- ").strip())
        else:
            if made := _MAKES.match(line):
                words = " ".join(above) or (f"({heading})" if heading else "")
                yield Made(made[1].upper(), made[2].lower(), words, str(path.relative_to(ROOT)))
            above = []


def _first_sentence(text: str) -> str:
    paragraph = " ".join(text.split("\n\n")[0].split())
    return re.split(r"(?<=[.!?]) (?=[A-Z])", paragraph)[0]
