"""What the tests of the API share."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.wallets.models import Wallet
from economy.ledger.models import Transfer
from social.feed import operations
from social.feed.models import Post

API = "/api/v1"
PROBLEM = "application/problem+json"
NOWHERE = "019a0000-0000-7000-8000-000000000000"
JOB = Transfer.Channel.JOB


def written(author: Any, content: str = "Hello.", *, minutes_ago: int = 0) -> Post:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    return operations.write_post(author=author, content=content, channel=JOB, at=at)


def balance(member: Any) -> Decimal:
    return Wallet.objects.get(user=member).balance


def is_problem(response: Any, status: int, slug: str, field: str | None = None) -> bool:
    body = json.loads(response.content)
    assert response.status_code == status, body
    assert response["Content-Type"] == PROBLEM
    assert body["type"] == slug
    assert body["status"] == status
    assert field is None or [error["field"] for error in body["errors"]] == [field]
    return True
