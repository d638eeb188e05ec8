"""Entries of the registers as text: changed and back they are the same bytes; a new one stands where the document has it."""

import re
from importlib.resources import files

import pytest

from sop_engine import ENGINE
from sop_engine.input_files import parse_toml
from sop_engine.register.entries import (
    EntryError,
    next_clause_id,
    next_gap_id,
    parts_of,
    plain_text,
    with_new_clause,
    with_new_gap,
    with_parts,
)
from sop_engine.register.record_text import RegisterError, with_sub_record, with_values
from sop_engine.register.toml_text import statements_in, toml_value, with_value

FOLDER = files("sop_engine") / "rulebook" / "clients_v1"
CLAUSES, GAPS = (FOLDER / "clauses.toml").read_bytes(), (FOLDER / "gaps.toml").read_bytes()
HOSTILE = 'x"\\ \x1b[31m <b> é\n\t= # \'\'\' """ \u202e[[clause]]\nid = "SC-ERP"'
CHANGED = {"text": HOSTILE, "line": "1", "actor": HOSTILE, "system": HOSTILE, "modality": HOSTILE}


@pytest.mark.parametrize("clause", ENGINE.rulebook.clauses, ids=lambda clause: clause.id)
def test_a_clause_that_is_edited_and_back_is_the_same_bytes(clause) -> None:
    present = parts_of(CLAUSES, "clause", clause.id)
    for name, value in CHANGED.items():
        changed = with_parts(CLAUSES, "clause", clause.id, {name: value})
        assert parts_of(changed, "clause", clause.id) == {**present, name: value}
        assert with_parts(changed, "clause", clause.id, {name: present.get(name)}) == CLAUSES


@pytest.mark.parametrize("gap", ENGINE.rulebook.gaps, ids=lambda gap: gap.id)
def test_a_gap_that_is_edited_and_back_is_the_same_bytes(gap) -> None:
    present = parts_of(GAPS, "gap", gap.id)
    for name, value in {"why": HOSTILE, "readings": [HOSTILE, "b"], "watch": HOSTILE}.items():
        changed = with_parts(GAPS, "gap", gap.id, {name: value})
        assert parts_of(changed, "gap", gap.id) == {**present, name: value}
        assert with_parts(changed, "gap", gap.id, {name: present.get(name)}) == GAPS


@pytest.mark.parametrize("clause", ENGINE.rulebook.clauses, ids=lambda clause: clause.id)
def test_the_parts_of_every_clause_stand_in_the_order_in_which_new_ones_are_written(clause) -> None:
    present = parts_of(CLAUSES, "clause", clause.id)
    without = with_values(CLAUSES, "clause", clause.id, dict.fromkeys(name for name in present if name != "id"), ())
    assert with_parts(without, "clause", clause.id, present) == CLAUSES


@pytest.mark.parametrize(
    ("identifier", "line", "above"),
    [
        ("SC-ERP-FULL-4", "43", "SC-ERP-FULL-3"),
        ("SC-ERP-FULL-1c", "23", "SC-ERP-FULL-1b"),
        ("SC-ERP-FULL-0", "22", "SC-ERP-FULL"),
        ("AC-RMS-FULL-2", "116", "AC-RMS-FULL-1"),
        ("DOC-5", "15-16", "DOC-4"),
        ("AC-1", "76", "AC-0"),
        ("RT-RSI-4", "128", "RT-RSI-3b"),
    ],
)
def test_a_new_clause_stands_where_the_document_has_it(identifier: str, line: str, above: str) -> None:
    new = with_new_clause(CLAUSES, ENGINE.rulebook, {"id": identifier, "line": line, "text": "x"})
    ids = re.findall(r'^id = "(.*)"', new.decode(), re.MULTILINE)
    assert ids[ids.index(identifier) - 1] == above
    assert new.replace(f'[[clause]]\nid = "{identifier}"\nline = "{line}"\ntext = "x"\n\n'.encode(), b"") == CLAUSES or new.startswith(
        CLAUSES
    )


def test_a_new_gap_is_written_with_its_sub_records() -> None:
    resolution = [{"outcome": "refused"}, {"modality": "must", "task": "grn"}]
    gap = {
        "id": "GAP-99",
        "title": HOSTILE,
        "readings": ["a", "b"],
        "resolution": resolution,
        "alternative": [{"reading": 2, "resolution": resolution}],
    }
    new = with_new_gap(GAPS, ENGINE.rulebook, gap)
    assert parse_toml(new)["gap"] == [*parse_toml(GAPS)["gap"], gap]
    assert parse_toml(with_sub_record(new, "gap", "GAP-99", "alternative", {"reading": 1}))["gap"][-1]["alternative"][1] == {"reading": 1}


def test_the_next_ids_are_those_that_no_record_has() -> None:
    assert {heading: next_clause_id(ENGINE.rulebook, heading) for heading in ("SC-ERP-FULL", "AC-ERP-FULL", "RT-RSI", "SC-ERP")} == {
        "SC-ERP-FULL": "SC-ERP-FULL-4", "AC-ERP-FULL": "AC-ERP-FULL-3", "RT-RSI": "RT-RSI-4", "SC-ERP": "SC-ERP-1",
    }  # fmt: skip
    assert next_gap_id(ENGINE.rulebook) == "GAP-58"


@pytest.mark.parametrize(
    ("statement", "key", "after"),
    [
        ('text = "a" # b\n', "text", 'text = "é" # b\n'),
        ('  text="a # b"\t# c "d"\r\n', "text", '  text="é"\t# c "d"\r\n'),
        ("text = 'a' #", "text", 'text = "é" #'),
        ('text = """a\n# b\n""" # c\n', "text", 'text = "é" # c\n'),
        ('text = [\n  "a",\n] # c\n', "text", 'text = "é" # c\n'),
        ('\ufefftext = "a"\n', "text", '\ufefftext = "é"\n'),
    ],
)
def test_a_value_is_replaced_and_what_stands_around_it_stays(statement: str, key: str, after: str) -> None:
    assert with_value(statement, key, "é") == after


def test_statements_of_several_lines_are_found_and_other_lines_are_not() -> None:
    lines = ['id = "x"\n', "\n", "# a = 1\n", "a = [\n", "  1, # one\n", "]\n", 'b = """\n', "c = 1\n", '"""\n']
    assert [statement[2:] for statement in statements_in(lines, 0, len(lines))] == [("id", "x"), ("a", [1]), ("b", "c = 1\n")]
    with pytest.raises(ValueError, match="1"):
        list(statements_in(["a = 1\n", "nonsense\n"], 0, 2))


def test_a_text_of_several_lines_that_looks_like_records_is_one_value() -> None:
    text = 'one \\"\\"\\" two\n[[gap]]\nid = "GAP-04"\n[gap.answer]\n# x\n'
    register = GAPS.replace(b'id = "GAP-04"\n', f'id = "GAP-04"\nwatch = """{text}"""\nnote = \'\'\'{text}\'\'\'\n'.encode())
    changed = with_parts(register, "gap", "GAP-04", {"why": "x"})
    assert parts_of(changed, "gap", "GAP-04") == {**parts_of(register, "gap", "GAP-04"), "why": "x"}
    longer = with_sub_record(register, "gap", "GAP-04", "alternative", {"reading": 9})
    assert b'[[gap.alternative]]\nreading = 9\n\n[[gap]]\nid = "GAP-05"' in longer
    assert parts_of(with_parts(register, "gap", "GAP-04", {"watch": "y"}), "gap", "GAP-04")["watch"] == "y"


def test_a_layout_that_is_not_read_is_refused() -> None:
    dotted = CLAUSES.replace(b'when = { stage = "PROCESSING" }', b'when.stage = "PROCESSING"')
    with pytest.raises(RegisterError, match="change it by hand"):
        with_parts(dotted, "clause", "SC-ERP-FULL-2a", {"when": {"stage": "PACKED"}})
    with pytest.raises(RegisterError, match="`NO-1` is not written as a"):
        with_parts(CLAUSES, "clause", "NO-1", {"text": "x"})
    with pytest.raises(EntryError, match="there is no clause `SC-ERP-FULL-2`"):
        parts_of(CLAUSES, "clause", "SC-ERP-FULL-2")


def test_texts_are_written_so_that_they_are_read_as_they_were() -> None:
    for text in (HOSTILE, "", "\U0001f600", "\x7f\x85\u2028", 'a"""'):
        assert parse_toml(f"x = {toml_value(text)}".encode()) == {"x": text}
        assert "\n" not in toml_value(text)


def test_a_text_that_needs_invisible_joiners_is_taken() -> None:
    assert plain_text("--text", "क्\u200dष \n x") == "क्\u200dष x"
