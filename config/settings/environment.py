"""The environment, read strictly: a wrong value stops the start with one sentence that says what to write instead."""

import os
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(str(BASE_DIR / ".env"))


def refuse(sentence: str) -> NoReturn:
    """Stop with one sentence on stderr and exit code 78 (EX_CONFIG); no traceback: the reader is an operator."""
    sys.stderr.write(f"Civitas cannot start: {sentence}\n")
    raise SystemExit(78)


def flag(name: str, default: bool) -> bool:
    """A yes or no: true/false, yes/no, on/off, 1/0; anything else is refused."""
    given = os.environ.get(name, "").strip().lower()
    if not given:
        return default
    if given in {"1", "true", "yes", "on"}:
        return True
    if given in {"0", "false", "no", "off"}:
        return False
    refuse(f"{name} is {given!r}; write true or false.")


def whole_number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number between two bounds, both included."""
    given = os.environ.get(name, "").strip()
    if not given:
        return default
    if not given.isascii() or not given.isdecimal() or not least <= int(given) <= most:
        refuse(f"{name} is {given!r}; write a whole number from {least} to {most}.")
    return int(given)


def url(name: str, schemes: tuple[str, ...]) -> str:
    """An address of one of the schemes, or an empty string when the variable is not set."""
    given = os.environ.get(name, "").strip()
    if given and urlsplit(given).scheme not in schemes:
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        refuse(f"{name} must begin with {wanted}, but its scheme is {urlsplit(given).scheme!r}.")
    return given


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list; empty entries are dropped."""
    given = os.environ.get(name, "")
    return [word.strip() for word in given.split(",") if word.strip()] or default
