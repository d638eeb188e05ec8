"""A record with steps that the program does not know: a claim beside them must be what its sentence states."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop_runs.record.verdict_text import reason_texts
from steps.definitions.decorators import DEFINITIONS
from steps.definitions.discovery import FOLDERS, BindingModules
from steps.run.runner import run
from tests.support.compared_records import Spoil, both, claim, of_order, verdict
from tests.support.in_process import child_replaced, put_back

SHOP_STEPS = """from sop_engine import Invoicing
from sop_engine.order import Order
from steps.definitions.decorators import given, then, when
from steps.support.claims import Claims
from steps.driver.protocol import Driver
from steps.support.order_attempts import Refusal, refusal_of


@when("the shop tries to pack", target_fixture="refusal")
def _(order: Order, claims: Claims) -> Refusal:
    return refusal_of(order, order.pack, claims)


@given("an order of the shop", target_fixture="order")
def _(driver: Driver) -> Order:
    return driver.new_order("S", Invoicing.ERP, 2)


@given("the shop is open", target_fixture="shop")
def _() -> str:
    return "open"


@then("the shop answers", when_optional=True)
def _(shop: str, order: Order, claims: Claims) -> None:
    claims.check({"kind": "shop", "name": shop}, "stage of its order", "PACKED", str(order.stage))


@then("the shop has a list", when_optional=True)
def _(shop: str, listing: object, claims: Claims) -> None:
    claims.check({"kind": "shop", "name": shop}, "has a list", True, listing is not None)
"""
SHOP_FEATURE = """Feature: Shop

  Scenario: An order of the shop
    Given an order of the shop
    And it has since been allocated
    And it has since been posted
    And it has since been e-invoiced
    When the seller cancels the order
    Then the request is allowed
    And 0 units are left to fulfil
    And the order is CANCELLED
    And its e-invoice is generated
    And no error has stopped the packing

  Scenario: An open shop
    Given an order of 2 units, invoiced through the client's ERP
    And the order has been released
    And the shop is open
    When the order is packed
    Then the shop answers
    And the order is PACKED
    And its e-invoice is pushed
    And the client has no open duty

  Scenario: An order that cannot be packed
    Given an order of the shop
    When someone tries to get the order packed
    Then that is impossible, because it is not released yet

  Scenario: An order that the shop cannot pack
    Given an order of the shop
    And it has since been allocated
    When the shop tries to pack
    Then that is impossible, because it is not released yet

  Scenario: Credit notes of an open shop
    Given these orders, invoiced through the client's ERP
      | order | posted           | e-invoiced       | cancelled        | by         | credited         |
      | A     | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 12:00 | the seller | -                |
      | B     | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 12:00 | the seller | 2026-05-04 13:00 |
    And the shop is open
    When the client looks at its credit notes on 2026-05-04
    Then the shop has a list
    And the ages of the credit notes are
      | order | standing |
      | A     | due      |
      | B     | done     |
"""
NOT_STATED: dict[str, Spoil] = {
    "a stage": of_order("stage", "COMPLETED", "PACKED"),
    "a final stage": of_order("stage", "CREATED", "CANCELLED"),
    "an e-invoice": of_order("e-invoice", "posted"),
    "units": of_order("units", 7),
    "a duty": of_order("duties", ["credit-note"]),
    "a packing error": of_order("packing error", value=True),
    "an obstacle": of_order("refusal", ["it is cancelled"]),
    "a standing": both("standing", "overdue", kind="report"),
    "another facet": lambda lines: claim(lines, "stage", kind="order").update(facet="state"),
    "an outcome of another case": lambda lines: (
        both("outcome", "refused")(lines), claim(lines, "outcome")["subject"]["facts"].update(stage="COMPLETED")
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bytes]:
    """The record of a run with steps of a user, whose module is forgotten afterwards: these tests may run again in one process."""
    home = tmp_path_factory.mktemp("shop")
    (home / "features").mkdir()
    (home / "features" / "shop.feature").write_text(SHOP_FEATURE, encoding="utf-8")
    (home / "shop_of_compared.py").write_text(SHOP_STEPS, encoding="utf-8")
    with child_replaced(), put_back():
        result = run([home / "features"], out=home / "runs", bindings=BindingModules().with_named(["shop_of_compared"], home))
    assert reason_texts(result.verdict) == ()
    yield result.record.read_bytes()
    for names in (FOLDERS, sys.modules, DEFINITIONS):
        names.pop("shop_of_compared", None)


def test_a_record_with_steps_of_a_user_is_good(shop: bytes, tmp_path: Path) -> None:
    assert reason_texts(verdict(shop, lambda _: None, tmp_path, None)) == ()


@pytest.mark.parametrize("spoil", NOT_STATED.values(), ids=NOT_STATED)
def test_beside_a_step_of_a_user_a_claim_is_what_its_sentence_states(shop: bytes, spoil: Spoil, tmp_path: Path) -> None:
    (text, *_) = reason_texts(verdict(shop, spoil, tmp_path, None))

    assert text.startswith(
        ("a result in the record is not what its steps give: ", "a claim in the record is not an answer of the engine: ")
    )


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ("a stage", ' expects "COMPLETED", by its step it expects "PACKED"'),
        ("a standing", ' expects "overdue", by its step it expects "due" or "done"'),
        ("another facet", " is none of its step, which claims the stage"),
    ],
)
def test_the_reason_names_what_the_sentence_states(shop: bytes, spoilt: str, expected: str, tmp_path: Path) -> None:
    (text, *_) = reason_texts(verdict(shop, NOT_STATED[spoilt], tmp_path, None))

    assert re.search(r": the claim of the \w+ of (order|report) ", text), text
    assert expected in text
