"""A run record with every struct, as lines, as plain data and as bytes."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import strategies as st

from sop_runs.errors import RunRecordError
from sop_runs.problem import Problem
from sop_runs.record.reader import RunRecord, dump, read, read_record
from sop_runs.record.schema import (
    Background,
    Claim,
    ClauseRecord,
    Closing,
    CodeRecord,
    Comment,
    Counts,
    DriverRecord,
    ExampleRow,
    ExamplesTable,
    FeatureDocument,
    FeatureRecord,
    GapRecord,
    Line,
    Manifest,
    NamedHash,
    RulebookRecord,
    ScenarioRecord,
    SectionRecord,
    SelectionRecord,
    StageRecord,
    StepError,
    StepRecord,
    TaskRecord,
    WrittenRule,
    WrittenScenario,
    WrittenStep,
)

STEP = WrittenStep(4, "Then", "it is <n>", [["<n>"]], None, 5, [5])
TABLE = ExamplesTable(7, ["@a"], "", "", ["n"], [ExampleRow(9, ["1"], "of-1")], 8)
RULE = WrittenRule(11, ["@b"], "R", "", Background(12, "", "", [STEP]), [WrittenScenario("Scenario", 13, [], "Two", "", [STEP], [], "two")])
DOCUMENT = FeatureDocument(
    ["@c"], "F", "Words.", 1, Background(2, "", "", [STEP]), [WrittenScenario("Scenario Outline", 3, [], "Of <n>", "", [STEP], [TABLE], None), RULE],
    "en", [Comment(20, "# a remark")],
)  # fmt: skip
CLAIM = Claim({"kind": "order", "id": "A1"}, "as-practised", "outcome", "refused", "refused", holds=True, step=0, cell=(0, 0))
PASSED_STEP = StepRecord(4, "Then", "it is 1", "then", ("n",), (("1",),), None, "passed", None, [0])
FAILED_STEP = StepRecord(4, "Then", "it is 1", "then", (), None, "a note", "failed", StepError("it is not", 1, None), [0])
FALSE_CLAIM = msgspec.structs.replace(CLAIM, actual="allowed", holds=False, cell=None)
LINES: list[Line] = [
    Manifest(
        version=2, state="running", reading="as-practised", features={"a.feature": "0", "b.feature": "1"}, rulebook=NamedHash("book", "2"),
        code=CodeRecord({"steps": "3"}, {"pytest": "9.0"}),
        selection=SelectionRecord(("a.feature",), "x", "@a", "1/2"), written=2, expected=2,
        binding_findings=(Problem("my_shop/steps.py", 1, 1, "no-sentence", "binds no sentence", "bind one"),),
        file_findings=(Problem("x.feature.txt", 1, 1, "unread-file", "it is not read", "rename it"),),
        beside=("a.feature",),
        installed=True,
        driver=DriverRecord("Our OMS", "4.7", "1.0", ("decisions",), ("as-practised",)),
    ),
    RulebookRecord(
        name="book", title="The book", lines=9, sha256="2", sections=[SectionRecord("S", "1-2", "Words.", {"scope": ["full"]}, "it lists all")],
        clauses=[ClauseRecord("S-1", 1, "S", "must", "seller", "ERP", "Words.", operative=True, why_not_operative=None, over=["S-0"], rules_on="case", when={}, outcome="allowed", tasks=[], manner="by hand", like={})],
        gaps=[GapRecord("GAP-01", "T", "silent", "verdict", "S-1", ["one", "two"], "one", "so", "Which?", 4, ["S-1"], "case", None, {}, [], [])],
        dated="2026-12-01", follows=["older"], tasks=[TaskRecord("note", "case", "make a note", "a note", "N", "note")], stages=[StageRecord("PACKED", "The parcel is packed.")],
        actors=["seller"], systems=["ERP"],
    ),
    FeatureRecord("a.feature", "0", "Feature: F\n", DOCUMENT, []),
    FeatureRecord("b.feature", "1", "Featur: G\n", None, [Problem("b.feature", 1, 1, "syntax", "is no keyword", "correct it", "Feature:")]),
    ScenarioRecord("of-1", "a.feature", None, "Of 1", "Of <n>", 3, 9, ("@a",), "passed", [PASSED_STEP], [CLAIM]),
    ScenarioRecord("two", "a.feature", "R", "Two", None, 13, None, (), "failed", [FAILED_STEP], [FALSE_CLAIM]),
    Closing("complete", Counts(2, 2, 2, 1, 1), 3),
]  # fmt: skip
RAW = b"".join(map(dump, LINES))


def refused(file: Path, raw: bytes) -> tuple[str, str, RunRecord]:
    """Place and reason of the refusal of *raw*, and what could be read of it."""
    file.write_bytes(raw)
    with pytest.raises(RunRecordError) as caught:
        read_record(file)
    record = read(file)
    assert record.problem == (caught.value.place, caught.value.reason)
    assert record.state == "incomplete"
    assert str(caught.value) == f"{caught.value.place}: {caught.value.reason}; run `sop verify` again"
    return caught.value.place, caught.value.reason, record


MANIFEST, RULEBOOK, FEATURE, OTHER_FEATURE, SCENARIO, OTHER_SCENARIO, CLOSING = LINES
TEXTS = st.text(max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
