"""A private folder of the test's own, and members on their way out."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from accounts.badges.models import UserActivity
from accounts.departures import files, operations
from accounts.departures.models import DataExport
from accounts.invitations.models import Application, Invitation
from accounts.members.models import Block, FormerName, Mute, MutedWord, Page, Profile, User
from accounts.notifications.models import Notification, OutgoingMessage
from accounts.signin.models import EmailProof, PhoneVerification, RecoveryCode, TokenFamily
from accounts.wallets.models import WalletAddress

NUMBER = "+491705550001"


@pytest.fixture(autouse=True)
def private_folder(settings: Any, tmp_path: Path) -> Path:
    settings.PRIVATE_ROOT = tmp_path / "private"
    return tmp_path / "private"


@pytest.fixture
def close(now: datetime) -> Callable[..., datetime]:
    """Close a member's account: close(alice), close(alice, removes_writing=True)."""

    def closed(member: Any, *, at: datetime = now, removes_writing: bool = False) -> datetime:
        return operations.close_account(member=member, removes_writing=removes_writing, at=at)

    return closed


@pytest.fixture
def erase(close: Callable[..., datetime], now: datetime) -> Callable[..., int]:
    """Close a member's account and let the thirty days pass, word before the end included."""

    def erased(member: Any, **given: Any) -> int:
        until = close(member, **given)
        operations.remind_closed(at=until - timedelta(days=7))
        count = operations.erase_due(clock=lambda: until)
        member.refresh_from_db()
        return count

    return erased


@pytest.fixture
def export_of(now: datetime) -> Callable[..., DataExport]:
    """A finished copy of a member's data."""

    def made(member: Any, *, at: datetime = now) -> DataExport:
        export = operations.ask_for_export(member=member, at=at)
        operations.make_due_exports(clock=lambda: at)
        export.refresh_from_db()
        return export

    return made


def contents(export: DataExport) -> dict[str, Any]:
    """What is in an export: rows by part, and other files as bytes."""
    found: dict[str, Any] = {}
    with ZipFile(files.path_of(export.file)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            read = archive.read(name)
            found[name.removesuffix(".json")] = json.loads(read) if name.endswith(".json") else read
    return found


@pytest.fixture
def ana(join: Callable[..., Any], bob: Any, now: datetime) -> Any:
    """A member who has left traces wherever one can."""
    ana = join("ana", phone_number=NUMBER, email="ana@example.org", email_verified=True, first_name="Ana")
    ana.last_name, ana.two_factor_secret, ana.status_reason = "Alvarez", "SECRETSECRET", ""
    ana.set_password("correct horse battery")
    ana.save()
    soon = now + timedelta(days=1)
    Profile.objects.filter(user=ana).update(location="Quito", website="https://ana.example", interests=["tea"])
    Page.objects.filter(user=ana).update(bio="Ana from Quito", display_name="Ana A.")
    Page.objects.create(user=ana, username="ana_too", display_name="Ana Two", is_primary=False)
    page = ana.primary_page
    FormerName.objects.create(page=page, username="ana_before", kept_until=soon)
    Block.objects.create(user=ana, blocked=bob, page=bob.primary_page)
    Block.objects.create(user=bob, blocked=ana, page=page)
    Mute.objects.create(user=bob, page=page)
    MutedWord.objects.create(user=ana, word="rain")
    TokenFamily.objects.create(user=ana, current_jti="j", last_used_at=now, expires_at=soon, ip_address="203.0.113.9")
    RecoveryCode.objects.create(user=ana, code_hash="h")
    EmailProof.objects.create(user=ana, email="ana@example.org", secret_hash="s", expires_at=soon)
    PhoneVerification.objects.create(phone_number=NUMBER, code_hash="h", expires_at=soon)
    Notification.objects.create(user=ana, type="tip", title="Bob tipped you", happened_at=now)
    OutgoingMessage.objects.create(
        channel="SMS", recipient=NUMBER, body="your code", next_attempt_at=now, give_up_at=soon
    )
    WalletAddress.objects.create(user=ana, address="0x" + "a" * 40, network="base")
    Invitation.objects.create(inviter=ana, code="c" * 16, note="for my sister", expires_at=soon)
    Application.objects.create(phone_number=NUMBER, words="I am Ana")
    UserActivity.objects.create(user=ana, day=now.date())
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=bob, content_type=kind, object_id=str(ana.pk), object_repr="@ana", action_flag=CHANGE, change_message=""
    )
    return ana
