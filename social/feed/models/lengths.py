"""A length that the database keeps to."""

from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual


def length_between(field: str, most: int) -> Q:
    """The condition that a text has 1 to `most` characters."""
    return Q(GreaterThanOrEqual(Length(field), 1)) & Q(LessThanOrEqual(Length(field), most))
