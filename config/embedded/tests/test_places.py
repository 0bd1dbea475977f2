"""Who runs the servers, and where, without starting any."""

import os
import pwd
import stat
from pathlib import Path

import pytest

from config.embedded import places
from config.embedded.processes import Account
from config.embedded.refusals import CannotStart, NotOurs

NOBODY = Account(65534, 65534, "nobody")


def test_without_useradd_an_account_without_rights_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"nobody": pwd.struct_passwd(("nobody", "x", 65534, 65534, "", "/", ""))}
    monkeypatch.setattr(places.pwd, "getpwnam", lambda name: known[name])
    monkeypatch.setattr(places.pwd, "getpwuid", lambda uid: known["nobody"])
    monkeypatch.setattr(places.shutil, "which", lambda *args, **kwargs: None)
    assert places.system_account().name == "nobody"
    known.clear()
    with pytest.raises(CannotStart, match="ordinary user"):
        places.system_account()


def test_a_user_without_an_entry_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(places.os, "geteuid", lambda: 54321)
    with pytest.raises(CannotStart, match="54321 has no entry"):
        places.choose(tmp_path)


def test_a_closed_folder_on_the_way_is_seen(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "open"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)
    assert not places.may_reach(inner, NOBODY)
    owner = inner.stat()
    assert places.may_reach(Path("/usr/bin"), NOBODY)
    assert places.may_reach(inner, Account(owner.st_uid, owner.st_gid, "owner"))


def test_only_folders_made_here_are_opened_for_passing(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    before = os.umask(0o077)
    try:
        places.make_root(tmp_path / "data" / "test")
    finally:
        os.umask(before)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "test").stat().st_mode) == 0o701
    (tmp_path / "data").chmod(0o700)
    places.make_root(tmp_path / "data" / "test")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_a_folder_of_another_user_is_not_taken(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    with pytest.raises(NotOurs, match="belongs to another user"):
        places.own_folder(folder, Account(folder.stat().st_uid + 1, 1, "somebody"))
    link = tmp_path / "link"
    link.symlink_to(folder)
    with pytest.raises(NotOurs):
        places.own_folder(link, Account(folder.stat().st_uid, folder.stat().st_gid, "owner"))


def test_the_sockets_folder_is_short_and_always_the_same(tmp_path: Path) -> None:
    deep = tmp_path / ("long" * 30)
    run = places._socket_folder(deep)
    assert run == places._socket_folder(deep)
    assert len(os.fsencode(run / ".s.PGSQL.5432")) < 100
    assert places._socket_folder(Path("/srv/civitas")) == Path("/srv/civitas/run")


def test_a_copy_of_a_data_folder_does_not_share_the_original(tmp_path: Path) -> None:
    home, original, copy = tmp_path / "home", tmp_path / "original", tmp_path / "copy"
    for folder in (home, original, copy):
        folder.mkdir()
        note = f'{{"home": "{home}", "root": "{original}"}}'
        (folder / "servers.json").write_text(note)
    assert places.known(copy) is None
    assert places._moved_here(copy) is None
    (original / "servers.json").unlink()
    original.rmdir()
    assert places._moved_here(copy) == home  # now it is no copy but the original, renamed
