"""Ids are found in a text in one way, and a gap is distinguished from a clause in one way; the words of a task come from one table."""

import re
from pathlib import Path

import pytest

from sop_engine import Modality, load_rulebook
from sop_engine.ids import ID, is_gap
from steps.support.vocabulary import MODALITIES, TASKS

ROOT = Path(__file__).parents[2]
RULEBOOK = load_rulebook()
CLAUSES, GAPS = [clause.id for clause in RULEBOOK.clauses], [gap.id for gap in RULEBOOK.gaps]


def test_every_id_of_the_rulebook_is_found_whole_in_a_sentence() -> None:
    every = [*(section.id for section in RULEBOOK.sections), *CLAUSES, *GAPS]

    for sign in (" ", ", ", ". ", "; ", ") ", "/"):
        assert RULEBOOK.ids_in(sign.join(every) + sign) == tuple(dict.fromkeys(every))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("late, GAP-17", ("GAP-17",)),
        ("GAP-17 and GAP-17 again, before SC-ERP-FULL-1a.", ("GAP-17", "SC-ERP-FULL-1a")),
        ("GAP-99 and SC-ERP-FULL-1x are nobody's", ()),
        ("XGAP-17 GAP-017 gap-17 GAP-17a", ()),
        ("", ()),
    ],
)
def test_an_id_is_one_that_the_rulebook_has(text: str, expected: tuple[str, ...]) -> None:
    assert RULEBOOK.ids_in(text) == expected


def test_an_id_is_that_of_a_gap_or_of_a_clause() -> None:
    assert all(map(is_gap, GAPS))
    assert not any(map(is_gap, CLAUSES))
    assert all(is_gap(resolution.id) for gap in RULEBOOK.gaps for resolution in gap.resolutions)


def test_no_other_module_recognises_an_id_by_its_form() -> None:
    files = [
        file for package in ("orders", "reports", "simulator", "sop_cli", "sop_engine", "steps") for file in (ROOT / package).rglob("*.py")
    ]
    looking = {
        file.relative_to(ROOT).as_posix()
        for file in files
        if re.search(r'with\("(?:GAP|SC|AC|RT)|re\.\w+\(r?"[^"\n]*(?:GAP-|\[A-Z\][^"\n]*-)', file.read_text(encoding="utf-8"))
    }

    assert looking == {
        "reports/html/message_text.py",  # ids of documents too, which no line break may divide
        "sop_engine/ids.py",
        "sop_engine/stages.py",  # names of stages, such as ON_HOLD
        "steps/lint/tags.py",  # the lint divides a tag that is no id into words
    }
    assert ID.fullmatch("SC-ERP-FULL-1.1.2a")


def test_words_stand_for_tasks_and_modalities_as_the_engine_puts_them() -> None:
    assert {TASKS(task.words) for task in RULEBOOK.tasks} == {task.key for task in RULEBOOK.tasks}
    assert {MODALITIES(modality.words) for modality in Modality} == {*Modality}
    assert len({task.short for task in RULEBOOK.tasks}) == len(RULEBOOK.tasks)


def test_the_sentences_know_every_task_that_is_a_duty_of_an_order() -> None:
    text = (ROOT / "steps" / "support" / "vocabulary.py").read_text(encoding="utf-8")
    match = re.search(r'name="task",\s+regexp="([^"]+)"', text)

    assert match
    assert [TASKS(words) for words in match[1].split("|")] == [*RULEBOOK.tasks_of("case")]
