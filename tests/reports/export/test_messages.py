"""Cucumber Messages of a run say what its record says, and nothing else."""

import json
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import UTC, datetime

from reports.export.run_files import ALL, CUCUMBER_JSON, JUNIT, MESSAGES, write_exports
from tests.support.message_stream import of, steps_of_cases
from tests.support.messages_sample import copied, exported, lines


def test_the_messages_come_in_order_and_hold_together(messages):
    kinds = [next(iter(message)) for message in messages]
    assert all(len(message) == 1 for message in messages)
    assert (kinds[0], kinds[-1]) == ("meta", "testRunFinished")
    assert kinds.index("testRunStarted") > max(number for number, kind in enumerate(kinds) if kind in {"pickle", "stepDefinition"})

    defined: list[str] = []
    wanted: set[str] = set()

    def walk(value, name=""):
        if isinstance(value, dict):
            for key, part in value.items():
                walk(part, key)
        elif isinstance(value, list):
            for part in value:
                walk(part, name)
        elif name == "id":
            defined.append(value)
        elif name.endswith(("Id", "Ids")):
            wanted.add(value)

    walk(messages)
    assert [own for own, count in Counter(defined).items() if count > 1] == []
    assert wanted <= set(defined)


def test_every_way_to_end_has_its_status(messages):
    statuses = [(name, [result["status"] for result in results]) for name, results in steps_of_cases(messages)]

    assert "Empty" in {pickle["name"] for pickle in of(messages, "pickle")}  # which Cucumber's tools would call passed, were it a case
    assert statuses == [
        ("Sound", ["SKIPPED", "SKIPPED"]),
        ("Adding 1", ["PASSED"] * 4),
        ("Adding 2", ["PASSED"] * 3 + ["FAILED"]),
        ("Adding 3", ["PASSED"] * 4),
        ("In a table and a note ünï 😀", ["PASSED", "FAILED", "SKIPPED"]),
        ("Broken", ["PASSED", "PASSED", "FAILED"]),
        ("Fine", ["PASSED", "PASSED"]),
        ("Known to fail", ["PASSED", "SKIPPED", "SKIPPED"]),
        ("Known, and mended", ["PASSED", "FAILED"]),
        ("A step nobody knows", ["SKIPPED", "UNDEFINED", "SKIPPED"]),
        ("A step nobody knows", ["UNDEFINED", "UNDEFINED", "SKIPPED"]),
    ]


def test_a_failure_says_what_was_expected_and_what_came(messages):
    results = dict(steps_of_cases(messages))
    failed, broken = results["Adding 2"][3], results["Broken"][2]

    assert failed["message"] == "the number of experiment of the tests: expected 4, got 3\n\nexpected: 4\nactual:   3"
    assert failed["exception"] == {"type": "failed", "message": failed["message"]}
    assert broken["message"].startswith("ValueError: <object object at 0x…> in")
    assert broken["exception"]["type"] == "broken"


def test_a_known_failure_counts_as_skipped_until_it_passes(messages, run_dir):
    results = dict(steps_of_cases(messages))
    assert results["Known to fail"][1]["message"].startswith("known failure (@expected-to-fail): the number of experiment of the tests: ")
    assert results["Known, and mended"][1]["message"] == "it passes now; remove the tag @expected-to-fail"

    root = ET.parse(run_dir / JUNIT).getroot()  # noqa: S314 - our own file
    failing, mended = (case for case in root.iter("testcase") if case.get("classname") == "features.c.known")
    assert "expected 13, got 12" in failing.find("skipped").get("message")
    assert mended.find("failure").get("message") == "it passes now; remove the tag @expected-to-fail"


def test_what_kept_a_file_from_running_is_said(messages):
    results = dict(steps_of_cases(messages))
    errors = of(messages, "parseError")

    assert results["Sound"][0]["message"].startswith("not run, because the file has findings:\na/unsound.feature:8:3: no-steps: ")
    assert {error["source"]["uri"] for error in errors} == {"features/a/latin.feature", "features/e.feature"}
    assert [error["message"].split(": ")[1] for error in errors] == ["encoding", "misspelt-keyword", "syntax"]
    assert {document["uri"] for document in of(messages, "gherkinDocument")}.isdisjoint(error["source"]["uri"] for error in errors)
    assert [source["uri"] for source in of(messages, "source")] == [
        "features/a/latin.feature", "features/a/unsound.feature", "features/b.feature", "features/c.feature",
        "features/c/known.feature", "features/d.feature", "features/e.feature",
    ]  # fmt: skip
    snippets = [suggestion["snippets"][0]["code"] for suggestion in of(messages, "suggestion")]
    assert '@when("something \\"odd\\" happens")' in snippets[0]


def test_a_step_knows_its_sentence_and_where_its_values_stand(messages):
    definitions = {message["id"]: message for message in of(messages, "stepDefinition")}
    steps = {step["id"]: step["text"] for pickle in of(messages, "pickle") for step in pickle["steps"]}
    seen = set()
    for case in of(messages, "testCase"):
        for step in case["testSteps"]:
            text = steps[step["pickleStepId"]]
            for own, arguments in zip(step["stepDefinitionIds"], step["stepMatchArgumentsLists"], strict=True):
                definition = definitions[own]
                assert definition["sourceReference"]["uri"] == "tests/support/run_bindings.py"
                for argument in arguments["stepMatchArguments"]:
                    start, value = argument["group"]["start"], argument["group"]["value"]
                    units = text.encode("utf-16-le")  # as JavaScript counts
                    assert units[2 * start :].startswith(value.encode("utf-16-le"))
                    seen.add((definition["pattern"]["source"], argument["parameterTypeName"], value))

    assert ("a remark {remark}", "remark", '"quoted" and 😀 more') in seen
    assert ("the number is {int}", "int", "4") in seen


def test_same_record_and_durations_same_bytes(run_dir, tmp_path):
    copy = copied(run_dir, tmp_path / "copy")
    write_exports(copy)

    for name in ALL:
        assert (copy / name).read_bytes() == (run_dir / name).read_bytes()
    (file,) = write_exports(copy, [MESSAGES], tmp_path, started=datetime(2026, 11, 23, tzinfo=UTC))
    assert of(lines(file), "testRunStarted")[0]["timestamp"] == {"seconds": 1795392000, "nanos": 0}


def test_what_a_selection_left_out_is_a_pickle_and_no_case(tmp_path):
    folder = exported(tmp_path, keyword="Adding 1")
    messages = lines(folder / MESSAGES)
    assert [name for name, _ in steps_of_cases(messages) if name.startswith("Adding") or name == "Fine"] == ["Adding 1"]
    assert "Fine" in {pickle["name"] for pickle in of(messages, "pickle")}
    root = ET.parse(folder / JUNIT).getroot()  # noqa: S314 - our own file
    for paths in ({feature["uri"] for feature in json.loads((folder / CUCUMBER_JSON).read_bytes())}, {suite.get("name") for suite in root}):
        assert "features/b.feature" in paths
        assert "features/c.feature" not in paths
