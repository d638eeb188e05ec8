"""What was written and read is written the same."""

import json
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_runs.record.reader import dump, read
from sop_runs.record.schema import Claim, ScenarioRecord, StepError, StepRecord
from sop_runs.record.status import same_json
from tests.support.sample_record import CLOSING, FEATURE, JSON, MANIFEST, OTHER_FEATURE, RULEBOOK, TEXTS

CLAIMS = st.builds(
    Claim, st.dictionaries(TEXTS, JSON, max_size=2), st.none() | TEXTS, TEXTS, JSON, JSON, st.booleans(), st.none() | st.integers(0, 3),
    st.none() | st.tuples(st.integers(0, 9), st.integers(0, 9)),
)  # fmt: skip
STEPS = st.builds(
    StepRecord, st.integers(1, 99), TEXTS, TEXTS, st.sampled_from(["given", "when", "then"]), st.lists(TEXTS, max_size=2).map(tuple),
    st.none() | st.lists(st.lists(TEXTS, max_size=2).map(tuple), max_size=2).map(tuple), st.none() | TEXTS, TEXTS,
    st.none() | st.builds(StepError, TEXTS, JSON, JSON), st.just([]),
)  # fmt: skip
SCENARIOS = st.builds(
    ScenarioRecord, TEXTS, st.just("a.feature"), st.none() | TEXTS, TEXTS, st.none() | TEXTS, st.integers(1, 99), st.none() | st.integers(1, 99),
    st.lists(TEXTS, max_size=2).map(tuple), TEXTS, st.lists(STEPS, max_size=2), st.lists(CLAIMS, max_size=2),
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(SCENARIOS, max_size=3, unique_by=lambda scenario: scenario.id), TEXTS)
def test_what_was_written_and_read_is_written_the_same(
    tmp_path_factory: pytest.TempPathFactory, scenarios: list[ScenarioRecord], text: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "written.ndjson"
    lines = [MANIFEST, RULEBOOK, FEATURE, msgspec.structs.replace(OTHER_FEATURE, text=text), *scenarios, CLOSING]
    file.write_bytes(b"".join(map(dump, lines)))

    record = read(file)  # random lines contradict each other, but all of them are read

    assert list(record.lines) == lines
    assert b"".join(map(dump, record.lines)) == file.read_bytes()
    assert all(left < right for line in file.read_bytes().splitlines() for left, right in pairwise(json.loads(line)))


VALUES = [
    1,
    True,
    1.0,
    "1",
    0,
    False,
    None,
    "",
    [],
    {},
    [1],
    [True],
    [1, 1],
    {"a": 1},
    {"a": 1.0},
    {"a": [True]},
    {"b": 1},
    {"a": 1, "b": 1},
]


def test_only_the_same_json_is_the_same() -> None:
    for place, one in enumerate(VALUES):
        for other_place, other in enumerate(json.loads(json.dumps(VALUES))):
            assert same_json(one, other) == (place == other_place), (one, other)
    assert same_json({"a": 1, "b": [2]}, {"b": [2], "a": 1})
    assert not same_json([1, 2], [2, 1])
