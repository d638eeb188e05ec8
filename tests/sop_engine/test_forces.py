"""The force of a statement fits its ruling, and a line of the source is below its heading; anything else is refused at load."""

import shutil
from itertools import product
from pathlib import Path

import pytest

from sop_engine.engine import ENGINE, Engine
from sop_engine.errors import RulebookError
from sop_engine.forces import RULINGS_OF
from sop_engine.reader import read_rulebook
from sop_engine.source_lines import LineRange, lines_of
from sop_engine.wording import prove_with_words

RULEBOOK = Path(__file__).parents[2] / "sop_engine" / "rulebook" / "clients_v1"
OUTCOMES = ("allowed", "refused", "fails on screen", "fails at packing", "without effect")
RULINGS = {
    **{outcome: f'outcome = "{outcome}"' for outcome in OUTCOMES},
    "a task": 'task = "credit-note"',
    "no task": 'tasks = "none"',
    "a manner": 'manner = "by hand"',
}
FITS = {
    "must": {"a task", "a manner"},
    "must-not": {"refused"},
    "should": set(),
    "may": {"allowed", "a task", "a manner"},
    "need-not": {"a task", "no task"},
    "outcome": set(OUTCOMES),
    "fact": set(),
}


def changed(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """The project's rulebook in which, behind each id, a text is replaced once."""
    copy = folder / "clients_v1"
    shutil.copytree(RULEBOOK, copy)
    for identifier, old, new in edits:
        file = copy / ("gaps.toml" if identifier.startswith("GAP") else "clauses.toml")
        text = file.read_text(encoding="utf-8")
        at = text.index(f'id = "{identifier}"')
        assert old in text[at:].partition("\nid = ")[0], "the test does not change anything"
        file.write_text(text[:at] + text[at:].replace(old, new, 1), encoding="utf-8")
    return copy


def findings(folder: Path) -> tuple[str, ...]:
    """Why a rulebook is refused; nothing if it is not."""
    try:
        Engine.of(read_rulebook(folder))
    except RulebookError as error:
        return error.findings
    return ()


@pytest.mark.parametrize(("force", "ruling"), [*product(FITS, RULINGS)])
def test_each_force_has_the_rulings_that_fit_it(force: str, ruling: str, tmp_path: Path) -> None:
    """In a rulebook of one clause; what else is wrong with it does not matter here."""
    clause = f'[[clause]]\nid = "A-1"\nline = "1"\nmodality = "{force}"\nactor = "seller"\ntext = "It."\n{RULINGS[ruling]}\n'
    (tmp_path / "clauses.toml").write_text(f'[[section]]\nid = "B"\nline = "2"\ntext = "A heading."\n{clause}', encoding="utf-8")
    gap = "\n".join(f'{key} = "x"' for key in ("title", "kind", "aspect", "nearest", "chosen", "why", "question"))
    (tmp_path / "gaps.toml").write_text(f'[[gap]]\nid = "GAP-01"\n{gap}\n', encoding="utf-8")

    with pytest.raises(RulebookError) as refused:
        prove_with_words(read_rulebook(tmp_path))

    about_force = [finding for finding in refused.value.findings if finding.startswith("clauses.toml:6: ") and "modality" in finding]
    assert bool(about_force) is (ruling not in FITS[force])


def test_every_force_of_the_table_is_tried() -> None:
    assert RULINGS_OF.keys() == FITS.keys()
    assert {clause.modality for clause in ENGINE.rulebook.clauses} == FITS.keys()


CONTRADICTIONS = {
    "a ban that allows": (("SC-ERP-FULL-1a", '"may"', '"must-not"'), "contradicts the outcome `allowed`"),
    "a permission that refuses": (("SC-ERP-FULL-3", '"must-not"', '"may"'), "contradicts the outcome `refused`"),
    "a duty that is refused": (("SC-RMS-FULL-2", '"must-not"', '"must"'), "contradicts the outcome `refused`"),
    "a fact that fails": (("AC-ERP-PART-1c", '"outcome"', '"fact"'), "contradicts the outcome `fails at packing`"),
    "a duty to do nothing": (("SC-ERP-FULL-1.2.1", '"need-not"', '"must"'), 'contradicts `tasks = "none"`'),
    "a release by hand": (("RT-RSI-0", '"must"', '"need-not"'), "contradicts a manner"),
    "a refusal made a permission": (("AC-ERP-PART-1a", '"refused"', '"allowed"'), "contradicts the outcome `allowed`"),
    "an unknown force": (("SC-ERP-FULL-2b", '"must"', '"mst"'), "unknown modality `mst`; did you mean `must`?"),
    "no force": (("SC-ERP-FULL-2b", 'modality = "must"\n', ""), "has no `modality`; add one of"),
    "a force of a resolution without a task": (
        ("GAP-14", 'outcome = "refused"', 'outcome = "refused"\nmodality = "may"'),
        "`GAP-14.1` has the modality `may`, which contradicts the outcome `refused`",
    ),
    "a force of nothing": (
        ("GAP-36", 'like = { stage = "PACKED" }', 'like = { stage = "PACKED" }\nmodality = "must"'),
        "remove `modality`",
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_force_that_contradicts_its_ruling_is_refused_at_its_line(name: str, tmp_path: Path) -> None:
    edit, reason = CONTRADICTIONS[name]

    (finding,) = findings(changed(tmp_path, edit))

    assert reason in finding
    assert finding.startswith("gaps.toml:" if edit[0].startswith("GAP") else "clauses.toml:")


GOOD = {
    "a screen that refuses": ("SC-ERP-FULL-3", '"must-not"', '"outcome"'),
    "a duty that is announced": ("SC-ERP-FULL-2b", '"must"', '"should"'),
    "a fact that rules on nothing": ("AC-ERP-PART-1d", '"outcome"', '"fact"'),
    "a manner that may be": ("RT-RSI-0", '"must"', '"may"'),
    "a resolution with a force that fits": ("GAP-14", 'outcome = "refused"', 'outcome = "refused"\nmodality = "must-not"'),
}


@pytest.mark.parametrize("name", GOOD)
def test_another_force_that_fits_is_not_refused(name: str, tmp_path: Path) -> None:
    assert findings(changed(tmp_path, GOOD[name])) == ()


LINES = {
    "above its heading": (("SC-ERP-FULL-1a", 'line = "23"', 'line = "20"'), "has the line 20, but `SC-ERP-FULL` has the lines 21 to 44"),
    "below the next heading": (
        ("SC-ERP-FULL-3", 'line = "43"', 'line = "45"'),
        "has the line 45, but `SC-ERP-FULL` has the lines 21 to 44",
    ),
    "over the end of its heading": (("SC-ERP-FULL-3", 'line = "43"', 'line = "43-46"'), "has the line 43-46, but"),
    "in another part of the text": (("AC-RMS-PART-1", 'line = "119"', 'line = "23"'), "`AC-RMS-PART` has the lines 117 to 120"),
    "beyond the source": (("RT-RSI-3b", 'line = "127"', 'line = "129"'), "but the source has 128 lines"),
    "no number": (("SC-ERP-FULL-3", 'line = "43"', 'line = "4x"'), "has the line `4x`; expected a line of the source"),
    "no line": (("SC-ERP-FULL-3", 'line = "43"\n', ""), "has the line ``; expected"),
    "a range backwards": (("SC-ERP-FULL-3", 'line = "43"', 'line = "43-41"'), "has the line `43-41`; expected"),
    "line nought": (("DOC-3", 'line = "4"', 'line = "0"'), "has the line `0`; expected"),
    "a heading above the one before": (("SC-ERP-PART", 'line = "45"', 'line = "20"'), "but the heading above it, `SC-ERP-FULL`, has 21"),
    "without a heading and yet below one": (("AC-0", 'line = "75"', 'line = "70"'), "which is below `SC-RMS-PART`"),
}


@pytest.mark.parametrize("name", LINES)
def test_a_line_outside_its_heading_is_refused(name: str, tmp_path: Path) -> None:
    edit, reason = LINES[name]

    problems = findings(changed(tmp_path, edit))

    assert reason in " ".join(problems)
    assert all(finding.startswith("clauses.toml:") for finding in problems)


@pytest.mark.parametrize(
    "edit",
    [
        ("SC-ERP-FULL-3", 'line = "43"', 'line = "44"'),
        ("SC-ERP-FULL-1a", 'line = "23"', 'line = "21"'),
        ("SC-ERP-FULL-1a", 'line = "23"', 'line = "21-44"'),
        ("RT-RSI-3b", 'line = "127"', 'line = "127-128"'),
        ("AC-0", 'line = "75"', 'line = "76"'),
        ("SC-ERP-PART", 'line = "45"', 'line = "44-45"'),
    ],
)
def test_another_line_of_its_heading_is_not_refused(edit: tuple[str, str, str], tmp_path: Path) -> None:
    assert findings(changed(tmp_path, edit)) == ()


@pytest.mark.parametrize("lines", ["-1", '"128"', "1.5", "true"])
def test_the_number_of_lines_is_a_number(lines: str, tmp_path: Path) -> None:
    folder = changed(tmp_path)
    text = (folder / "clauses.toml").read_text(encoding="utf-8").replace("lines = 128", f"lines = {lines}")
    (folder / "clauses.toml").write_text(text, encoding="utf-8")

    assert findings(folder) == ("clauses.toml: `lines` must be the number of lines of the source",)


def test_a_key_above_the_records_is_not_passed_over(tmp_path: Path) -> None:
    folder = changed(tmp_path)
    text = (folder / "clauses.toml").read_text(encoding="utf-8").replace("lines = 128", "lins = 128")
    (folder / "clauses.toml").write_text(text, encoding="utf-8")

    assert findings(folder) == ("clauses.toml: unknown key `lins` above the records; did you mean `lines`?",)


def test_lines_are_one_or_a_range() -> None:
    assert lines_of("17-19") == LineRange(17, 19)
    assert lines_of("12") == LineRange(12, 12)
    assert [lines_of(text) for text in ("", "0", "3-2", "3-", "-3", "1 - 2", "x", "01")] == [None] * 8
