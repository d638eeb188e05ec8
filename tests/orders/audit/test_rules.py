"""The rules of the audit and what they rest on, and the day of an audit."""

from datetime import date

import pytest

from orders.audit.audit import NoTimeError, audit
from orders.audit.rules.registry import RULES
from sop_engine import ENGINE
from tests.support.audit_runs import OMS, cancelled
from tests.support.audit_tables import tables


def test_every_rule_rests_on_what_the_register_has():
    ids = {statement.id for statement in ENGINE.rulebook.clauses} | {gap.id for gap in ENGINE.rulebook.gaps}
    words = {"law", "ours", "flow", "silent"}

    assert list(RULES) == [f"C-{n}" for n in range(1, 10)] + [f"D-{n}" for n in range(1, 10)] + [f"R-{n}" for n in range(1, 9)] + [
        f"T-{n}" for n in range(1, 6)
    ]
    assert {name for rule in RULES.values() for name in rule.grounded} - words <= ids


def test_without_a_day_the_latest_in_the_files_is_taken():
    parts = tables([OMS], [{**cancelled(), "row": 2}])

    assert (audit(parts).as_of, audit(parts).as_of_given) == (date(2026, 6, 4), False)
    with pytest.raises(NoTimeError, match="--as-of"):
        audit(tables([OMS]))
