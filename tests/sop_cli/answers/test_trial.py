"""The trial of an answer in one version of the document: what stands in other versions is kept for them, and a copy is changed."""

import shutil
from pathlib import Path

import pytest

from sop_cli.answers.trial import TrialError, trial
from sop_engine import load_rulebook
from sop_engine.register.answers import answer_from
from sop_engine.register.new_version import begin_version
from sop_engine.versions import DEFAULT, GAPS, shipped
from sop_runs.record.version_tags import applies
from steps.definitions.settings import binding_modules
from steps.language.document import Document, read_document
from tests.support.register_copies import RULEBOOK

RULE = """
  @GAP-04
  Rule: The SOP does not say what follows; we assume that the client credits the e-invoice
"""
CREDITED = """
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
OPEN = """
    @as-written
    Scenario: As written it is open
      Given the SOP is taken as written
      And an order invoiced through the client's ERP
      And the order is PROCESSING
      And its e-invoice is generated
      When the seller cancels the full order
      Then what the client must do is an open question
"""
ROWS = """
  @SC-ERP-FULL-2a
  Rule: A PROCESSING order can be cancelled

    Scenario Outline: What follows
      Given an order invoiced through the client's ERP
      And the order is PROCESSING
      And its e-invoice is <e-invoice>
      When the seller cancels the full order
      Then it is our reading of <gap>

      Examples: Before the e-invoice
        | e-invoice  | gap    |
        | not posted | GAP-03 |

      Examples: With an e-invoice
        | e-invoice | gap    |
        | posted    | GAP-03 |
        | generated | GAP-04 |
"""
OUTLINE = """
    Scenario Outline: The client credits the e-invoice of any order
      Given an order invoiced through the client's ERP
      And the order is <stage>
      And its e-invoice is generated
      When the seller cancels the full order
      Then the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |

      Examples: The stages
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |
"""
PLAIN = "\n  Rule: Orders are cancelled\n"
FEATURE = "Feature: One\n"
TEXTS: dict[str, str] = {
    "a Rule of the question": FEATURE + RULE + CREDITED + OPEN,
    "a scenario": FEATURE + PLAIN + CREDITED + OPEN,
    "a scenario without a Rule": FEATURE + CREDITED.replace("\n  ", "\n"),
    "a row of a table": FEATURE + ROWS,
    "all rows of a table": FEATURE + ROWS.replace("        | posted    | GAP-03 |\n", ""),
    "all rows of an outline": FEATURE + PLAIN + OUTLINE.replace("        | FULFILLABLE |\n", ""),
    "a row whose steps change": FEATURE + PLAIN + OUTLINE,
    "a Rule that has a scenario of each version": FEATURE
    + RULE
    + CREDITED
    + "\n    # until"
    + OPEN.replace("@as-written", "@as-written @until-{first}"),
    "tags and comments": FEATURE
    + "  # Rules\n\n  # One\n  @GAP-04 # the tag"
    + RULE.replace("\n  @GAP-04", "")
    + "\n    # A comment"
    + CREDITED,
    "CRLF": (FEATURE + RULE + CREDITED + OPEN).replace("\n", "\r\n"),
}


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with clients_v2, which follows clients_v1, and clients_v3, which follows both."""
    folder = tmp_path_factory.mktemp("chain") / "rulebook"
    second, _ = begin_version("clients_v2", shipped() / DEFAULT, folder)
    begin_version("clients_v3", second, folder)
    return folder


ORDER = ("clients_v1", "clients_v2", "clients_v3")


def in_version(document: Document, version: str) -> list[object]:
    """What stands in *version*: of each example its Rule, name, tags and steps, but not its place."""
    follows = ORDER[: ORDER.index(version)]
    return [
        (
            example.rule,
            example.name,
            *(tag for tag in example.tags if "clients_v" not in tag),
            [(step.text, step.table) for step in example.steps],
        )
        for example in document.examples
        if applies(example.tags, version, follows)
    ]


KINDS = [
    (text, version)
    for text in TEXTS
    for version in ORDER
    if version == "clients_v2" or text in ("a Rule of the question", "a row of a table")
]
"""Each kind in the middle version, and two kinds in the first and the last one."""


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "version"), KINDS)
def test_an_answer_leaves_the_examples_of_other_versions(
    kind: str, version: str, chain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(chain.parent)
    text = TEXTS[kind].replace("{first}", DEFAULT)
    before = document_of(tmp_path, text)
    folder = RULEBOOK if version == DEFAULT else chain / version
    answer = answer_from(load_rulebook(), "GAP-04", 3, "A. Owner", "2026-12-01")

    tried = trial(folder, tmp_path / "features", {"GAP-04": answer}, binding_modules(tmp_path / "features", ()))

    after = document_of(tmp_path, tried.features["one.feature"][1].decode())
    others = [other for other in ORDER if other != version]
    assert [sorted(map(repr, in_version(after, other))) for other in others] == [
        sorted(map(repr, in_version(before, other))) for other in others
    ]
    assert in_version(after, version) != in_version(before, version)
    assert ("\r\n" in tried.features["one.feature"][1].decode()) == ("\r\n" in text)
    assert any("kept for" in note for note in tried.notes["one.feature"])

    answered = shutil.copytree(folder, tmp_path / "answered" / folder.name)
    (answered / GAPS).write_bytes(tried.register[1])
    again = trial(
        answered,
        tmp_path / "features",
        {"GAP-04": answer_from(load_rulebook(), "GAP-04", 2, "A. Owner", "2026-12-02")},
        binding_modules(tmp_path / "features", ()),
    )
    assert not any("kept for" in note for notes in again.notes.values() for note in notes)


@pytest.mark.slow
def test_an_example_that_failed_before_the_answer_is_named_and_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    unfinished = (
        CREDITED.replace("The client credits", "Unfinished: the client credits")
        .replace("PROCESSING", "FULFILLABLE")
        .replace("must ", "may  ")
    )
    document_of(tmp_path, FEATURE + RULE + CREDITED + unfinished)
    answer = answer_from(load_rulebook(), "GAP-04", 3, "A. Owner", "2026-12-01")

    with pytest.raises(
        TrialError, match=r"fail already, without the answer; correct them first:\n  features/one.feature:\d+: Unfinished"
    ) as refused:
        trial(RULEBOOK, tmp_path / "features", {"GAP-04": answer}, binding_modules(tmp_path / "features", ()))

    assert str(refused.value).count("one.feature") == 1, "the example of the question itself fails only with the answer"


def document_of(folder: Path, text: str) -> Document:
    file = folder / "features" / "one.feature"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode())
    document, findings = read_document(file, file.parent)
    assert document is not None, findings
    return document
