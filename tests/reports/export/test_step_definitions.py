"""The list of step sentences of a run: each pattern is checked, most of them by the part that other sentences share."""

import json
from pathlib import Path

import pytest

from reports.export.step_definitions import SENTENCES, read_sentences
from sop_runs.errors import RunRecordError


def written(folder: Path, prefix: str, pattern: str, *groups: int) -> Path:
    parameters = [{"name": f"p{group}", "type": "int", "choices": [], "group": group} for group in groups]
    sentence = {
        "kind": "given", "expression": prefix, "meaning": "", "pattern": pattern, "prefix": prefix, "parameters": parameters,
        "table": False, "docstring": False, "file": "a.py", "line": 1,
    }  # fmt: skip
    (folder / SENTENCES).write_text(json.dumps({"version": 1, "sentences": [sentence]}))
    return folder


@pytest.mark.parametrize(
    ("prefix", "pattern", "groups"),
    [
        ("a number ", r"^a number (\d+)$", (1,)),
        ("", r"^(\d+) and (\d+)$", (1, 2)),
        ("they are ", r"^they are( not)? (one|two)$", (1, 2)),
        ("ab", "^ab+(c)$", (1,)),  # the rest alone is no pattern
        ("ab", "^ab{2}(c)$", (1,)),
        ("a.(b)", "^a.(b)$", (1,)),  # the beginning is no plain text
        ("other", r"^a number (\d+)$", (1,)),
        ("no parameter", "^no parameter$", ()),
    ],
)
def test_a_pattern_with_a_group_for_each_parameter_is_accepted(tmp_path: Path, prefix: str, pattern: str, groups: tuple[int, ...]) -> None:
    (sentence,) = read_sentences(written(tmp_path, prefix, pattern, *groups))

    assert sentence.pattern == pattern


@pytest.mark.parametrize(
    ("prefix", "pattern", "group"),
    [
        ("a number ", r"^a number (\d+)$", 2),
        ("a number ", r"^a number (\d+)$", 0),
        ("a number ", r"^a number (\d+$", 1),
        ("a (number) ", r"^a number \d+$", 1),
        ("ab", "^ab**(c)$", 1),
        ("", "*(c)", 1),
        ("a [[b", "^a [[b](c)$", 1),  # a set that Python will read differently
    ],
)
def test_any_other_pattern_is_refused(tmp_path: Path, prefix: str, pattern: str, group: int) -> None:
    with pytest.raises(RunRecordError, match=r"^steps\.json: sentences\[0\]\.pattern is not a pattern with a group for each parameter"):
        read_sentences(written(tmp_path, prefix, pattern, group))
