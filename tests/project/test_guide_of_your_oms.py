"""The guide for developers of an order-management system: followed word for word, and its page of the contract is that of the contract."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.support.double import OMS, started, verified
from tests.support.npm_tools import node

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "your-oms.md").read_text(encoding="utf-8")
SKELETONS = ROOT / "docs" / "your-oms"
PORT = "8000"
CONTRACT = json.loads((ROOT / "sop_engine" / "schemas" / "oms-contract-1.openapi.json").read_text(encoding="utf-8"))
BLOCK = re.compile(r"(?P<prose>[^\n]*(?:\n[^\n`]+)*)\n\n```(?P<form>console|python|text)\n(?P<block>.*?)```", re.DOTALL)
REPLACED = re.compile(r"eplace the function `(\w+)` by")


class Reader:
    """A reader who follows the guide in an empty folder, with the command `sop` and Python, and nothing else of this project."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.servers, self.output = folder, ExitStack(), ""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        commands = folder / "commands"
        commands.mkdir()
        for name, command in {"python": [sys.executable], "sop": [sys.executable, "-P", "-m", "sop_cli"]}.items():
            (commands / name).write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
            (commands / name).chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        self.here = folder / "empty"
        self.here.mkdir()

    def type(self, line: str) -> None:
        """Type a command; a server is started, and the one before it ended."""
        line = line.replace(PORT, self.port)
        if line.startswith("python "):
            self.servers.close()
            self.servers.enter_context(started(["env", f"PATH={self.environment['PATH']}", "sh", "-c", f"cd {self.here} && exec {line}"]))
            return
        done = subprocess.run(line, shell=True, cwd=self.here, env=self.environment, capture_output=True, text=True, check=False)  # noqa: S602
        assert done.returncode in (0, 1), done.stderr
        self.output = done.stdout

    def has_seen(self, line: str) -> bool:
        """Return whether the last command printed the line, of which the guide may leave out the end."""
        beginning = line.removesuffix("…").strip()
        return any(
            one.startswith(beginning) if line.endswith("…") else one == beginning for one in map(str.strip, self.output.splitlines())
        )

    def replace(self, function: str, block: str) -> None:
        """Replace a function of the skeleton, up to the next definition at the margin."""
        file = self.here / "oms.py"
        text, count = re.subn(
            rf"^def {function}\(.*?\n(?=\n\n\S)",
            lambda _: block.rstrip() + "\n",
            file.read_text(encoding="utf-8"),
            flags=re.DOTALL | re.MULTILINE,
        )
        assert count == 1, function
        file.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_the_guide_can_be_followed_word_for_word(tmp_path: Path) -> None:
    reader, outputs_checked, replaced = Reader(tmp_path), 0, []
    with reader.servers:
        for block in BLOCK.finditer(GUIDE.partition("\n## What ")[0]):
            match block["form"]:
                case "console":
                    for line in block["block"].splitlines():
                        reader.type(line)
                case "python":
                    [function] = REPLACED.findall(block["prose"])
                    reader.replace(function, block["block"])
                    replaced.append(function)
                case "text":
                    lines = block["block"].replace(PORT, reader.port).splitlines()
                    assert [line for line in lines if not reader.has_seen(line)] == [], reader.output
                    outputs_checked += 1

    assert replaced == ["decide", "decide", "take"]
    assert outputs_checked == 5
    assert "full_rms.feature:61: failed: And it is our reading of GAP-15" in GUIDE


@pytest.mark.slow
def test_without_citations_the_run_says_what_the_guide_shows(tmp_path: Path) -> None:
    reader, section = Reader(tmp_path), GUIDE.partition("\n## If your system knows no clause ids")[2].partition("\n## ")[0]
    decide = [match for match in BLOCK.finditer(GUIDE) if REPLACED.findall(match["prose"]) == ["decide"]][-1]
    reader.type("sop contract --skeleton python > oms.py")
    text = (reader.here / "oms.py").read_text(encoding="utf-8")
    (reader.here / "oms.py").write_text(text.replace(', "citations"]', "]"), encoding="utf-8")
    reader.replace("decide", 'PACKED = ("PACKED", "READY_TO_DISPATCH", "COMPLETED")\n\n\n' + decide["block"])
    with reader.servers:
        reader.type("python oms.py 8000")
        reader.type("sop verify --driver http://127.0.0.1:8000 -t @SC-RMS")

    [output] = re.findall(r"```text\n(.*?)```", section, re.DOTALL)
    assert [line for line in output.splitlines() if not reader.has_seen(line.replace(PORT, reader.port))] == [], reader.output


def test_the_line_of_a_failure_is_still_that_line() -> None:
    lines = (ROOT / "features" / "seller_cancellation" / "full_rms.feature").read_text(encoding="utf-8").splitlines()

    assert lines[60].strip() == "And it is our reading of GAP-15"


def calls() -> Iterator[tuple[str, str, list[Any]]]:
    for section in GUIDE.split("\n### ")[1:]:
        [(method, path)] = re.findall(r"^`(\w+) ([^`]+)`", section)
        yield method, path, [json.loads(block) for block in re.findall(r"```json\n(.*?)```", section, re.DOTALL)]


def test_the_page_has_each_call_of_the_contract_that_others_offer() -> None:
    assert {(method.lower(), path) for method, path, _ in calls()} | {("post", "/v1/simulations")} == {
        (method, path) for path, methods in CONTRACT["paths"].items() for method in methods
    }


@pytest.mark.parametrize(("method", "path", "documents"), list(calls()), ids=lambda part: part if isinstance(part, str) else "")
def test_the_examples_of_the_page_are_those_of_the_contract(method: str, path: str, documents: list[Any]) -> None:
    operation = CONTRACT["paths"][path][method.lower()]
    answers = operation["responses"]["200"]["content"]["application/json"]["examples"]
    if method == "GET":
        [answer] = documents
        assert any(is_part(answer, example["value"]) for example in answers.values())
        return
    question, answer = documents
    [name] = [
        name
        for name, example in operation["requestBody"]["content"]["application/json"]["examples"].items()
        if example["value"] == question
    ]
    assert is_part(answer, answers[name]["value"])


def is_part(part: object, whole: object) -> bool:
    """Return whether *part* is *whole* with keys and the ends of lists left out."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and is_part(value, whole[key]) for key, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) <= len(whole) and all(map(is_part, part, whole))
    return part == whole


QUESTIONS: list[tuple[str, str, object]] = [
    ("GET", "/v1", None),
    ("POST", "/v1/decisions", {"requests": [{"possible": {"stage": ["PACKED", "CREATED"]}}, {"possible": {"scope": ["full"]}}]}),
    ("POST", "/v1/orders", {"order_id": "A", "invoicing": "RMS", "units": 2, "events": [{"event": "allocated"}] * 2}),
    ("POST", "/v1/returns", {"quality_check": "pass"}),
    ("GET", "/v1/table?reading=as-written", None),
    ("GET", "/v2", None),
    ("POST", "/v1/decisions", "{"),
]
ALL = '"decisions", "orders", "table"'


@pytest.mark.peers
@pytest.mark.parametrize("token", ["", "a-secret"])
def test_the_two_skeletons_answer_alike(tmp_path: Path, token: str) -> None:
    answers = []
    for name, command in {"oms.py": [sys.executable], "oms.mjs": [node()]}.items():
        text = (SKELETONS / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace('OFFERS = ["decisions", "citations"]', f"OFFERS = [{ALL}]"), encoding="utf-8")
        environment = ["env", f"OMS_TOKEN={token}"]
        with started([*environment, *command, str(tmp_path / name), "0"]) as address:
            answers.append([answer(address, *question, token=token) for question in QUESTIONS])
            answers[-1].append(answer(address, "GET", "/v1", None, token="wrong")[0])

    assert answers[0] == answers[1]
    assert [status for status, *_ in answers[0][:-1]] == [200, 200, 200, 501, 200, 404, 400]
    assert answers[0][-1] == (401 if token else 200)


def answer(address: str, method: str, path: str, body: object, token: str) -> tuple[int, str | None, Any]:
    connection = HTTPConnection(address.removeprefix("http://"), timeout=10)
    headers = {"Authorization": f"Bearer {token}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    connection.request(method, path, body if isinstance(body, str) else json.dumps(body) if body else None, headers)
    response = connection.getresponse()
    content = json.load(response)
    connection.close()
    if response.status == 400:  # the reason is the parser's
        content.pop("detail")
    return response.status, response.getheader("Content-Type"), content


@pytest.mark.slow
@pytest.mark.peers
@pytest.mark.usefixtures("in_process")
def test_a_filled_skeleton_passes(tmp_path: Path) -> None:
    """The first part of the skeleton, filled in with the second implementation's rules."""
    text = (SKELETONS / "oms.mjs").read_text(encoding="utf-8")
    filled = {
        r"const OFFERS = .*?;": 'const OFFERS = ["decisions", "returns", "orders", "vms-reports", "credit-note-ages", "citations"];',
        r"const READINGS = .*?;": 'const READINGS = ["as-written", "as-practised"];',
        r"function decide\(.*?\n}": "import { decide, receive } from './rules.mjs';",
        r"function receive\(.*?\n}": "",
        r"function take\(.*?\n}": "import { EVENTS, NotPossible as NotTaken } from './life.mjs';\nconst take = (order, event) => {\n"
        "  const decision = EVENTS[event.event](order, { ...event, at: event.at ?? null });\n"
        "  order.units_kept = order.units - order.returns.length;\n  return decision;\n};",
        r"class NotTaken extends.*?\n}": "",
        r"function cancelledAfterPosting\(.*?\n}": "import * as reports from './reports.mjs';\n"
        "const cancelledAfterPosting = (orders, from, to) => reports.rowsOfCancelled(orders, from, to);",
        r"function returnSalesInvoices\(.*?\n}": "const returnSalesInvoices = (orders) => reports.rowsOfReturned(orders);",
        r"function creditNoteAges\(.*?\n}": "const creditNoteAges = (orders, on, years) => reports.agesOf(orders, on, years);",
    }
    for pattern, code in filled.items():
        text, count = re.subn(pattern, lambda _, code=code: code, text, count=1, flags=re.DOTALL)
        assert count == 1, pattern
    for file in ("rules.mjs", "life.mjs", "reports.mjs"):
        (tmp_path / file).write_bytes((OMS / file).read_bytes())
    (tmp_path / "oms.mjs").write_text(text, encoding="utf-8")

    with started([node(), str(tmp_path / "oms.mjs"), "0"]) as address:
        run = verified(address, tmp_path / "runs")

    assert run.red == {}
    assert run.errors == {
        "not supported by Our OMS 1: it does not offer `simulations`",
        "not supported by Our OMS 1: the contract has no operation for audits of files",
    }
