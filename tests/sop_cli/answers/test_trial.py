"""The trial of an answer: examples of another version of the document are neither failures nor rewritten."""

import shutil
from pathlib import Path

import pytest

from sop_cli.answers.trial import trial
from sop_engine import load_rulebook
from sop_engine.register.answers import answer_from
from sop_engine.versions import CLAUSES
from steps.definitions.settings import binding_modules
from tests.support.register_copies import RULEBOOK

FEATURE = """Feature: One

  @GAP-04
  Rule: The SOP does not say what follows; we assume that the client credits the e-invoice

    Scenario: The client credits the e-invoice
      Given an order invoiced through the client's ERP
      And the order is PROCESSING
      And its e-invoice is generated
      When the seller cancels the full order
      Then the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And it is our reading of GAP-04
"""
EARLIER = """
    @until-clients_v0
    Scenario: In an earlier version it was refused
      Given an order invoiced through the client's ERP
      And the order is PROCESSING
      And its e-invoice is generated
      When the seller cancels the full order
      Then the cancellation is refused
"""


@pytest.mark.slow
def test_an_example_of_an_earlier_version_stays_as_it_is(tmp_path: Path) -> None:
    features = tmp_path / "features"
    features.mkdir()
    (features / "one.feature").write_text(FEATURE + EARLIER, encoding="utf-8")
    book = tmp_path / "clients_v1"
    shutil.copytree(RULEBOOK, book)
    clauses = (book / CLAUSES).read_text(encoding="utf-8")
    (book / CLAUSES).write_text(
        clauses.replace('\nname = "clients_v1"\n', '\nname = "clients_v1"\nfollows = ["clients_v0"]\n'), encoding="utf-8"
    )
    answer = answer_from(load_rulebook(), "GAP-04", 3, "A. Owner", "2026-12-01")

    tried = trial(book, features, {"GAP-04": answer}, binding_modules(features, ()))

    text = tried.features["one.feature"].decode()
    assert text.endswith(EARLIER)
    assert "And it is the owner's answer to GAP-04\n" in text
    assert "credit note" not in text
