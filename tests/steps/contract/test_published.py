"""The published contract is the one in force, its words are the engine's, and its examples are answered as written."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, get_args

import jsonschema
import msgspec
import pytest

from sop_engine import QualityCheck, load_rulebook
from steps.contract import cases, openapi, orders
from steps.contract.answers import answer_questions, answer_table
from steps.contract.answers_of_all import answer
from steps.contract.obstacles import NO_SUCH_DUTY, OBSTACLES, TOO_MANY_UNITS, Obstruction
from steps.contract.operations import OPERATIONS, QUESTIONS, SERVER, TABLE, Operation
from steps.contract.problems import KINDS, ProblemType
from tests.support.write_contract import PUBLISHED

DOCUMENT: dict[str, Any] = json.loads(PUBLISHED.read_text(encoding="utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]
EXAMPLES = [
    pytest.param(operation, name, id=f"{operation.id}: {name}") for operation in OPERATIONS for name in operation.examples
]  # fmt: skip


def checked(value: Any, schema: str) -> list[str]:
    """What is wrong with *value* by a schema of the document."""
    validator = jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{schema}", "components": DOCUMENT["components"]})
    return [error.message for error in validator.iter_errors(value)]


def in_document(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = DOCUMENT["paths"][operation.path][operation.method.lower()]
    return described


def answers_in_document(operation: Operation) -> dict[str, Any]:
    content = in_document(operation)["responses"]["200"]["content"]["application/json"]
    return {name: example["value"] for name, example in content["examples"].items()}


def test_the_published_document_is_the_present_one() -> None:
    assert openapi.text() == PUBLISHED.read_text(encoding="utf-8"), "run python -P -m tests.support.write_contract"


def test_the_document_is_valid() -> None:
    """By the JSON Schema of OpenAPI 3.1, which schemathesis has, and each schema by that of JSON Schema."""
    schemathesis = pytest.importorskip("schemathesis")

    schemathesis.openapi.from_dict(DOCUMENT).validate()
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    with pytest.raises(Exception, match="version"):
        schemathesis.openapi.from_dict({**DOCUMENT, "info": {"title": "without a version"}}).validate()


def test_each_operation_is_described_with_examples_of_its_schemas() -> None:
    for operation in OPERATIONS:
        described = in_document(operation)
        answers = answers_in_document(operation)
        assert described["operationId"] == operation.id
        assert described["tags"] == ([str(operation.offered_as)] if operation.offered_as else [])
        assert answers
        for value in answers.values():
            assert checked(value, operation.answer.__name__) == []
        if operation.request is not None:
            bodies = described["requestBody"]["content"]["application/json"]["examples"]
            assert list(bodies) == list(answers) == list(operation.examples)
            for body in bodies.values():
                assert checked(body["value"], operation.request.__name__) == []
    of_operations = {capability for operation in OPERATIONS if (capability := operation.offered_as)}
    assert of_operations == set(cases.Capability) - {cases.Capability.CITATIONS}


@pytest.mark.parametrize(("operation", "name"), EXAMPLES)
def test_an_example_is_answered_as_written(operation: Operation, name: str) -> None:
    body = in_document(operation)["requestBody"]["content"]["application/json"]["examples"][name]["value"]
    request = msgspec.json.decode(json.dumps(body), type=operation.request)

    assert json.loads(msgspec.json.encode(answer(operation, request))) == answers_in_document(operation)[name]


def test_the_shortened_examples_are_the_beginning_of_the_answers() -> None:
    [table], [questions] = answers_in_document(TABLE).values(), answers_in_document(QUESTIONS).values()
    whole = json.loads(msgspec.json.encode(answer_table(cases.Reading.AS_PRACTISED)))

    assert table == {**whole, "decisions": whole["decisions"][: openapi.SHORTENED]}
    assert questions["questions"] == msgspec.to_builtins(answer_questions())["questions"][: openapi.SHORTENED]


@pytest.mark.parametrize("words", openapi.VOCABULARIES)
def test_a_closed_list_has_the_words_in_their_order(words: type[StrEnum]) -> None:
    assert SCHEMAS[words.__name__]["enum"] == [str(word) for word in words]


def test_obstacles_and_recorded_checks_are_the_words_of_the_house() -> None:
    assert [*get_args(Obstruction)] == [*(obstacle.words for obstacle in OBSTACLES), NO_SUCH_DUTY, TOO_MANY_UNITS]
    assert SCHEMAS["EventResult"]["properties"]["obstacles"]["items"]["enum"] == [*get_args(Obstruction)]
    assert SCHEMAS["QualityCheckRecorded"]["properties"]["quality_check"]["enum"] == sorted(set(QualityCheck) - {QualityCheck.NOT_RECORDED})


def test_the_words_of_registers_are_text_with_the_known_ones_as_examples() -> None:
    task = SCHEMAS["TaskOfAnswer"]["properties"]

    assert task["task"]["examples"] == [entry.id for entry in load_rulebook().tasks]
    assert task["actor"]["examples"] == list(load_rulebook().actors)
    assert task["system"]["examples"] == list(load_rulebook().systems)
    assert all("enum" not in task[name] for name in ("task", "actor", "system", "by"))


def test_every_problem_has_a_kind_that_the_document_explains() -> None:
    assert set(KINDS) == set(ProblemType)
    for problem, kind in KINDS.items():
        assert f"- `{problem}` ({kind.status}): {kind.meaning}" in DOCUMENT["info"]["description"]


def structs(schema: dict[str, Any]) -> Iterator[str]:
    """The names of all schemas that *schema* refers to."""
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from structs(part)
    if isinstance(schema, dict) and "$ref" in schema:
        yield schema["$ref"].rpartition("/")[2]


def test_objects_have_no_other_keys_and_answers_have_room_for_more_below_one() -> None:
    requests = {name for operation in OPERATIONS for name in structs(in_document(operation).get("requestBody", {}))}
    for name, schema in SCHEMAS.items():
        if schema.get("type") == "object" and name != "Problem":
            assert schema["additionalProperties"] is False, name
            is_of_answer = "extra" in schema["properties"]
            assert is_of_answer != (name in requests or issubclass(getattr(orders, name, object), cases.RequestPart) or issubclass(getattr(cases, name, object), cases.RequestPart) or name == "Setting"), name  # fmt: skip
            assert schema["description"]


def test_what_a_server_is_can_be_read_from_its_example() -> None:
    [info] = answers_in_document(SERVER).values()

    assert msgspec.convert(info, cases.ServerInfo).contract == DOCUMENT["info"]["version"] == cases.VERSION
