"""`sop gap`: a gap is added with its readings and proved under each; texts, readings and cases can be corrected."""

import io
import sys
from collections.abc import Sequence

import pytest

from sop_engine.engine import Engine
from sop_engine.input_files import parse_toml
from sop_engine.reader import read_rulebook
from sop_engine.register.readings import with_readings
from sop_engine.versions import CLAUSES, GAPS
from sop_engine.wording import prove_with_words
from tests.support.register_copies import RegisterCopy

TEXTS = ["--title", "A title", "--kind", "silent", "--nearest", "AC-RMS-FULL-1.", "--why", "A reason.", "--question", "A question?"]
TWO = ["--reading", "Nothing.", "--reading", "A credit note.", "--assume", "1"]
CASES = ["--canceller", "Ajio", "--scope", "full", "--invoicing", "RMS", "--stage", "PROCESSING", "--e-invoice", "not posted"]
RULINGS = ["--decides", "1=nothing to do", "--decides", "2=must make a credit note; may download the report"]


@pytest.mark.slow
def test_a_gap_with_two_readings_is_added_and_each_can_be_tried(copy: RegisterCopy) -> None:
    before = copy.contents
    status, out, err = copy.sop("gap", "add", *TEXTS, "--aspect", "actions", *TWO, *CASES, *RULINGS, "--yes")

    assert (status, err) == (0, "")
    assert "Ajio / full / RMS / PROCESSING / not posted (1 case, as written)\n  tasks     nothing to do  →  an open question\n" in out
    assert "1 example would fail; correct them:\n  features/ajio_cancellation/full_rms.feature:" in out
    assert "no feature has the tag `@GAP-58`" in out
    assert copy.contents[CLAUSES] == before[CLAUSES]
    assert copy.contents[GAPS].startswith(before[GAPS].rstrip())
    rulebook = Engine.of(read_rulebook(copy.folder)).rulebook
    gap = rulebook.gaps[-1]
    assert (gap.id, gap.cases, gap.reading, [ruling.number for ruling in gap.rulings]) == ("GAP-58", 1, 1, [1, 2])
    assert gap.rulings[1].chosen == "the cancellation is allowed; the client must make a credit note and may download the report"
    prove_with_words(with_readings(rulebook, {"GAP-58": 2}))


def test_a_gap_about_the_document_has_texts_alone(copy: RegisterCopy) -> None:
    hostile = ["--title=<b>\"A\"</b> ''' # x", "--why", "=1+1 [[gap]]\n\nid = 1"]
    status, out, err = copy.sop("gap", "add", *TEXTS, *hostile, "--aspect", "document", *TWO, "--on", "report", "--yes")

    assert (status, err) == (0, "")
    assert "no answer changes, and no example can fail" in out
    assert parse_toml(copy.contents[GAPS])["gap"][-1] == {
        "id": "GAP-58", "title": "<b>\"A\"</b> ''' # x", "kind": "silent", "aspect": "document", "nearest": "AC-RMS-FULL-1.",
        "readings": ["Nothing.", "A credit note."], "reading": 1, "chosen": "Nothing", "why": "=1+1 [[gap]] id = 1", "question": "A question?",
        "on": "report",
    }  # fmt: skip
    assert copy.sop("gap", "edit", "GAP-04", "--why", "Short.", "--yes")[0] == 0, "the next change reads what the last one has written"


@pytest.mark.slow
def test_a_note_counts_its_cases_and_says_what_to_watch(copy: RegisterCopy) -> None:
    arguments = ["--aspect", "note", *TWO, "--watch", "a credit note", *CASES[:-2], "--yes"]
    assert copy.sop("gap", "add", *TEXTS, "--chosen", "there is nothing to do", *arguments)[0] == 0
    record = parse_toml(copy.contents[GAPS])["gap"][-1]
    assert (record["cases"], record["watch"], record["chosen"], list(record)[-3:]) == (
        4,
        "a credit note",
        "there is nothing to do",
        ["when", "cases", "watch"],
    )


REFUSED: dict[str, tuple[Sequence[str], str]] = {
    "another gap contradicts": (
        ["add", *TEXTS, "--aspect", "actions", *TWO, "--canceller", "seller", "--scope", "full", "--invoicing", "ERP", "--stage", "PROCESSING",
         "--e-invoice", "generated", *RULINGS],
        "  GAP-04: Full cancellation by the seller under the client's ERP: a PROCESSING order",
    ),
    "a clause contradicts": (
        ["add", *TEXTS, "--aspect", "verdict", *TWO, *CASES, "--decides", "1=refused", "--decides", "2=open"],
        "  AC-RMS-FULL-1: may (line 115), `Under RMS, Ajio may cancel a full order as long as WMS does not show it PACKED.`",
    ),
    "another reading contradicts": (
        ["add", *TEXTS, "--aspect", "verdict", *TWO, *CASES, "--decides", "1=allowed; nothing to do", "--decides", "2=refused"],
        "because the rulebook would not hold with its reading 2 for",
    ),
    "words that contradict": (
        ["edit", "GAP-04", "--chosen", "the cancellation is refused; there is nothing to do"], "this record: `GAP-04` chooses `the cancellation is refused`",
    ),
    "a reading is not decided": (["add", *TEXTS, "--aspect", "actions", *TWO, *CASES, *RULINGS[:2]], "reading 2: it does not say what it decides"),
    "no cases": (["add", *TEXTS, "--aspect", "actions", *TWO, *RULINGS], "a gap with the aspect `actions` needs the cases that it covers"),
    "one reading": (["add", *TEXTS, "--aspect", "document", *TWO[:2], "--assume", "1"], "a gap has at least two readings; add --reading"),
    "no such reading": (["add", *TEXTS, "--aspect", "document", *TWO[:4], "--assume", "3"], "there is no reading 3; expected 1 to 2"),
    "a ruling without number": (["add", *TEXTS, "--aspect", "actions", *TWO, *CASES, "--decides", "refused"], "--decides needs the number of a reading"),
    "a ruling twice": (["edit", "GAP-04", "--decides", "1=open", "--decides", "1=open"], "--decides is given twice for reading 1"),
    "a ruling that is there": (["edit", "GAP-04", "--decides", "1=open"], "the register says already what reading 1 decides"),
    "no such reading to edit": (["edit", "GAP-04", "--reading", "9=x"], "there is no reading 9; expected 1 to 3"),
    "a clause's id": (["add", "--id", "SC-ERP-FULL-9", *TEXTS, "--aspect", "document", *TWO], "`SC-ERP-FULL-9` is not the id of a gap"),
    "an id in use": (["add", "--id", "GAP-04", *TEXTS, "--aspect", "document", *TWO], "`GAP-04` exists; ids are never used twice"),
    "no such gap": (["edit", "GAP-4", "--why", "x"], "there is no gap `GAP-4`; did you mean `GAP-"),
    "an empty text": (["edit", "GAP-04", "--why", ""], "--why has no word; write a text"),
    "an empty reading": (["edit", "GAP-04", "--reading", "1="], '--reading needs the number of a reading and a text, like --reading "2=…"'),
    "all facts removed": (
        ["edit", "GAP-08", *(word for name in ("canceller", "scope", "invoicing", "stage", "e_invoice") for word in ("--remove", name))],
        "a gap with the aspect `note` needs the cases that it covers",
    ),
    "cases of a document": (["edit", "GAP-08", "--aspect", "document"], "a gap about the document as a whole covers no cases"),
    "an unknown kind": (["edit", "GAP-04", "--kind", "silence"], "unknown word `silence`; did you mean `silent`?"),
    "an escape sequence": (["edit", "GAP-04", "--why", "a\x1b[2J"], "--why has the invisible character `\\x1b`"),
    "an escape sequence in a reading": (["edit", "GAP-04", "--reading", "1=a\x1b[2J"], "--reading has the invisible character `\\x1b`"),
    "what is missing": (["add", *TEXTS], "a gap needs --aspect, --reading, --assume; add them"),
    "facts of a document": (["edit", "GAP-56", "--stage", "PACKED"], "--stage is about a cancellation, and this record is about a return"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_is_one_error_and_changes_nothing(name: str, copy: RegisterCopy) -> None:
    arguments, message = REFUSED[name]
    copy.require_refusal(["gap", *arguments], message)


def test_texts_and_the_wording_of_a_reading_are_corrected(copy: RegisterCopy) -> None:
    before = parse_toml(copy.contents[GAPS])["gap"][3]
    status, out, err = copy.sop("gap", "edit", "GAP-04", "--why", "Another reason.", "--reading", "3=No step.", "--yes")

    assert (status, err) == (0, "")
    assert "edited: GAP-04 (readings, why)" in out
    assert parse_toml(copy.contents[GAPS])["gap"][3] == {
        **before,
        "why": "Another reason.",
        "readings": [*before["readings"][:2], "No step."],
    }


@pytest.mark.slow
def test_cases_are_counted_again_and_what_to_watch_is_removed(copy: RegisterCopy) -> None:
    before = next(gap for gap in parse_toml(copy.contents[GAPS])["gap"] if gap["id"] == "GAP-08")
    assert copy.sop("gap", "edit", "GAP-08", "--e-invoice", "posted", "--remove", "watch", "--yes")[0] == 0
    after = next(gap for gap in parse_toml(copy.contents[GAPS])["gap"] if gap["id"] == "GAP-08")
    assert after == {
        **{name: value for name, value in before.items() if name != "watch"},
        "when": {**before["when"], "e_invoice": "posted"},
        "cases": 1,
    }


def test_a_note_that_covers_no_case_any_more_is_about_the_document(copy: RegisterCopy) -> None:
    facts = ("canceller", "scope", "invoicing", "stage", "e_invoice")
    remove = [word for name in (*facts, "watch") for word in ("--remove", name)]
    assert copy.sop("gap", "edit", "GAP-08", "--aspect", "document", *remove, "--patch", "x.patch")[0] == 0
    patch = (copy.folder.parent / "x.patch").read_text(encoding="utf-8")
    assert [line[:7] for line in patch.splitlines() if line[0] in "+-" and line[:3] not in ("+++", "---")] == [
        "-aspect",
        "+aspect",
        "-when =",
        "-cases ",
        "-watch ",
    ]


def test_a_reading_without_a_ruling_gets_one_and_can_be_the_owners_answer(copy: RegisterCopy) -> None:
    status, out, err = copy.sop("gap", "edit", "GAP-40", "--decides", "2=it is cancelled by the warehouse", "--yes")

    assert (status, err) == (0, ""), out
    gap = next(gap for gap in read_rulebook(copy.folder).gaps if gap.id == "GAP-40")
    assert [(ruling.number, ruling.chosen) for ruling in gap.rulings][-1] == (2, "it is cancelled by the warehouse")


class Terminal(io.StringIO):
    """Lines that a user types in a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.slow
def test_in_a_terminal_the_command_asks_for_what_a_new_gap_lacks(copy: RegisterCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = ["A title", "AC-RMS-FULL-1.", "A question?", "silent", "actions", "case", "Nothing.", "", "A credit note.", "-", "Nothing.", "A reason.",
             "Ajio", "full", "RMS", "PROCESSING", "not posted", "nothing to do", "must", "4", "no more tasks", "y"]  # fmt: skip
    monkeypatch.setattr(sys, "stdin", Terminal("\n".join([*typed, ""])))
    status, out, err = copy.sop("gap", "add")

    assert (status, err) == (0, ""), out
    record = parse_toml(copy.contents[GAPS])["gap"][-1]
    assert (record["readings"], record["cases"], record["alternative"][0]["resolution"][0]["task"]) == (
        ["Nothing.", "A credit note."],
        1,
        "credit-note",
    )
