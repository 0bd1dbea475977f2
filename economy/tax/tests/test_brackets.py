"""The table of brackets is put in force as a whole, by admins, or not at all."""

from decimal import Decimal as D

import pytest

from config.lib.refusals import NotAllowed
from economy.tax.models import TaxBracket
from economy.tax.operations import BracketsHaveGaps, set_brackets
from economy.tax.rules import Bracket

FREE = Bracket("free", D("0"), D("100"), D("0"))
REST = Bracket("rest", D("100"), None, D("0.1"))


def in_force():
    return list(TaxBracket.objects.order_by("lower").values_list("name", "lower", "upper", "rate"))


def test_a_complete_table_replaces_the_one_before(admin_member):
    set_brackets(staff=admin_member, brackets=[REST, FREE])
    assert in_force() == [
        ("free", D("0.00"), D("100.00"), D("0.0000")),
        ("rest", D("100.00"), None, D("0.1000")),
    ]


@pytest.mark.parametrize(
    "brackets",
    [
        [],
        [FREE],
        [REST],
        [FREE, Bracket("rest", D("150"), None, D("0.1"))],
        [FREE, Bracket("rest", D("50"), None, D("0.1"))],
        [FREE, Bracket("free", D("100"), None, D("0.1"))],
        [Bracket("none", D("0"), D("0"), D("0")), Bracket("rest", D("0"), None, D("0.1"))],
    ],
)
def test_a_table_with_gaps_or_two_alike_is_refused_and_the_old_one_stays(admin_member, brackets):
    before = in_force()
    with pytest.raises(BracketsHaveGaps):
        set_brackets(staff=admin_member, brackets=brackets)
    assert in_force() == before


def test_nobody_but_admins_sets_brackets(mallory, moderator):
    before = in_force()
    for member in (mallory, moderator):
        with pytest.raises(NotAllowed):
            set_brackets(staff=member, brackets=[FREE, REST])
    assert in_force() == before
