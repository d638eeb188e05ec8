"""Cucumber JSON and JUnit XML of a run have every example and finding at its file and line."""

import json
import xml.etree.ElementTree as ET

from reports.export.run_files import CUCUMBER_JSON, JUNIT, write_exports
from tests.support.messages_sample import copied


def test_cucumber_json_has_a_scenario_for_every_example_and_a_failure_for_every_finding(run_dir):
    features = json.loads((run_dir / CUCUMBER_JSON).read_bytes())
    actual = [
        (feature["uri"], element["name"], element["line"], [step["result"]["status"] for step in element["steps"]])
        for feature in features
        for element in feature["elements"]
    ]

    assert actual == [
        ("features/a/latin.feature", "a/latin.feature has no findings", 1, ["failed"]),
        ("features/a/unsound.feature", "a/unsound.feature has no findings", 8, ["failed"]),
        ("features/a/unsound.feature", "Sound", 5, ["skipped", "skipped"]),
        ("features/b.feature", "Adding: Adding 1: sums (1, 2)", 23, ["passed"] * 4),
        ("features/b.feature", "Adding: Adding 2: sums (2, 4)", 24, ["passed"] * 3 + ["failed"]),
        ("features/b.feature", "Adding: Adding 3: the rest (3, 4)", 28, ["passed"] * 4),
        ("features/b.feature", "Arguments: In a table and a note ünï 😀", 32, ["passed", "failed", "skipped"]),
        ("features/b.feature", "Arguments: Broken", 42, ["passed", "passed", "failed"]),
        ("features/c.feature", "Fine", 3, ["passed", "passed"]),
        ("features/c/known.feature", "Known to fail", 4, ["passed", "skipped", "skipped"]),
        ("features/c/known.feature", "Known, and mended", 13, ["passed", "failed"]),
        ("features/d.feature", "d.feature has no findings", 7, ["failed", "failed"]),
        ("features/d.feature", "Nobody knows: A step nobody knows (3)", 12, ["skipped", "undefined", "skipped"]),
        ("features/d.feature", "Nobody knows: A step nobody knows (x)", 13, ["undefined", "undefined", "skipped"]),
        ("features/e.feature", "e.feature has no findings", 4, ["failed", "failed"]),
    ]
    ids = [element["id"] for feature in features for element in feature["elements"]]
    assert len(set(ids)) == len(ids)
    assert "every-way-it-can-end;adding;adding-1;23" in ids


def test_cucumber_json_shows_tables_doc_strings_and_bindings(run_dir):
    features = json.loads((run_dir / CUCUMBER_JSON).read_bytes())
    element = features[2]["elements"][3]

    assert [step["keyword"] for step in element["steps"]] == ["Given ", "Then ", "And "]
    assert element["steps"][1]["arguments"] == [{"rows": [{"cells": ["1", "1"]}, {"cells": ["1", "7"]}]}]
    assert element["steps"][2]["arguments"][0]["content"].startswith("1 <two>")
    assert element["steps"][0]["match"]["location"].startswith("tests/support/run_bindings.py:")
    assert "expected: 7\nactual:   1" in element["steps"][1]["result"]["error_message"]


def test_junit_has_the_file_and_the_line_of_each_example(run_dir):
    root = ET.parse(run_dir / JUNIT).getroot()  # noqa: S314 - our own file
    actual = [
        (case.get("file"), case.get("line"), case.get("name"), next((part.tag for part in case), ""))
        for case in root.iter("testcase")
        if case.get("classname") == "features.b" or case.get("classname") == "features.d"
    ]

    assert actual == [
        ("features/b.feature", "23", "Adding: Adding 1: sums (1, 2)", ""),
        ("features/b.feature", "24", "Adding: Adding 2: sums (2, 4)", "failure"),
        ("features/b.feature", "28", "Adding: Adding 3: the rest (3, 4)", ""),
        ("features/b.feature", "32", "Arguments: In a table and a note ünï 😀", "failure"),
        ("features/b.feature", "42", "Arguments: Broken", "error"),
        ("features/d.feature", "7", "d.feature has no findings", "error"),
        ("features/d.feature", "12", "Nobody knows: A step nobody knows (3)", "skipped"),
        ("features/d.feature", "13", "Nobody knows: A step nobody knows (x)", "skipped"),
    ]
    failure = root.find(".//testcase[@line='24']/failure")
    assert failure.text.startswith("features/b.feature:18: failed: Then the number is 4\n")
    assert failure.text.endswith("expected: 4\nactual:   3")
    assert failure.get("message") == "the number of experiment of the tests: expected 4, got 3"


def test_the_counts_of_junit_are_those_of_its_test_cases(run_dir):
    root = ET.parse(run_dir / JUNIT).getroot()  # noqa: S314 - our own file
    for part in (root, *root):
        for name, tag in (("tests", None), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            cases = [case for case in part.iter("testcase") if tag is None or case.find(tag) is not None]
            assert part.get(name, str(len(cases))) == str(len(cases))


def test_junit_says_what_xml_cannot(tmp_path, run_dir):
    copy = copied(run_dir, tmp_path / "copy")
    record = (copy / "run.ndjson").read_text(encoding="utf-8")
    (copy / "run.ndjson").write_text(record.replace("the number of experiment", "]]>\\u0000\\u001b\\ufffe<&\\\"' "), encoding="utf-8")
    (file,) = write_exports(copy, [JUNIT])

    failure = ET.parse(file).getroot().find(".//testcase[@line='24']/failure")  # noqa: S314 - our own file
    assert failure.get("message") == "]]>\\u0000\\u001b\\ufffe<&\"'  of the tests: expected 4, got 3"
