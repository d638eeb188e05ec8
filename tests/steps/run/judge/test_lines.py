"""A record is refused or not good if a line is not what its writer writes for the present features."""

from pathlib import Path

import pytest

from sop_runs.record.verdict_text import reason_texts
from tests.support.compared_records import Line, Spoil, claim, verdict
from tests.support.judged_records import scenario


def swapped(lines: list[Line]) -> None:
    first, second = (
        index for index, line in enumerate(lines) if line["type"] == "scenario" and line in (scenario(lines), scenario(lines, 1))
    )
    lines[first], lines[second] = lines[second], lines[first]


LINES: dict[str, Spoil] = {
    "an id": lambda lines: scenario(lines).update(id="zzz"),
    "the line of a scenario": lambda lines: scenario(lines).update(line=scenario(lines)["line"] + 1),
    "the row of a plain scenario": lambda lines: scenario(lines).update(row=999),
    "a name": lambda lines: scenario(lines).update(name="Another"),
    "a Rule": lambda lines: scenario(lines).update(rule="Another"),
    "the name of an outline": lambda lines: scenario(lines).update(outline="Another"),
    "a tag": lambda lines: scenario(lines)["tags"].append("@GAP-02"),
    "no tag": lambda lines: scenario(lines)["tags"].clear(),
    "the line of a step": lambda lines: scenario(lines)["steps"][0].update(line=999),
    "a keyword": lambda lines: scenario(lines)["steps"][0].update(keyword="Then"),
    "a kind": lambda lines: scenario(lines)["steps"][0].update(kind="when"),
    "the text of a step": lambda lines: scenario(lines)["steps"][0].update(text="another"),
    "columns": lambda lines: scenario(lines)["steps"][0].update(columns=["zzz"]),
    "a table": lambda lines: scenario(lines)["steps"][0].update(table=[["zzz"]]),
    "a text below a step": lambda lines: scenario(lines)["steps"][0].update(docstring="zzz"),
    "a step less": lambda lines: scenario(lines)["steps"].pop(0) and [
        step for step in scenario(lines)["claims"] if step.update(step=step["step"] - 1)
    ],
    "two examples swapped": swapped,
    "a key of a claim": lambda lines: claim(lines, "outcome").update(zz=1),
    "a key of a step": lambda lines: scenario(lines)["steps"][0].update(zz=1),
    "a key of an example": lambda lines: scenario(lines).update(zz=1),
    "a key of the manifest": lambda lines: lines[0].update(zz=1),
    "the text of a clause": lambda lines: lines[1]["clauses"][0].update(text="another"),
    "a description": lambda lines: lines[2]["document"].update(description="another"),
    "the text of a file": lambda lines: lines[2].update(text=lines[2]["text"] + "# more\n"),
}  # fmt: skip
CONTRADICTIONS: dict[str, Spoil] = {
    "an error of a step that passed": lambda lines: scenario(lines)["steps"][-1].update(error={"message": "boom"}),
    "an error of the first step": lambda lines: scenario(lines)["steps"][0].update(error={"message": "", "expected": 1, "actual": 2}),
    "a cell outside the table": lambda lines: claim(lines, "task").update(cell=[99, 99]),
    "a column outside the table": lambda lines: claim(lines, "task").update(cell=[0, 2]),
    "a row before the table": lambda lines: claim(lines, "task").update(cell=[-1, 0]),
    "a cell without a table": lambda lines: claim(lines, "outcome").update(cell=[0, 0]),
}


@pytest.mark.parametrize("spoil", LINES.values(), ids=LINES)
def test_a_line_that_these_features_do_not_give_is_a_reason(raw: bytes, spoil: Spoil, tmp_path: Path, folder: Path) -> None:
    (text,) = reason_texts(verdict(raw, spoil, tmp_path, folder))

    assert text.startswith("the record differs from the feature files at run.ndjson:")


def test_the_reason_names_the_field(raw: bytes, tmp_path: Path) -> None:
    (text,) = reason_texts(verdict(raw, LINES["a keyword"], tmp_path, None))

    assert text.endswith('run.ndjson:9: the field keyword of step 1 is "Then", by the feature file it is "Given"')


@pytest.mark.parametrize("spoil", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_line_that_contradicts_itself_is_refused(raw: bytes, spoil: Spoil, tmp_path: Path, folder: Path) -> None:
    (text,) = reason_texts(verdict(raw, spoil, tmp_path, folder))

    assert text.startswith("the run record cannot be read from run.ndjson:")
