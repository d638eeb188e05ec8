"""A run for other tools: Messages, Cucumber JSON and JUnit XML say what the record says, and nothing else."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from reports.export.gherkin_tree import Ids, examples_of, tree_of
from reports.export.outcomes import outcomes_without_run
from reports.export.pickles import pickle_of
from reports.export.run_files import ALL, CUCUMBER_JSON, JUNIT, MESSAGES, write_exports
from reports.export.step_definitions import Matcher, Parameter, Sentence
from sop_runs.errors import RunRecordError
from sop_runs.problem import Problem
from sop_runs.record.durations import DURATIONS
from sop_runs.record.schema import Counts, FeatureDocument, FeatureRecord
from sop_runs.record.verdict import Reason, ReasonKind, Verdict
from steps.definitions.catalogue import catalogue
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from tests.support.messages_sample import copied, exported, lines
from tests.support.run_samples import count

GOOD = Verdict("complete", Counts(), ())
CHANGED = GOOD.with_reasons(Reason(ReasonKind.FILE_CHANGED, path="c.feature"))


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    return exported(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def messages(run_dir):
    return lines(run_dir / MESSAGES)


@pytest.fixture(scope="module")
def record(run_dir):
    return lines(run_dir / "run.ndjson")


def of(messages, kind):
    return [message[kind] for message in messages if kind in message]


def scenarios_of(record):
    return [line for line in record if line["type"] == "scenario"]


def steps_of_cases(messages) -> Iterator[tuple[str, list[dict]]]:
    """Name of the example, and the results of its steps in order."""
    pickles = {pickle["id"]: pickle for pickle in of(messages, "pickle")}
    cases = {case["id"]: case for case in of(messages, "testCase")}
    results: dict[str, list] = {}
    for finished in of(messages, "testStepFinished"):
        results.setdefault(finished["testCaseStartedId"], []).append(finished)
    for started in of(messages, "testCaseStarted"):
        case = cases[started["testCaseId"]]
        results_of_case = results.get(started["id"], [])
        assert [message["testStepId"] for message in results_of_case] == [step["id"] for step in case["testSteps"]]
        yield pickles[case["pickleId"]]["name"], [message["testStepResult"] for message in results_of_case]


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


def test_every_example_is_a_pickle_with_the_words_that_ran(messages, record):
    pickles = of(messages, "pickle")
    scenarios = scenarios_of(record)

    assert [(p["uri"], p["name"], p["location"]["line"]) for p in pickles] == [
        (f"features/{s['feature']}", s["name"], s["row"] or s["line"]) for s in scenarios
    ]
    for pickle, scenario in zip(pickles, scenarios, strict=True):
        assert list(dict.fromkeys(tag["name"] for tag in pickle["tags"])) == scenario["tags"]
        for step, ran in zip(pickle["steps"], scenario["steps"], strict=True):
            argument = step.get("argument", {})
            table = [[cell["value"] for cell in row["cells"]] for row in argument["dataTable"]["rows"]] if "dataTable" in argument else None
            text = argument["docString"]["content"] if "docString" in argument else None
            assert (step["text"], table, text) == (ran["text"], ran["table"], ran["docstring"])


def test_a_pickle_knows_its_kind_of_step_its_media_type_and_its_nodes(messages):
    pickle = next(pickle for pickle in of(messages, "pickle") if pickle["name"] == "In a table and a note ünï 😀")
    assert [step["type"] for step in pickle["steps"]] == ["Context", "Outcome", "Outcome"]
    assert pickle["steps"][2]["argument"]["docString"]["mediaType"] == "json"
    outline = [pickle for pickle in of(messages, "pickle") if pickle["name"].startswith("Adding")]
    assert [len(pickle["astNodeIds"]) for pickle in outline] == [2, 2, 2]
    assert [[tag["name"] for tag in pickle["tags"]] for pickle in outline] == [
        ["@GAP-14", "@GAP-43", "@GAP-35", "@simulation"], ["@GAP-14", "@GAP-43", "@GAP-35", "@simulation"], ["@GAP-14", "@GAP-43"],
    ]  # fmt: skip
    assert [[len(step["astNodeIds"]) for step in pickle["steps"]] for pickle in outline] == [[1, 1, 2, 2]] * 3


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


def test_a_failure_that_is_known_is_no_news_until_it_passes(messages, run_dir):
    results = dict(steps_of_cases(messages))
    assert results["Known to fail"][1]["message"].startswith("known failure (@expected-to-fail): the number of experiment of the tests: ")
    assert results["Known, and mended"][1]["message"] == "it passes now; remove the tag @expected-to-fail"

    root = ET.parse(run_dir / JUNIT).getroot()  # noqa: S314 - our own file
    known, mended = (case for case in root.iter("testcase") if case.get("classname") == "features.c.known")
    assert "expected 13, got 12" in known.find("skipped").get("message")
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


def test_the_run_ends_with_its_verdict(messages, run_dir, tmp_path):
    finished = of(messages, "testRunFinished")[0]
    assert finished["success"] is False
    assert finished["message"] == ("1 example passed that is expected to fail; 3 examples failed; 6 findings in 4 feature files")

    (file,) = write_exports(run_dir, [MESSAGES], tmp_path, verdict=CHANGED)
    assert of(lines(file), "testRunFinished")[0]["message"] == "c.feature changed during the run"


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


def test_without_the_list_of_sentences_the_steps_name_none(run_dir, tmp_path):
    copy = copied(run_dir, tmp_path / "copy")
    (copy / "steps.json").unlink()
    (file,) = write_exports(copy, [MESSAGES])
    messages = lines(file)

    assert of(messages, "stepDefinition") == []
    assert {tuple(sorted(step)) for case in of(messages, "testCase") for step in case["testSteps"] if "stepDefinitionIds" not in step} == {
        ("id", "pickleStepId")
    }
    statuses = [[result["status"] for result in results] for _, results in steps_of_cases(messages)]
    assert statuses[-2:] == [["SKIPPED", "UNDEFINED", "SKIPPED"]] * 2  # findings speak of lines, not of rows


def test_what_a_selection_left_out_is_a_pickle_and_no_case(tmp_path):
    folder = exported(tmp_path, keyword="Adding 1")
    messages = lines(folder / MESSAGES)
    assert [name for name, _ in steps_of_cases(messages) if name.startswith("Adding") or name == "Fine"] == ["Adding 1"]
    assert "Fine" in {pickle["name"] for pickle in of(messages, "pickle")}
    root = ET.parse(folder / JUNIT).getroot()  # noqa: S314 - our own file
    for paths in ({feature["uri"] for feature in json.loads((folder / CUCUMBER_JSON).read_bytes())}, {suite.get("name") for suite in root}):
        assert "features/b.feature" in paths
        assert "features/c.feature" not in paths


def without_failures(run_dir, to, *, closed: bool):
    """The part of a run that passed, with or without its last line."""
    copy = copied(run_dir, to)
    (copy / DURATIONS).unlink()  # it has the examples that are left out
    kept = [line for line in lines(copy / "run.ndjson") if not line.get("findings")]
    kept = [line for line in kept if line["type"] != "scenario" or (line["status"] == "passed" and "mended" not in line["name"])]
    kept[0]["features"] = {feature["path"]: feature["sha256"] for feature in kept if feature["type"] == "feature"}
    if closed:
        kept.append({"type": "closing", "state": "complete"})
        count(kept)
    (copy / "run.ndjson").write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")
    return copy


def test_what_its_record_cannot_know_is_said_of_a_run_in_every_format(run_dir, tmp_path):
    copy = without_failures(run_dir, tmp_path / "copy", closed=True)
    write_exports(copy, verdict=GOOD)
    assert of(lines(copy / MESSAGES), "testRunFinished")[0]["success"] is True
    assert ET.parse(copy / JUNIT).getroot().get("errors") == "0"  # noqa: S314 - our own file

    write_exports(copy, verdict=CHANGED)
    assert of(lines(copy / MESSAGES), "testRunFinished")[0]["message"] == "c.feature changed during the run"
    assert json.loads((copy / CUCUMBER_JSON).read_bytes())[-1]["elements"][0]["steps"][0]["name"] == "c.feature changed during the run"
    assert ET.parse(copy / JUNIT).getroot().find("testsuite[@name='run']/testcase/error").text == "c.feature changed during the run"  # noqa: S314


def test_a_run_that_did_not_end_is_not_good_in_any_format(run_dir, tmp_path):
    copy = without_failures(run_dir, tmp_path / "copy", closed=False)
    write_exports(copy)

    assert of(lines(copy / MESSAGES), "testRunFinished")[0]["success"] is False
    whole = json.loads((copy / CUCUMBER_JSON).read_bytes())[-1]
    assert (whole["name"], whole["elements"][0]["steps"][0]["result"]["status"]) == ("The run", "failed")
    root = ET.parse(copy / JUNIT).getroot()  # noqa: S314 - our own file
    assert (root.get("errors"), root.get("failures")) == ("1", "0")
    assert "did not finish" in root.find("testsuite[@name='run']/testcase/error").get("message")


def test_a_record_that_contradicts_itself_is_written_in_no_format(run_dir, tmp_path):
    copy = copied(run_dir, tmp_path / "copy")
    changed = lines(copy / "run.ndjson")
    fine = next(line for line in changed if line.get("name") == "Fine" and line["type"] == "scenario")
    fine["claims"][0]["holds"] = False
    (copy / "run.ndjson").write_text("".join(json.dumps(line) + "\n" for line in changed), encoding="utf-8")

    with pytest.raises(RunRecordError, match=r"claims\[0\]\.holds is false, but its expected and actual values are the same"):
        write_exports(copy)


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


def test_junit_counts_what_it_tells(run_dir):
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


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda line: line | {"text": "Feature: x\n  Scenario: y\n    nonsense\n    Given z\n    nonsense\n"}, "c.feature"),
        (lambda line: line | {"text": "Feature: Fine\n\n  Scenario: Fine\n    Given a score\n    Then the number is 20\n"}, "c.feature:3"),
        (lambda line: line | {"text": "Feature: Fine\n"}, "c.feature:3"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(run_dir, tmp_path, spoil, place):
    copy = copied(run_dir, tmp_path / "copy")
    actual = [spoil(line) if line.get("path") == "c.feature" and line["type"] == "feature" else line for line in lines(copy / "run.ndjson")]
    (copy / "run.ndjson").write_text("".join(json.dumps(line) + "\n" for line in actual), encoding="utf-8")

    with pytest.raises(RunRecordError, match=rf"^{place}: "):
        write_exports(copy, [MESSAGES])
    assert not list(copy.glob("*messages*"))


@pytest.mark.parametrize("spoil", [{"pattern": "("}, {"pattern": "^no group$"}])
def test_a_sentence_without_a_group_for_each_parameter_is_refused(run_dir, tmp_path, spoil):
    copy = copied(run_dir, tmp_path / "copy")
    plain = json.loads((copy / "steps.json").read_bytes())
    number = next(number for number, sentence in enumerate(plain["sentences"]) if sentence["parameters"])
    plain["sentences"][number] |= spoil
    (copy / "steps.json").write_text(json.dumps(plain), encoding="utf-8")

    with pytest.raises(RunRecordError, match=rf"^steps\.json: sentences\[{number}\]\.pattern is not a pattern with a group for each"):
        write_exports(copy, [MESSAGES])


@pytest.mark.parametrize("text", ["", "[]", '{"version":1}', '{"version":1,"sentences":[{}]}', "{" * 100_000])
def test_a_list_of_sentences_that_is_none_is_refused(run_dir, tmp_path, text):
    copy = copied(run_dir, tmp_path / "copy")
    (copy / "steps.json").write_text(text)

    with pytest.raises(RunRecordError, match=r"^steps\.json: "):
        write_exports(copy, [MESSAGES])


def pickles_of(text: str) -> list[dict]:
    document = FeatureDocument([], "x", "", 1, None, [])
    tree = tree_of(FeatureRecord("x.feature", "0" * 64, text, document, []), ids := Ids())
    return [pickle_of(written, "x.feature", "en", ids) for written in examples_of(tree)]


@pytest.mark.parametrize(
    ("header", "row", "words", "filled"),
    [
        ("a", "1", "<a> <A> < a> <b>", "1 <A> < a> <b>"),
        ("a | b", "<b> | 2", "<a><b>", "<b>2"),
        ("a | a", "1 | 2", "<a>", "1"),
        ("a | a>b", "1 | 2", "<a>b> <a>", "2 1"),
        ("(a+)+ | .", "1 | 2", "<(a+)+> <aaa> <.> <x>", "1 <aaa> 2 <x>"),
        ("a", r"\\1 \\g<0>", "<a>", r"\1 \g<0>"),
    ],
)
def test_a_placeholder_is_replaced_once_and_literally(header, row, words, filled):
    text = f"Feature: x\n Scenario Outline: {words}\n  Given {words}\n   | {words} |\n  Examples:\n  | {header} |\n  | {row} |\n"
    (pickle,) = pickles_of(text)
    (step,) = pickle["steps"]
    assert (pickle["name"], step["text"], step["argument"]["dataTable"]["rows"][0]["cells"][0]["value"]) == (filled, filled, filled)


def test_a_step_with_table_and_doc_string_says_which_came_first():
    table, text = "   | a |\n", '   """\n   b\n   """\n'
    for below, places in ((table + text, (1, 2)), (text + table, (2, 1))):
        argument = pickles_of(f"Feature: x\n Scenario: y\n  Given z\n{below}")[0]["steps"][0]["argument"]
        assert (argument["dataTable"]["argumentIndex"], argument["docString"]["argumentIndex"]) == places


def sentence(kind: str, expression: str, pattern: str, prefix: str, *groups: int) -> Sentence:
    parameters = [Parameter("number", "int", [], group) for group in groups]
    return Sentence(kind, expression, "", pattern, prefix, parameters, table=False, docstring=False, file="x.py", line=1)


def test_a_sentence_is_found_by_its_first_words_its_kind_and_all_of_its_text():
    matcher = Matcher(
        [
            sentence("given", "{int} is all", r"^(\d+) is all$", "", 1),
            sentence("given", "💥 and (1)2 {int}", r"^💥 and \(1\)2 (\d+)$", "💥 and (1)2 ", 1),
            sentence("given", "💥 and {any} {int}", r"^💥 and ((\S)\S*) (\d+)$", "💥 and ", 1, 3),
            sentence("when", "nothing", r"^nothing$", "nothing"),
        ],
        Ids(),
    )
    matcher.definitions()

    def matches_of(kind: str, text: str) -> list[tuple[str, list[tuple[int, str]]]]:
        matched = matcher.match(kind, text)
        values = [
            [(argument["group"]["start"], argument["group"]["value"]) for argument in part["stepMatchArguments"]]
            for part in matched["stepMatchArgumentsLists"]
        ]
        return list(zip(matched["stepDefinitionIds"], values, strict=True))

    assert matches_of("given", "3 is all") == [("0", [(0, "3")])]
    assert matches_of("given", "💥 and (1)2 34") == [("2", [(7, "(1)2"), (12, "34")]), ("1", [(12, "34")])]
    assert matches_of("when", "nothing") == [("3", [])]
    assert matches_of("given", "nothing") == matches_of("when", "nothing more") == matches_of("when", "") == []


def test_the_list_of_sentences_is_what_its_schema_says(run_dir):
    schema = json.loads((files("sop_engine") / "schemas" / "run-steps.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    own = catalogue(Registry.from_modules(built_in_modules()))

    assert [list(map(str, validator.iter_errors(plain))) for plain in (own, json.loads((run_dir / "steps.json").read_bytes()))] == [[], []]
    for sentence in own["sentences"]:
        assert re.compile(sentence["pattern"]).groups >= max((parameter["group"] for parameter in sentence["parameters"]), default=0)


def test_an_unsound_step_fits_none_or_several_or_is_wrong_otherwise():
    rules = {3: "undefined-step", 4: "unexpected-table"}
    findings = [Problem("x.feature", line, 5, rule, "m", "r") for line, rule in rules.items()]
    feature = FeatureRecord("x.feature", "0" * 64, "", None, findings)

    def statuses(*counts: int | None) -> list[str]:
        return [outcome.status for outcome in outcomes_without_run(feature, range(3, 3 + len(counts)), counts)]

    assert statuses(0, 1, 2) == ["UNDEFINED", "FAILED", "AMBIGUOUS"]
    assert statuses(None, None, None) == ["UNDEFINED", "FAILED", "SKIPPED"]
    assert statuses(1, 1, 1)[2] == "SKIPPED"


def test_a_header_that_is_a_pattern_is_text(tmp_path, run_dir):
    """Gherkin's own compiler reads it as a pattern that does not end."""
    copy = copied(run_dir, tmp_path / "copy")
    record = (copy / "run.ndjson").read_text(encoding="utf-8")
    hostile = record.replace("| more | sum |", "| (a+)+$ | sum |").replace("<more>", "a" * 40)
    (copy / "run.ndjson").write_text(hostile, encoding="utf-8")

    with pytest.raises(RunRecordError, match="the recorded steps differ from the scenario as written"):
        write_exports(copy, [MESSAGES])
