"""Every Then of anybody's step definitions makes a claim, and a step has failed if and only if a claim of it does not hold."""

import itertools
from pathlib import Path
from textwrap import indent

import pytest

from sop_runs.record.reader import read_record
from sop_runs.record.status import NO_CLAIM as RECORDED_NO_CLAIM
from sop_runs.record.verdict import judge
from steps.definitions.decorators import DEFINITIONS
from steps.definitions.discovery import FOLDERS, BindingModules
from steps.run.executor import NO_FALSE_CLAIM
from steps.run.runner import run
from steps.support.claims import NO_CLAIM, WITHDRAWN

pytestmark = pytest.mark.usefixtures("in_process")

HEAD = '''"""Step definitions of a user."""

from steps.definitions.decorators import given, then, when
from msgspec.structs import force_setattr
from steps.support.claims import ClaimError, Claims

ABOUT = {"kind": "shop", "name": "mine"}


@given("a shop", target_fixture="shop")
def _() -> None:
    """It is there."""


@when("it opens", target_fixture="opened")
def _(shop: None, claims: Claims) -> None:
    claims.check(ABOUT, "door", "open", "open")
    claims.attempt()
'''
TRUE, FALSE = 'claims.check(ABOUT, "door", "open", "open")', 'claims.check(ABOUT, "door", "open", "shut")'
SWALLOWED = f"try:\n    {FALSE}\nexcept ClaimError:\n    pass"
WITHDRAWALS = [
    "claims._entries.clear()",
    "del claims._entries[-1]",
    "claims._entries.pop()",
    "claims._entries = []",
    "claims._entries = None",
    "del claims._entries",
    "claims.__init__()",
    "claims._entries[-1] = claims._entries[0]",
    "claims._entries.reverse()",
    "claims._entries += claims._entries",
    "force_setattr(claims.entries[1], 'holds', not claims.entries[1].holds)",
    "force_setattr(claims.entries[-1], 'expected', 'shut')",
    "claims.entries[-1].subject.clear()",
    "claims.entries[0].subject['name'] = 'yours'",
    "claims._attempts.clear()",
    "claims._seal = None",
    "claims._seal = print",
    "claims.step = 0",
]
"""What a step definition might do to its claims."""
THENS = {
    "nothing": ("return", "broken", NO_CLAIM),
    "the claim of the When": ("assert claims.entries", "broken", NO_CLAIM),
    "no subjects": ("claims.check_each([])", "broken", NO_CLAIM),
    "no facets": ("claims.check_all(ABOUT, [])", "broken", NO_CLAIM),
    "no rows": ('for row in ():\n    claims.check(ABOUT, "door", row, row)', "broken", NO_CLAIM),
    "claims of its own": ('Claims().check(ABOUT, "door", 1, 1)', "broken", NO_CLAIM),
    "after the step": (f"yield\n{TRUE}", "broken", NO_CLAIM),
    "an error without a claim": ("raise ClaimError([])", "broken", NO_FALSE_CLAIM),
    "an error of a claim that holds": (f"{TRUE}\nraise ClaimError(claims.entries)", "broken", NO_FALSE_CLAIM),
    "claims removed": (f"{TRUE}\nclaims.entries.clear()", "broken", "AttributeError: 'tuple' object has no attribute 'clear'"),
    "a claim that is swallowed": (SWALLOWED, "failed", "expected open, got shut"),
    "a swallowed claim, then a true one": (f"{SWALLOWED}\n{TRUE}", "failed", "expected open, got shut"),
    "a false claim after the step": (f"{TRUE}\nyield\n{FALSE}", "broken", "after the last step: ClaimError: the door of shop mine"),
    "a swallowed claim after the step": (f"{TRUE}\nyield\n{SWALLOWED}", "failed", "expected open, got shut"),
    **{
        f"the subject {number}": (
            f"claims.check({subject}, 'door', 1, {actual})",
            "broken",
            f"TypeError: the subject of a claim is {subject}; ",
        )
        for number, (subject, actual) in enumerate(itertools.product(["'shop'", "None", "3", "['kind']", "{1: 'x'}", "True"], [1, 2]))
    },
    **{
        f"the facet {number}": (f"claims.check(ABOUT, {facet}, 1, 2)", "broken", f"TypeError: the facet of a claim is {facet}; ")
        for number, facet in enumerate(["None", "3", "['door']"])
    },
    **{
        f"the cell {number}": (f"claims.check(ABOUT, 'door', 1, 2, cell={cell})", "broken", f"TypeError: the cell of a claim is {cell}; ")
        for number, cell in enumerate(["'1'", "3", "(1,)", "(1, 'x')", "(1, 2, 3)", "(True, 1)"])
    },
    **{
        f"the odd subject {number}": (f"claims.check({subject}, 'door', 1, 2)", "failed", "expected 1, got 2")
        for number, subject in enumerate(["{}", "{'kind': None}", "{'': ''}", "{'a': [1, {}]}", "{'kind': 'case'}", "{'stage': 3}"])
    },
    "true for 1": ('claims.check(ABOUT, "number", 1, True)', "failed", "expected 1, got yes"),
    "a text for a number": ('claims.check(ABOUT, "number", 1, "1")', "failed", "expected 1, got 1"),
    **{f"withdrawn {number}": (f"{SWALLOWED}\n{TRUE}\n{code}", "broken", WITHDRAWN) for number, code in enumerate(WITHDRAWALS)},
    **{
        f"withdrawn after the step {number}": (f"{TRUE}\nyield\n{code}", "broken", WITHDRAWN)
        for number, code in enumerate(WITHDRAWALS[:12])
    },
    "withdrawn and made again": (f"{SWALLOWED}\nclaims._entries.clear()\n{TRUE}", "broken", WITHDRAWN),
    "withdrawn by the error": (f"try:\n    {FALSE}\nexcept ClaimError as error:\n    error.claims[0].subject.clear()", "broken", WITHDRAWN),
    "a new attribute": ("claims.check = print", "broken", "AttributeError"),
    "entries replaced": ("claims.entries = ()", "broken", "AttributeError"),
    "a claim": (TRUE, "passed", ""),
    "a look at the claims": (
        f"{TRUE}\nassert sorted(claims.entries, key=str)\nclaims.entries and list(claims.entries).clear()",
        "passed",
        "",
    ),
    "a claim before and one after": (f"{TRUE}\nyield\n{TRUE}", "passed", ""),
    "minus zero": ('claims.check(ABOUT, "number", 0.0, -0.0)', "passed", ""),
    "a number of forty digits": ('claims.check(ABOUT, "number", 10**40, 10**40)', "passed", ""),
    "half a character": ('claims.check(ABOUT, "name", "\\udc80", "\\udc80")', "passed", ""),
}


def test_each_then_is_judged_by_its_claims_and_the_record_can_be_read(tmp_path: Path) -> None:
    definitions = [
        f'\n\n@then("it is {name}")\ndef _(opened: None, claims: Claims):\n{indent(body, "    ")}\n' for name, (body, _, _) in THENS.items()
    ]
    (tmp_path / "shop_of_thens.py").write_text(HEAD + "".join(definitions), encoding="utf-8")
    folder = tmp_path / "features"
    folder.mkdir()
    scenarios = [f"  Scenario: About {name}\n    Given a shop\n    When it opens\n    Then it is {name}\n\n" for name in THENS]
    (folder / "shop.feature").write_text("Feature: Shop\n\n" + "".join(scenarios), encoding="utf-8")

    try:
        result = run([folder], out=tmp_path / "runs", bindings=BindingModules(()).with_named(["shop_of_thens"], tmp_path))
    finally:
        FOLDERS.pop("shop_of_thens", None)
        DEFINITIONS.pop("shop_of_thens", None)

    record = read_record(result.record)
    for scenario, (name, (_, status, message)) in zip(record.scenarios, THENS.items(), strict=True):
        error = scenario.steps[-1].error
        assert (scenario.status, scenario.steps[-1].status) == (status, status), name
        assert message in (error.message if error else ""), name
    assert judge(record).counts.passed == sum(status == "passed" for _, status, _ in THENS.values())
    assert RECORDED_NO_CLAIM.partition(" ")[2] in NO_CLAIM
