"""What the models say about their tables: docstrings, help texts, files, methods."""

import inspect
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import FunctionType
from typing import Any, TypeAlias

from django.apps import apps
from django.db import models
from django.db.models.fields import NOT_PROVIDED

from config.schemadoc import HOUSES, ROOT

Model = type[models.Model]
ColumnField: TypeAlias = "models.Field[Any, Any]"

# Columns that come with Django's own base class, which says nothing about them.
_INHERITED = {
    "password": "Hash of the password; unusable while the member signs in by phone alone.",
    "last_login": "When the member last signed in to the site.",
}


def ours() -> list[Model]:
    """The models of our own apps that have a table, in the order of the house, then by table."""
    found: list[Model] = []
    for house in HOUSES:
        models_of_house = apps.get_app_config(house).get_models(include_auto_created=True)
        found += sorted((m for m in models_of_house if m._meta.managed), key=lambda m: m._meta.db_table)
    return found


def others() -> list[tuple[str, str]]:
    """(table, app) of everybody else's tables."""
    found = {
        (model._meta.db_table, model._meta.app_config.name)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in HOUSES and model._meta.app_config is not None
    }
    return sorted(found | {("django_migrations", "django.db.migrations")})


def description_of(model: Model) -> str:
    """The docstring as one paragraph; nothing when it is the one that Django makes up."""
    text = model.__doc__ or ""
    if model._meta.auto_created or text.startswith(f"{model.__name__}("):
        return ""
    return " ".join(inspect.cleandoc(text).split())


def fields_of(model: Model) -> "dict[str, ColumnField]":
    """Column → field."""
    return {str(field.column): field for field in model._meta.local_concrete_fields}


def words_of(field: "ColumnField | None") -> str:
    """What a column means, in the words of its help text and of its choices."""
    if field is None:
        return ""
    words = str(field.help_text) or _INHERITED.get(field.name, "")
    if words and field.choices:
        words = f"{words.rstrip('.')}: {', '.join(str(value) for value, _label in field.flatchoices)}."
    return words


def default_of(field: "ColumnField | None") -> str | None:
    """The default that the application gives, when the database gives none."""
    if field is None or field.default is NOT_PROVIDED:
        return None
    if callable(field.default):
        return f"{getattr(field.default, '__name__', 'made')}()"
    value = field.default.value if isinstance(field.default, models.Choices) else field.default
    return "''" if value == "" else str(value).lower() if isinstance(value, bool) else str(value)


def links_of(model: Model) -> int:
    """How many of its columns point to another row and are held to it by the database."""
    return sum(1 for field in model._meta.local_concrete_fields if getattr(field, "db_constraint", False))


def file_of(model: Model) -> str:
    """The file that a model stands in, from the root of the project."""
    return str(Path(inspect.getsourcefile(model) or "").resolve().relative_to(ROOT))


def methods_of(model: Model) -> list[str]:
    """The model's own methods and properties, and the filters of its QuerySet as `objects.…`."""
    queryset = getattr(model._default_manager, "_queryset_class", models.QuerySet)
    return [*_own(model), *(f"objects.{name}" for name in _own(queryset) if queryset is not models.QuerySet)]


def _own(owner: type) -> Iterator[str]:
    for name, value in vars(owner).items():
        if name.startswith("_"):
            continue
        if isinstance(value, FunctionType | classmethod | staticmethod):
            yield f"{name}()"
        elif isinstance(value, property | cached_property):
            yield name


def trigger_words() -> dict[str, str]:
    """Trigger → what it is for, of the triggers that models declare."""
    found = {}
    for model in ours():
        for trigger in getattr(model._meta, "triggers", []):
            said = "" if type(trigger).__module__.startswith("pgtrigger.") else inspect.getdoc(type(trigger)) or ""
            found[trigger.get_pgid(model)] = " ".join(said.split()) or f"{type(trigger).__name__}: {trigger.name}."
    return found
