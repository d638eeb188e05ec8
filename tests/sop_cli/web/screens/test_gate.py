"""The Gate screen: its checks, their places and remedies, what is stale, and what a workbench that is read only refuses."""

import ast
import asyncio
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from sop_cli.web.methods import WRITES
from sop_cli.web.project import Project
from sop_cli.web.screens import gate
from sop_cli.web.serving.app import application
from sop_cli.web.serving.state import Workbench
from sop_runs.gate import GATE_CHECKS
from tests.support.browsing import WIDE, axe_core, violations_here
from tests.support.workbench import RULEBOOK, copy_project, running_workbench

ROOT = Path(__file__).parents[4]
FEATURE = "features/ajio_cancellation/full_erp.feature"
EXPECTED, OTHER = "Then the cancellation is allowed", "Then the cancellation is refused"


def codes_whose_texts_name_commands() -> dict[str, bool]:
    """The code of each check of the gate, and whether a text of the function of that name, or of a function it calls, names a command."""
    tree = ast.parse((ROOT / "sop_runs" / "gate.py").read_text())
    functions = {node.name: ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    called = {
        name: text + "".join(functions[other] for other in functions if f"{other}(" in text and other != name)
        for name, text in functions.items()
    }
    return {check.__name__: "`sop " in called[check.__name__] or "APPROVE" in called[check.__name__] for check in GATE_CHECKS}


def test_every_check_whose_remedy_names_a_command_has_one_in_terms_of_the_workbench() -> None:
    named = {code for code, names_command in codes_whose_texts_name_commands().items() if names_command}

    assert {"lint", "complete", "behaviour", "wording", "examples", "mutation"} <= named
    assert named <= gate.REMEDIES.keys() <= codes_whose_texts_name_commands().keys()
    assert not any("`" in remedy for remedy, _ in gate.REMEDIES.values())


@pytest.mark.parametrize(("identifier", "register"), [("GAP-04", "gaps.toml"), ("SC-ERP-FULL-1a", "clauses.toml")])
def test_the_place_of_an_entry_is_its_line_in_the_register(identifier: str, register: str) -> None:
    place = gate.place_of_entry(identifier) or {}

    assert place["path"].endswith(f"clients_v1/{register}")
    assert (ROOT / place["path"]).read_text().splitlines()[place["line"] - 1] == f'id = "{identifier}"'
    assert place.get("gap") == (identifier if register == "gaps.toml" else None)
    assert gate.place_of_entry("GAP-999") is None


@pytest.mark.parametrize("method", sorted(WRITES))
def test_a_workbench_that_is_read_only_refuses_every_method_that_writes(method: str, tmp_path: Path) -> None:
    app = application(Workbench(Project(tmp_path, None, read_only=True)), 80, "token")

    status, problem = asyncio.run(answer_to(app, {"method": method, "params": {}}))

    assert status == 403
    assert "read only" in problem["detail"]
    assert list(tmp_path.iterdir()) == []


async def answer_to(app: Any, call: object) -> tuple[int, Any]:
    """Send *call* to the application without a server, and return status and answer."""
    body = json.dumps(call).encode()
    headers = {"host": "127.0.0.1:80", "x-sop-token": "token", "content-type": "application/json", "content-length": str(len(body))}
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/api/call", "raw_path": b"/api/call", "query_string": b"", "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    await app(scope, receive, send)
    return sent[0]["status"], json.loads(b"".join(message.get("body", b"") for message in sent))


def states(result: dict[str, Any]) -> dict[str, str]:
    return {check["code"]: check["state"] for check in result["checks"]}


@pytest.mark.slow
def test_a_check_writes_nothing_and_the_document_follows_only_where_it_is_wanted(tmp_path: Path) -> None:
    with running_workbench(copy_project(tmp_path / "project")) as workbench:
        checked = workbench.call("gate.check")["result"]

        assert checked["open"]
        assert set(states(checked).values()) == {"passed"}
        assert not (workbench.home / "build" / "runs").exists()
        assert checked["files"] == {file["path"]: file["digest"] for file in workbench.ask("GET", "/api/project")[1]["files"]}
        assert checked["approved"] == workbench.ask("GET", "/api/project")[1]["approved"]

        file = workbench.home / FEATURE
        file.write_text(file.read_text().replace(EXPECTED, OTHER, 1))
        messages = workbench.ask("POST", "/api/call", {"method": "gate.write", "params": {}})[1]
        written = messages[-1]["result"]

        assert not written["open"]
        assert {code for code, state in states(written).items() if state == "failed"} == {"passed", "examples"}
        assert states(written)["mutation"] == "not run"
        problem = next(check for check in written["checks"] if check["code"] == "passed")["problems"][0]
        line = next(number for number, text in enumerate(file.read_text().splitlines(), 1) if OTHER in text)
        assert problem["place"] == {"path": FEATURE, "line": line}
        assert (workbench.home / written["run"] / "run.ndjson").is_file()
        assert (workbench.home / "build" / "site" / "index.html").is_file()
        progress = [message["progress"] for message in messages if "progress" in message]
        count = len(json.loads((workbench.home / "approved" / "examples.json").read_text())["examples"])
        assert progress[-1] == {"finished": count, "expected": count}
        assert len(progress) == len({str(part) for part in progress})


@pytest.mark.slow
def test_a_register_changed_by_another_program_is_used(tmp_path: Path) -> None:
    with running_workbench(copy_project(tmp_path / "project")) as workbench:
        workbench.call("gate.check")
        gaps = workbench.home / RULEBOOK / "gaps.toml"
        gaps.write_text(gaps.read_text().replace('title = "', 'title = "Another: ', 1))
        waits_until = time.monotonic() + 120
        while "result" not in (message := workbench.call("gate.check")):
            assert time.monotonic() < waits_until, message
            time.sleep(0.2)

        wording = next(check for check in message["result"]["checks"] if check["code"] == "wording")
        assert wording["problems"][0]["place"]["gap"] == "GAP-01"


@pytest.mark.slow
def test_the_page_shows_problems_at_their_places_and_a_stale_result_as_stale(tmp_path: Path, browser: Any) -> None:
    with running_workbench(copy_project(tmp_path / "project")) as workbench:
        file = workbench.home / FEATURE
        before = file.read_text()
        file.write_text(before.replace(EXPECTED, OTHER, 1))
        page = browser.new_page(viewport=WIDE)
        page.goto(workbench.link)
        page.goto(f"{workbench.url}/#/gate")
        page.get_by_text("Nothing has been checked in this page yet.").wait_for()
        page.get_by_role("button", name="Check", exact=True).focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Cancel").wait_for()
        page.keyboard.press("Enter")  # the focus is on Cancel
        page.get_by_text("Cancelled; nothing was checked.").wait_for()
        assert page.evaluate("document.activeElement.textContent") == "Check"
        page.keyboard.press("Enter")
        page.get_by_text(re.compile("The gate is closed: 2 of 10 checks failed, 4 not judged yet")).wait_for(timeout=180_000)

        assert (
            page.get_by_role("link", name=re.compile(r"full_erp\.feature:\d+"))
            .first.get_attribute("href")
            .startswith(f"#/feature/{FEATURE}:")
        )
        assert page.locator(".checks > li").count() == 10
        assert page.locator(".checks.is-stale").count() == 0
        assert violations_here(page, axe_core()) == []

        file.write_text(before)
        page.get_by_text(re.compile(f"Stale: from before a change of {FEATURE}")).wait_for()
        assert page.locator(".checks.is-stale").count() == 1
        page.close()


@pytest.mark.slow
def test_the_page_of_a_read_only_workbench_has_no_button_that_writes(tmp_path: Path, browser: Any) -> None:
    with running_workbench(copy_project(tmp_path / "project"), "--read-only") as workbench:
        page = browser.new_page(viewport=WIDE)
        page.goto(workbench.link)
        page.goto(f"{workbench.url}/#/gate")
        page.get_by_role("button", name="Check", exact=True).wait_for()

        assert page.get_by_role("button").count() == 1
        page.close()
