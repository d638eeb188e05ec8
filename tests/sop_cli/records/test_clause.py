"""`sop clause`: what is written is the record alone, proved before; what is refused is refused with one error, and nothing changes."""

import difflib
import io
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from sop_cli.main import main
from sop_engine.engine import Engine
from sop_engine.reader import read_rulebook
from sop_engine.versions import CLAUSES
from tests.support.register_copies import RegisterCopy

ADDED = ["--heading", "SC-ERP-FULL", "--line", "43", "--actor", "seller", "--text", "A sentence of a test."]
OF_EACH_FORCE: dict[str, tuple[str, ...]] = {
    "must": ("--stage", "FULFILLABLE", "--e-invoice", "generated", "--task", "cancel-in-assure"),
    "must-not": ("--stage", "PACKED", "--stage", "READY_TO_DISPATCH", "--stage", "COMPLETED", "--outcome", "refused", "--restates", "SC-ERP-FULL-3"),
    "should": ("--not-operative", "a wish"),
    "may": ("--stage", "FULFILLABLE", "--e-invoice", "generated", "--task", "ask-ajio-to-cancel"),
    "need-not": ("--stage", "FULFILLABLE", "--e-invoice", "generated", "--task", "cancel-in-assure"),
    "outcome": ("--stage", "PROCESSING", "--outcome", "allowed", "--restates", "SC-ERP-FULL-2a"),
    "fact": ("--not-operative", "a fact"),
}  # fmt: skip
"""Options that make a clause of each force one with which the rulebook holds."""


def changed_lines(before: bytes, after: bytes) -> list[str]:
    lines = difflib.unified_diff(before.decode().splitlines(), after.decode().splitlines(), lineterm="", n=0)
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


def test_a_corrected_wording_is_announced_and_is_the_only_change(copy: RegisterCopy) -> None:
    before = copy.contents[CLAUSES]
    status, out, err = copy.sop("clause", "edit", "SC-ERP-FULL-1a", "--text", "While it is FULFILLABLE, the seller may cancel it.", "--yes")

    assert (status, err) == (0, "")
    assert "- text           While Assure OMS shows FULFILLABLE, the seller may cancel the full order.\n" in out
    assert "+ text           While it is FULFILLABLE, the seller may cancel it.\n" in out
    assert "no answer changes, and no example can fail\n" in out
    assert changed_lines(before, copy.contents[CLAUSES]) == [
        '-text = "While Assure OMS shows FULFILLABLE, the seller may cancel the full order."',
        '+text = "While it is FULFILLABLE, the seller may cancel it."',
    ]
    assert (
        copy.sop(
            "clause",
            "edit",
            "SC-ERP-FULL-1a",
            "--text",
            "While Assure OMS shows FULFILLABLE, the seller may cancel the full order.",
            "--yes",
        )[0]
        == 0
    )
    assert copy.contents[CLAUSES] == before


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('the "full" order', r'text = "the \"full\" order"'),
        ("two\nlines\tand \r\n  blanks ", 'text = "two lines and blanks"'),
        ("=1+1; <script>alert(1)</script> | a\\b", r'text = "=1+1; <script>alert(1)</script> | a\\b"'),
        ("'''x''' \"\"\" # no comment", r"""text = "'''x''' \"\"\" # no comment" """.strip()),
        ("[[clause]] id = 1", 'text = "[[clause]] id = 1"'),
    ],
)
def test_a_text_stays_the_text_that_was_typed(text: str, written: str, copy: RegisterCopy) -> None:
    before = copy.contents[CLAUSES]
    status, _, err = copy.sop("clause", "edit", "SC-ERP-FULL-3", f"--text={text}", "--yes")

    assert (status, err) == (0, "")
    assert changed_lines(before, copy.contents[CLAUSES])[1:] == [f"+{written}"]
    assert read_rulebook(copy.folder).clauses


@pytest.mark.slow
@pytest.mark.parametrize("force", OF_EACH_FORCE)
def test_a_clause_of_each_force_is_added_below_its_neighbours(force: str, copy: RegisterCopy) -> None:
    before = copy.contents
    status, out, err = copy.sop("clause", "add", *ADDED, "--force", force, *OF_EACH_FORCE[force], "--yes")

    assert (status, err) == (0, ""), out
    added = changed_lines(before[CLAUSES], copy.contents[CLAUSES])
    assert all(line.startswith("+") for line in added)
    assert added[:4] == ["+[[clause]]", '+id = "SC-ERP-FULL-4"', '+line = "43"', f'+modality = "{force}"']
    ids = [clause.id for clause in Engine.of(read_rulebook(copy.folder)).rulebook.clauses]
    assert ids[ids.index("SC-ERP-FULL-4") - 1] == "SC-ERP-FULL-3"
    assert ("no feature has the tag `@SC-ERP-FULL-4`" in out) == (force not in ("should", "fact"))
    assert {name: data for name, data in copy.contents.items() if name != CLAUSES} == {
        name: data for name, data in before.items() if name != CLAUSES
    }


@pytest.mark.slow
def test_the_answers_and_the_examples_that_would_fail_are_listed_first(copy: RegisterCopy) -> None:
    before = copy.contents
    arguments = [
        "--heading",
        "AC-ERP-FULL",
        "--line",
        "96",
        "--text",
        "A sentence.",
        "--force",
        "must",
        "--stage",
        "FULFILLABLE",
        "--e-invoice",
        "pushed",
    ]
    status, out, err = copy.sop("clause", "add", *arguments, "--task", "cancel-in-assure")

    assert status == 2
    assert "nothing was written; add --yes to write, or --patch FILE for a patch" in err
    assert (
        "Ajio / full / ERP / FULFILLABLE / pushed (1 case, as written and as practised)\n  tasks     + must cancel the order in Assure OMS\n"
        in out
    )
    assert "1 example would fail; correct them:\n  features/ajio_cancellation/full_erp.feature:" in out
    assert copy.contents == before


REFUSED: dict[str, tuple[Sequence[str], str]] = {
    "a contradiction": (
        ["add", *ADDED, "--force", "may", "--stage", "PACKED", "--outcome", "allowed"],
        "  SC-ERP-FULL-3: must-not (line 43), `Once WMS shows the order PACKED, a full cancellation by the seller is no longer supported.`",
    ),
    "a clause without effect": (
        ["add", *ADDED, "--force", "may", "--stage", "FULFILLABLE", "--outcome", "allowed"],
        "this record: `SC-ERP-FULL-4` has no effect",
    ),
    "a force that contradicts what it decides": (["edit", "SC-ERP-FULL-3", "--force", "may"], "contradicts the outcome `refused`"),
    "a line outside its heading": (["edit", "SC-ERP-FULL-3", "--line", "60"], "has the line 60, but `SC-ERP-FULL` has the lines 21 to 44"),
    "no line": (["add", *ADDED, "--line", "above", "--force", "fact", "--not-operative", "x"], "`above` is not a line of the source"),
    "nothing decided": (["add", *ADDED, "--force", "must"], "`SC-ERP-FULL-4` decides nothing; add an outcome"),
    "a fact of the heading": (
        ["add", *ADDED, "--force", "may", "--canceller", "Ajio", "--outcome", "allowed"],
        "the heading `SC-ERP-FULL` says `canceller` already (seller)",
    ),
    "no such clause": (["edit", "SC-ERP-FULL-1b1", "--text", "x"], "there is no clause `SC-ERP-FULL-1b1`; did you mean `SC-ERP-FULL-1b`?"),
    "an id in use": (["add", *ADDED[2:], "--id", "SC-ERP-FULL-1a", "--force", "fact"], "`SC-ERP-FULL-1a` exists; ids are never used twice"),
    "an id of another form": (["add", *ADDED[2:], "--id", "x\x1b[31m", "--force", "fact"], "--id has the invisible character `\\x1b`"),
    "an id of no part": (["add", *ADDED[2:], "--id", "XY-1", "--force", "fact"], "`XY-1` belongs to no part of the document"),
    "an id elsewhere": (["add", *ADDED, "--id", "SC-RMS-FULL-3", "--force", "fact"], "stands below `SC-RMS-FULL`, not below `SC-ERP-FULL`"),
    "an unknown actor": (["edit", "SC-ERP-FULL-3", "--actor", "sellr"], "unknown word `sellr`; did you mean `seller`?"),
    "an unknown task": (["edit", "SC-ERP-FULL-3", "--task", "credit-not"], "unknown word `credit-not`; did you mean `credit-note`?"),
    "an unknown stage": (["edit", "SC-ERP-FULL-3", "--stage", "PACKT"], "unknown word `PACKT`; did you mean `PACKED`?"),
    "an unknown force": (["edit", "SC-ERP-FULL-3", "--force", "shall"], "unknown word `shall`"),
    "an escape sequence": (["edit", "SC-ERP-FULL-3", "--text", "a\x1b[31mb"], "--text has the invisible character `\\x1b` (a control character)"),
    "a change of direction": (["edit", "SC-ERP-FULL-3", "--text", "a\u202eb"], "`\\u202e` (right-to-left override); remove it"),
    "half a character": (["edit", "SC-ERP-FULL-3", "--text", "a\udcffb"], "--text has the invisible character"),
    "an empty text": (["edit", "SC-ERP-FULL-3", "--text", ""], "--text has no word; write a text"),
    "an empty line": (["edit", "SC-ERP-FULL-3", "--line", ""], "`SC-ERP-FULL-3` has the line ``; expected a line of the source"),
    "an empty id": (["add", *ADDED, "--id", "", "--force", "fact"], "--id has no word; write a text"),
    "no word": (["edit", "SC-ERP-FULL-3", "--text", " \n"], "--text has no word; write a text"),
    "a long text": (["edit", "SC-ERP-FULL-3", "--text", "x" * 4_001], "--text has 4,001 characters, expected at most 4,000"),
    "a fact of a return": (["edit", "SC-ERP-FULL-3", "--quality-check", "pass"], "--quality-check is about a returned unit"),
    "a task and nothing to do": (["edit", "SC-ERP-FULL-1.2.1", "--task", "grn", "--nothing-to-do"], "--task and --nothing-to-do cannot be used together"),
    "removed and set": (["edit", "SC-ERP-FULL-3", "--remove", "actor", "--actor", "seller"], "--remove actor cannot be used together with a new value"),
    "what is missing": (["add", "--line", "43"], "a clause needs --heading, --force, --text; add them"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_is_one_error_and_changes_nothing(name: str, copy: RegisterCopy) -> None:
    arguments, message = REFUSED[name]
    copy.require_refusal(["clause", *arguments], message)


def test_comments_and_layout_of_the_record_and_the_file_stay(copy: RegisterCopy) -> None:
    file = copy.folder / CLAUSES
    old = '[[clause]]\nid = "SC-ERP-FULL-3"\nline = "43"\nmodality = "must-not"\nactor = "seller"\n'
    new = '# above\n[[clause]] # header\nid = "SC-ERP-FULL-3" # own\n  line="43"   # tidy\n# inside\nmodality = \'must-not\'\nactor = "seller"\t# who\n'
    text = file.read_text(encoding="utf-8").replace(old, new).replace("\n", "\r\n")
    assert "# inside" in text
    file.write_bytes(("\ufeff" + text).encode())
    before = copy.contents[CLAUSES]

    assert copy.sop("clause", "edit", "SC-ERP-FULL-3", "--line", "42-43", "--actor", "Ajio business team", "--yes")[0] == 0

    assert copy.contents[CLAUSES] == before.replace(b'line="43"   # tidy', b'line="42-43"   # tidy').replace(
        b'"seller"\t# who', b'"Ajio business team"\t# who'
    )


def test_a_part_is_removed_and_another_put_in_the_place_where_registers_have_it(copy: RegisterCopy) -> None:
    before = copy.contents[CLAUSES]
    assert copy.sop("clause", "edit", "SC-ERP-FULL-1.1", "--remove", "system", "--actor", "seller", "--yes")[0] == 0

    assert changed_lines(before, copy.contents[CLAUSES]) == ['-system = "client\'s ERP / Increff"', '+actor = "seller"']
    assert b'line = "25"\nmodality = "fact"\nactor = "seller"\ntext = ' in copy.contents[CLAUSES]


def test_a_value_with_comments_inside_is_left_alone(copy: RegisterCopy) -> None:
    file = copy.folder / CLAUSES
    text = file.read_text(encoding="utf-8").replace('over = ["AC-ERP-PART-1a"]', 'over = [\n  "AC-ERP-PART-1a", # the exception\n]')
    file.write_text(text, encoding="utf-8")
    before = copy.contents
    status, _, err = copy.sop("clause", "edit", "AC-ERP-PART-1c", "--over", "AC-ERP-PART-1b", "--yes")

    assert (status, copy.contents) == (2, before)
    assert "`over` is not written on lines of its own, or has comments inside; change it by hand" in err


def test_a_patch_is_written_instead(copy: RegisterCopy, tmp_path: Path) -> None:
    before = copy.contents
    status, out, _ = copy.sop("clause", "edit", "SC-ERP-FULL-3", "--text", "Short.", "--patch", "x.patch")

    assert (status, copy.contents) == (0, before)
    assert "patch written: x.patch" in out
    assert '\n+text = "Short."\n' in (tmp_path / "x.patch").read_text(encoding="utf-8")


def test_the_same_again_changes_nothing(copy: RegisterCopy) -> None:
    before = copy.contents
    status, out, _ = copy.sop("clause", "edit", "SC-ERP-FULL-3", "--line", "43", "--outcome", "refused")

    assert (status, copy.contents) == (0, before)
    assert out == "`SC-ERP-FULL-3` says this already; nothing was written\n"


class Terminal(io.StringIO):
    """Lines that a user types in a terminal."""

    def isatty(self) -> bool:
        return True


def test_in_a_terminal_the_command_asks_what_to_change(copy: RegisterCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    before = copy.contents[CLAUSES]
    monkeypatch.setattr(sys, "stdin", Terminal("wording\nA short sentence.\n2\nforty\n42-43\nend\ny\n"))
    status, out, _ = copy.sop("clause", "edit", "SC-ERP-FULL-3")

    assert status == 0
    assert 'Error: write the line like "23" or "17-19"' in out
    added = [line for line in changed_lines(before, copy.contents[CLAUSES]) if line[0] == "+"]
    assert added == ['+line = "42-43"', '+text = "A short sentence."']


@pytest.mark.slow
def test_in_a_terminal_the_command_asks_for_what_a_new_clause_lacks(copy: RegisterCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    before = copy.contents[CLAUSES]
    typed = ["AC-ERP-FULL", "96", "must", "seller", "Assure OMS", "The seller also cancels in Assure.", "case", "a task", "cancel-in-assur",
             "cancel-in-assure", "now", "FULFILLABLE", "pushed", "n"]  # fmt: skip
    monkeypatch.setattr(sys, "stdin", Terminal("\n".join([*typed, ""])))
    status, out, _ = copy.sop("clause", "add")

    assert (status, copy.contents[CLAUSES]) == (1, before)
    assert "Error: `cancel-in-assur` is not one of them; did you mean `cancel-in-assure`?" in out
    assert out.endswith("write 1 file? [y/N]: nothing was written\n")
    monkeypatch.setattr(sys, "stdin", Terminal("\n".join([*typed[:-1], "y", ""])))
    assert copy.sop("clause", "add")[0] == 0
    assert [line[1:] for line in changed_lines(before, copy.contents[CLAUSES])][:9] == [
        "[[clause]]", 'id = "AC-ERP-FULL-3"', 'line = "96"', 'modality = "must"', 'actor = "seller"', 'system = "Assure OMS"',
        'text = "The seller also cancels in Assure."', 'when = { stage = "FULFILLABLE", e_invoice = "pushed" }', 'task = "cancel-in-assure"',
    ]  # fmt: skip


def test_the_end_of_the_input_is_an_interruption(copy: RegisterCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    before = copy.contents
    monkeypatch.setattr(sys, "stdin", Terminal("AC-ERP-FULL\n"))
    status, _, err = copy.sop("clause", "add")

    assert (status, err, copy.contents) == (130, "error: interrupted\n", before)


def test_without_a_terminal_a_clause_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clause", "edit", "SC-ERP-FULL-1.2.1"]) == 0
    assert "  when           stage: FULFILLABLE; e-invoice: not posted / posted\n  tasks          none\n" in capsys.readouterr().out
