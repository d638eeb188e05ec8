"""The rulebook holds; and one that does not is refused with ids, cases and file:line."""

import re
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from sop_engine import ENGINE, EVERY_CASE, Engine, Outcome, Reading
from sop_engine.errors import RulebookError
from sop_engine.reader import read_rulebook

PROJECT_RULEBOOK = files("sop_engine") / "rulebook" / "clients_v1"


def test_every_case_is_decided_under_both_readings() -> None:
    """256 of 256, twice."""
    assert {reading: len(table) for reading, table in ENGINE.tables.items()} == {Reading.AS_WRITTEN: 256, Reading.AS_PRACTISED: 256}


def test_every_sentence_that_decides_has_a_witness() -> None:
    """No dead sentence; 41 of the 65 clauses decide, counted by hand from the register."""
    deciding = {statement.id for statement in ENGINE.rulebook.statements if statement.decides}

    assert set(ENGINE.proof.witnesses) == deciding
    assert len({identifier for identifier in deciding if not identifier.startswith("GAP-")}) == 41


def test_every_sentence_that_rules_on_nothing_says_why() -> None:
    """Operative or explained, never neither."""
    silent = [clause for clause in ENGINE.rulebook.clauses if not clause.subject]

    assert all(clause.not_operative for clause in silent)
    assert len(ENGINE.rulebook.clauses) == 65
    assert len(ENGINE.rulebook.sections) == 13


def test_only_ajio_partial_from_packed_on_stays_open_as_practised() -> None:
    """GAP-11, in PACKED, READY_TO_DISPATCH and COMPLETED: 12 cases."""
    still_open = [case for case in EVERY_CASE if ENGINE.decide(case).tasks is None]

    assert len(still_open) == 12
    assert {(case.canceller, case.scope, case.invoicing) for case in still_open} == {("Ajio", "partial", "ERP")}
    assert {case.stage for case in still_open} == {"PACKED", "READY_TO_DISPATCH", "COMPLETED"}
    assert not [case for case in EVERY_CASE if ENGINE.decide(case).outcome is Outcome.UNSPECIFIED]


BROKEN = {
    "contradiction": (
        "clauses.toml",
        r'(id = "SC-ERP-FULL-3"[\s\S]*?)when = \{ stage = \["PACKED",',
        r'\1when = { stage = ["PROCESSING", "PACKED",',
        r"clauses\.toml:\d+ and clauses\.toml:\d+: SC-ERP-FULL-2a, SC-ERP-FULL-3 contradict each other on seller / full / ERP / PROCESSING",
    ),
    "same task with another force": (
        "clauses.toml",
        r'(id = "SC-ERP-FULL-1\.1\.2b"\nline = "29"\nmodality = )"must"',
        r'\1"may"',
        r"SC-ERP-FULL-1\.1\.2a, SC-ERP-FULL-1\.1\.2b contradict each other .*must credit-note / may credit-note",
    ),
    "dead sentence": (
        "clauses.toml",
        r'(id = "SC-ERP-PART-2"[\s\S]*?outcome = "refused"\n)',
        '\\1\n[[clause]]\nid = "SC-ERP-PART-3"\nline = "58"\nmodality = "must-not"\ntext = "Said again."\nwhen = { stage = "PACKED" }\noutcome = "refused"\n',
        r"clauses\.toml:\d+: `SC-ERP-PART-3` has no effect",
    ),
    "undeclared silence": (
        "clauses.toml",
        r'(id = "SC-RMS-FULL-1"[\s\S]*?)when = \{ stage = \["CREATED", "UNFULFILLABLE", "FULFILLABLE", "PROCESSING"\] \}',
        r'\1when = { stage = ["CREATED", "UNFULFILLABLE", "FULFILLABLE"] }',
        r"no clause covers seller / full / RMS / PROCESSING / not posted, and no gap",
    ),
    "miscounted gap": ("gaps.toml", r"cases = 112", "cases = 111", r"gaps\.toml:\d+: `GAP-16` states 111 cases and covers 112"),
    "unresolved gap": (
        "gaps.toml",
        r'\n\[\[gap\.resolution\]\]\nlike = \{ stage = "PACKED" \}\n',
        "\n",
        r"nothing decides the outcome of .*READY_TO_DISPATCH",
    ),
    "unknown fact": (
        "clauses.toml",
        r'when = \{ stage = "PROCESSING" \}',
        'when = { stge = "PROCESSING" }',
        r"clauses\.toml:\d+: unknown fact `stge`; did you mean `stage`\?",
    ),
    "unknown value": ("clauses.toml", r'\["PACKED", ', '["PAKED", ', r"unknown stage `PAKED`; did you mean `PACKED`\?"),
    "unknown key": (
        "clauses.toml",
        r'outcome = "refused"',
        'outcom = "refused"',
        r"clauses\.toml:\d+: unknown key `outcom` .*did you mean `outcome`\?",
    ),
    "unknown over": (
        "clauses.toml",
        r'over = \["AC-ERP-PART-1a"\]',
        'over = ["AC-ERP-PART-1x"]',
        r"`over` names `AC-ERP-PART-1x`; did you mean",
    ),
    "id said twice": (
        "clauses.toml",
        r'id = "SC-ERP-FULL-2a"',
        'id = "SC-ERP-FULL-1a"',
        r"clauses\.toml:\d+: `SC-ERP-FULL-1a` is defined twice",
    ),
    "silent clause": ("clauses.toml", r'not_operative = "announces the contents"\n', "", r"`DOC-4` decides nothing; add an outcome"),
    "no TOML": ("gaps.toml", r"\[\[gap\]\]", "[[gap]", r"gaps\.toml: it is not TOML"),
    "over dropped": (
        "clauses.toml",
        r'over = \["AC-ERP-PART-1a"\]\n',
        "",
        r"AC-ERP-PART-1a, AC-ERP-PART-1c contradict",
    ),
}


@pytest.mark.parametrize("name", [name for name, (*_, message) in BROKEN.items() if message])
def test_a_rulebook_that_does_not_hold_is_refused(name: str, tmp_path: Path) -> None:
    """With the ids, the case and the place of each reason."""
    file, pattern, replacement, message = BROKEN[name]
    folder = copied(tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    broken, times = re.subn(pattern, replacement, text, count=1)
    assert times == 1, "the test does not break anything"
    (folder / file).write_text(broken, encoding="utf-8")

    with pytest.raises(RulebookError, match=message or ""):
        Engine.of(read_rulebook(folder))


def test_a_missing_register_is_one_clear_error(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(RulebookError, match=r"clauses\.toml: cannot be read"):
        read_rulebook(tmp_path)


def test_the_order_of_the_statements_does_not_matter(tmp_path: Path) -> None:
    """Only the order of citation follows the document."""
    folder = copied(tmp_path)
    head, *records = re.split(r"\n(?=\[\[clause\]\]|\[\[section\]\])", (folder / "clauses.toml").read_text(encoding="utf-8"))
    sections = [record for record in records if record.startswith("[[section]]")]
    clauses = [record for record in records if record.startswith("[[clause]]")]
    (folder / "clauses.toml").write_text("\n".join([head, *sections, *reversed(clauses)]), encoding="utf-8")

    other = Engine.of(read_rulebook(folder))

    for case in EVERY_CASE:
        for reading in Reading:
            decision, reordered = ENGINE.decide(case, reading), other.decide(case, reading)
            assert (decision.outcome, set(decision.tasks or ()), set(decision.clauses)) == (
                reordered.outcome,
                set(reordered.tasks or ()),
                set(reordered.clauses),
            )


def copied(folder: Path) -> Path:
    """The project's rulebook in a folder of its own, ready to be broken."""
    with as_file(PROJECT_RULEBOOK) as source:
        return Path(shutil.copytree(source, folder / "clients_v1"))
