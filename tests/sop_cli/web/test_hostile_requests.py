"""Hostile values in every field of every request: refused or kept as text, never an internal error, and nothing outside is touched."""

import inspect
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest

from sop_cli.web.methods import LANES, METHODS
from sop_cli.web.worker import answers
from tests.support.hostile_text import PAYLOADS
from tests.support.workbench import copy_project
from tests.support.workbench_server import ServedWorkbench, served_workbench

FEATURE = "features/a.feature"
WRONG_TYPES: list[Any] = [
    None, True, 0, -1, 1.5, 10**30, 2**63, "", [], {}, [[]], [None], {"": None}, {"path": "x"}, ["x"] * 1000, "x" * 100_000, {"a": {"b": {"c": []}}},
]  # fmt: skip
TEXTS = [
    "../../outside/secret.feature", "/etc/passwd", "features/../pyproject.toml", "\0", "a\0b", "\x1b[2J\x1b]0;x\x07", "-pevil", "--junitxml=x", "; touch pwned",
    "$(touch pwned)", "`touch pwned`", "%n%s%x", "{0.__class__}", "{{7*7}}", "${7*7}", "__import__('os').system('touch pwned')", "' OR 1=1 --", "\r\nX-Injected: 1",
    "\u202e\u2066", "\ufeff", "a\u0301" * 500, "\U0001f468\u200d\U0001f469", "NaN", "1e999", "(a+)+$", "*", "[", "\\", "::set-output name=x::y", "\u2028", "=cmd|'/c calc'!A1",
]  # fmt: skip
JSON_TEXTS = [
    b"", b"null", b"[]", b"1", b'"x"', b"{", b"{}}", b"\xff", b"\xef\xbb\xbf{}", b'{"path": "\\ud800"}', b'{"path": NaN}', b"[" * 500_000,
    b'{"a":' * 100_000, b'{"path": 1e999}', b'{"path": ' + b"9" * 10_000 + b"}", b"\0" * 1000,
]  # fmt: skip
REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/api/save", {"changes": [{"path": FEATURE, "digest": None, "text": "Feature: a"}], "tab": "tab"}),
    ("PUT", "/api/draft", {"path": FEATURE, "base": "base", "text": "Feature: a", "tab": "tab", "taken": ["other"]}),
    ("POST", "/api/call", {"method": "project.none", "params": {}}),
    ("POST", "/api/uploads", {"name": "orders.csv", "size": 1}),
    ("POST", "/api/uploads/discard", {"files": ["0123456789abcdef"]}),
    ("POST", "/api/rename", {"old": "the order is {stage}", "new": "the order is {stage}", "digests": {FEATURE: "0"}, "tab": "tab"}),
]  # fmt: skip


def hostile() -> list[Any]:
    """Return 200 hostile texts and values, the same ones each time."""
    return [*WRONG_TYPES, *TEXTS, *PAYLOADS[:: len(PAYLOADS) // (200 - len(TEXTS))]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedWorkbench]:
    home = tmp_path_factory.mktemp("hostile") / "project"
    (home / "features").mkdir(parents=True)
    (home / FEATURE).write_text("Feature: a")
    (home.parent / "outside").mkdir()
    (home.parent / "outside" / "secret.feature").write_text("secret")
    with pytest.MonkeyPatch.context() as patch, served_workbench(home, lanes=["edit"]) as running:
        patch.setattr("sop_cli.web.lanes.COMMAND", ("/no/such/program",))
        yield running


def places(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of each value in *body*."""
    for key, value in body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ():
        yield (*path, key)
        yield from places(value, (*path, key))


def with_value(body: dict[str, Any], place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    new = json.loads(json.dumps(body))
    inner = new
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return new


CASES = [(method, path, body, place) for method, path, body in REQUESTS for place in places(body)]


@pytest.mark.parametrize(("method", "path", "body", "place"), CASES, ids=[f"{case[1]} {case[3]}" for case in CASES])
def test_a_hostile_value_in_a_field_is_refused_or_kept_as_text(
    served: ServedWorkbench, method: str, path: str, body: dict[str, Any], place: tuple[Any, ...]
) -> None:
    for value in hostile():
        answered = served.request(method, path, body=json.dumps(with_value(body, place, value)).encode())

        assert answered.status in {200, 400, 403, 404, 409}, (value, answered.body)
        assert b"Traceback" not in answered.body
        json.loads(answered.body)
    assert sorted(entry.name for entry in served.home.parent.iterdir()) == ["outside", "project"]
    assert sorted(entry.name for entry in served.home.iterdir()) == ["build", "features"]
    assert (served.home.parent / "outside" / "secret.feature").read_text() == "secret"
    assert sorted(entry.name for entry in (served.home / "features").iterdir()) == ["a.feature"]


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS, ids=[request[1] for request in REQUESTS])
def test_a_body_of_another_form_is_refused(served: ServedWorkbench, method: str, path: str, body: dict[str, Any]) -> None:
    bodies = [*JSON_TEXTS, *(json.dumps({**body, key: 1}).encode() for key in ("__proto__", "other", ""))]
    bodies += [json.dumps({name: value for name, value in body.items() if name != key}).encode() for key in list(body)[:1]]
    for text in bodies:
        answered = served.request(method, path, body=text)

        assert answered.status == 400, (text[:50], answered.body)
        assert "reload the page" in json.loads(answered.body)["detail"]


@pytest.mark.parametrize("since", ["", "-1", "1e3", "9" * 5000, "\u0663", "0x10", "NaN", "1 2", "%00", "[]"])
def test_a_revision_that_is_no_number_is_all_changes(served: ServedWorkbench, since: str) -> None:
    quoted = "".join(f"%{byte:02x}" for byte in since.encode())

    assert served.request("GET", f"/api/changes?since={quoted}").status == 200


def functions() -> list[tuple[str, str]]:
    """Return each method with each of its parameters."""
    return [(method, name) for method in METHODS for name in inspect.signature(function_of(method)).parameters]


def function_of(method: str) -> Any:
    return import_module(f"sop_cli.web.screens.{method.partition('.')[0]}").METHODS[method]


def test_each_method_has_a_lane_and_a_function_whose_parameters_have_types() -> None:
    for method, lane in METHODS.items():
        hints = get_type_hints(function_of(method))

        assert lane in LANES
        for name in inspect.signature(function_of(method)).parameters:
            assert name in hints, f"{method}: {name}"
            assert hints[name] is not Any, f"{method}: {name}"
            with pytest.raises(msgspec.ValidationError):
                msgspec.convert(object(), hints[name])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("methods") / "project")


GOOD_VALUES: dict[str, Any] = {
    "path": "features/ajio_cancellation/full_erp.feature",
    "text": "Feature: a",
    "line": 1,
    "keys": [],
    "facts": {},
    "reading": "as-practised",
}


@pytest.mark.slow
@pytest.mark.parametrize(("method", "name"), functions(), ids=lambda value: value)
def test_a_method_answers_a_hostile_value_with_a_result_or_an_error_about_the_input(
    project: Path, monkeypatch: pytest.MonkeyPatch, method: str, name: str
) -> None:
    """In the lane of quick methods every text; in the others, which run examples, only what has another type."""
    monkeypatch.chdir(project)
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    before = {file.relative_to(project): file.read_bytes() for file in project.rglob("*") if file.is_file()}
    hints = get_type_hints(function_of(method))
    others = {other: GOOD_VALUES.get(other, "x") for other in inspect.signature(function_of(method)).parameters if other != name}
    for value in hostile():
        if METHODS[method] not in {"edit", "experiments"} and is_of_type(value, hints[name]):
            continue
        *_, answer = answers(method, json.dumps({**others, name: value}))

        assert "result" in answer or answer["error"]["kind"] == "input", (value, answer)
        json.dumps(answer, allow_nan=False)
    assert {file.relative_to(project): file.read_bytes() for file in project.rglob("*") if file.is_file()} == before
    assert sorted(entry.name for entry in project.parent.iterdir()) == ["project"]


def is_of_type(value: Any, hint: Any) -> bool:
    try:
        msgspec.convert(value, hint)
    except (msgspec.ValidationError, TypeError):
        return False
    return True
