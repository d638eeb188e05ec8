"""The list of step sentences that Messages name: how a step is matched to one, and which lists are refused."""

import json
import re
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from reports.export.gherkin_tree import Ids
from reports.export.outcomes import outcomes_without_run
from reports.export.run_files import MESSAGES, write_exports
from reports.export.step_definitions import Matcher, Parameter, Sentence
from sop_runs.errors import RunRecordError
from sop_runs.problem import Problem
from sop_runs.record.schema import FeatureRecord
from steps.definitions.catalogue import catalogue
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from tests.support.message_stream import of, steps_of_cases
from tests.support.messages_sample import copied, lines


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
