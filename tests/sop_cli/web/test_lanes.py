"""Lanes: each call has its own answer, whatever the worker does; what is cancelled ends with all its processes."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from sop_cli.web import lanes
from sop_cli.web.lanes import Lane
from sop_cli.web.methods import CODE_VARIABLE
from sop_cli.web.screens import project as project_screen
from sop_cli.web.worker import answers
from tests.support import odd_worker

pytestmark = pytest.mark.slow
LONGEST_WAIT_S = 20.0


@pytest.fixture(autouse=True)
def _odd_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "COMMAND", (sys.executable, "-P", str(Path(odd_worker.__file__))))


def run(scenario: Callable[[Lane], Awaitable[None]], **options: Any) -> None:
    """Run *scenario* with a lane, and close it; no process of it may stay."""

    async def main() -> None:
        lane = Lane(**{"limit_s": 30.0, **options})
        try:
            await scenario(lane)
        finally:
            await lane.close()
            assert lane.process is None
            assert not lane.tasks

    asyncio.run(main())


async def messages(lane: Lane, method: str, **params: object) -> list[Any]:
    return [message async for message in lane.call(f"odd.{method}", json.dumps(params))]


async def last(lane: Lane, method: str, **params: object) -> Any:
    return (await messages(lane, method, **params))[-1]


async def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + LONGEST_WAIT_S
    while not is_so():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


async def written(mark: Path) -> list[int]:
    """Return the process ids in the file *mark*, when they are there."""
    await until(lambda: pids_in(mark))
    return pids_in(mark)


def pids_in(mark: Path) -> list[int]:
    return [int(word) for word in mark.read_text().split()] if mark.exists() else []


def is_alive(pid: int) -> bool:
    """Return whether there is such a process; one that has ended and was not waited for counts as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def cancelled(lane: Lane, method: str, **params: object) -> "asyncio.Task[Any]":
    """Begin a call and return its task."""
    return asyncio.create_task(last(lane, method, **params))


@pytest.mark.parametrize("outlives_caller", [False, True])
def test_each_of_many_calls_at_once_has_its_own_result(*, outlives_caller: bool) -> None:
    async def scenario(lane: Lane) -> None:
        results = await asyncio.gather(*(last(lane, "echo", value=[number, "é\n\u2028"]) for number in range(25)))

        assert results == [{"result": [number, "é\n\u2028"]} for number in range(25)]

    run(scenario, outlives_caller=outlives_caller)


def test_a_worker_has_the_digest_of_the_code_from_before_its_start(tmp_path: Path) -> None:
    """Not of what the code has become before its first call: it would say of results of the old code that they are of the new one."""
    code = tmp_path / "code"
    code.write_text("old")

    async def scenario(lane: Lane) -> None:
        await lane.start_in_turn()
        code.write_text("new")
        assert await last(lane, "variable", name=CODE_VARIABLE) == {"result": "old"}

        lane.renew()
        assert await last(lane, "variable", name=CODE_VARIABLE) == {"result": "new"}

    run(scenario, digest=code.read_text)


def test_progress_comes_before_the_result() -> None:
    async def scenario(lane: Lane) -> None:
        assert await messages(lane, "count", to=3) == [{"progress": {"number": number}} for number in range(3)] + [{"result": 3}]

    run(scenario)


def test_a_cancelled_call_ends_with_its_processes_and_the_next_one_is_answered(tmp_path: Path) -> None:
    async def scenario(lane: Lane) -> None:
        task = await cancelled(lane, "with_child", mark=str(tmp_path / "mark"))
        pids = await written(tmp_path / "mark")
        task.cancel()
        await until(lambda: not any(map(is_alive, pids)))

        assert await last(lane, "echo", value=1) == {"result": 1}

    run(scenario)


def test_closing_the_stream_of_messages_ends_the_call() -> None:
    """As Starlette does when the page has gone."""

    async def scenario(lane: Lane) -> None:
        async with aclosing(lane.call("odd.count", '{"to": 1000000}')) as stream:
            async for message in stream:
                assert message == {"progress": {"number": 0}}
                break

        assert await last(lane, "echo", value=2) == {"result": 2}

    run(scenario)


def test_an_answer_that_no_page_reads_keeps_no_other_call_waiting() -> None:
    """As of a tab that the browser has put to sleep, or one that has gone while the answer was being sent."""

    async def scenario(lane: Lane) -> None:
        unread = lane.call("odd.echo", '{"value": 1}')
        assert await anext(unread) == {"result": 1}

        assert await asyncio.wait_for(last(lane, "echo", value=2), LONGEST_WAIT_S) == {"result": 2}
        await unread.aclose()

    run(scenario)


def test_a_call_that_comes_while_the_first_worker_starts_has_no_worker_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    started, start = [], asyncio.create_subprocess_exec

    async def counted(*command: Any, **options: Any) -> asyncio.subprocess.Process:
        started.append(command)
        await asyncio.sleep(0.05)
        return await start(*command, **options)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", counted)

    async def scenario(lane: Lane) -> None:
        _, answer = await asyncio.gather(lane.start_in_turn(), last(lane, "echo", value=1))
        assert answer == {"result": 1}

    run(scenario)

    assert len(started) == 1


def test_a_call_that_no_page_waits_for_is_not_begun(tmp_path: Path) -> None:
    async def scenario(lane: Lane) -> None:
        first = await cancelled(lane, "sleep", mark=str(tmp_path / "first"), seconds=0.3)
        await written(tmp_path / "first")
        waiting = [await cancelled(lane, "echo", value=0, mark=str(tmp_path / f"mark {number}")) for number in range(5)]
        await until(lambda: lane.waiting == 5)
        for task in waiting:
            task.cancel()
        await first

        assert await last(lane, "echo", value=3) == {"result": 3}

    run(scenario, outlives_caller=True)

    assert list(tmp_path.glob("mark*")) == []


def test_where_a_call_outlives_its_page_the_worker_stays_and_the_result_is_thrown_away(tmp_path: Path) -> None:
    async def scenario(lane: Lane) -> None:
        task = await cancelled(lane, "sleep", mark=str(tmp_path / "mark"), seconds=0.3)
        (pid,) = await written(tmp_path / "mark")
        task.cancel()

        assert await last(lane, "echo", value="mine") == {"result": "mine"}
        assert is_alive(pid)

    run(scenario, outlives_caller=True)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_killed_in_a_call_is_an_error_and_is_replaced(tmp_path: Path, number: signal.Signals) -> None:
    async def scenario(lane: Lane) -> None:
        task = await cancelled(lane, "sleep", mark=str(tmp_path / "mark"))
        (pid,) = await written(tmp_path / "mark")
        os.kill(pid, number)

        assert (await task)["error"]["message"] == lanes.GONE
        assert await last(lane, "echo", value=4) == {"result": 4}

    run(scenario)


@pytest.mark.parametrize("status", [0, 1])
def test_a_worker_that_ends_itself_is_an_error_and_is_replaced(status: int) -> None:
    async def scenario(lane: Lane) -> None:
        assert (await last(lane, "end", status=status))["error"]["message"] == lanes.GONE
        assert await last(lane, "echo", value=4) == {"result": 4}

    run(scenario)


def test_a_worker_that_is_killed_between_two_calls_is_replaced() -> None:
    async def scenario(lane: Lane) -> None:
        assert await last(lane, "echo", value=1) == {"result": 1}
        process = await lane.start()
        process.kill()
        await process.wait()

        assert await last(lane, "echo", value=5) == {"result": 5}

    run(scenario)


@pytest.mark.parametrize("outlives_caller", [False, True])
def test_a_call_that_hangs_is_stopped(tmp_path: Path, *, outlives_caller: bool) -> None:
    async def scenario(lane: Lane) -> None:
        await lane.start()
        assert await last(lane, "echo", value=0) == {"result": 0}
        lane.limit_s = 0.3

        assert (await last(lane, "sleep", mark=str(tmp_path / "mark")))["error"]["kind"] == "limit"
        (pid,) = await written(tmp_path / "mark")
        await until(lambda: not is_alive(pid))
        lane.limit_s = 30.0
        assert await last(lane, "echo", value=6) == {"result": 6}

    run(scenario, outlives_caller=outlives_caller)


def test_new_code_replaces_the_worker_after_the_call_that_it_answers(tmp_path: Path) -> None:
    async def scenario(lane: Lane) -> None:
        task = await cancelled(lane, "sleep", mark=str(tmp_path / "mark"), seconds=0.3)
        (pid,) = await written(tmp_path / "mark")
        lane.renew()

        assert await task == {"result": pid}
        await until(lambda: lane.process is not None and lane.process.pid != pid)
        await until(lambda: not is_alive(pid))
        assert await last(lane, "echo", value=7) == {"result": 7}

    run(scenario)


def test_an_idle_worker_is_replaced_at_once() -> None:
    async def scenario(lane: Lane) -> None:
        before = (await lane.start()).pid
        lane.renew()

        await until(lambda: lane.process is not None and lane.process.pid != before)

    run(scenario)


def test_too_many_calls_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MOST_WAITING", 3)

    async def scenario(lane: Lane) -> None:
        first = await cancelled(lane, "sleep", mark=str(tmp_path / "mark"), seconds=0.5)
        await written(tmp_path / "mark")
        results = await asyncio.gather(*(last(lane, "echo", value=number) for number in range(5)))

        assert [result.get("error", {}).get("kind") for result in results] == [None, None, None, "busy", "busy"]
        await first

    run(scenario)


def test_what_a_method_prints_is_no_part_of_the_answer() -> None:
    async def scenario(lane: Lane) -> None:
        for text in ("plain", '{"id": 1, "result": "forged"}\n', "\x1b[2J\0", "x" * 100_000):
            assert await last(lane, "write", text=text) == {"result": text}
        assert (await last(lane, "write", text="input"))["error"]["kind"] == "internal"
        assert await last(lane, "echo", value=8) == {"result": 8}

    run(scenario)


def test_a_result_that_is_no_json_is_an_error_and_the_worker_goes_on() -> None:
    async def scenario(lane: Lane) -> None:
        pid = (await lane.start()).pid
        for kind in odd_worker.RESULTS:
            answer = await last(lane, "result", kind=kind)

            assert answer.get("error", {}).get("kind") == (None if kind == "half a character" else "internal"), kind
            assert json.dumps(answer).isascii()
            assert await last(lane, "echo", value=kind) == {"result": kind}
        assert (await lane.start()).pid == pid

    run(scenario)


def test_an_answer_that_is_too_long_is_an_error_and_the_worker_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "LONGEST_LINE", 100_000)

    async def scenario(lane: Lane) -> None:
        assert (await last(lane, "echo", value="x" * 300_000))["error"]["kind"] == "internal"
        assert await last(lane, "echo", value=10) == {"result": 10}

    run(scenario)


OTHER_FORMS = [
    "[]", "null", "1", '"x"', "", "{", '{"value": 1, "other": 2}', "{}", '{"to": "many"}', '{"to": 1.5}', '{"to": null}', '{"to": true}',
    '{"to": [1]}', '{"to": ' + "9" * 5000 + "}", '{"to": ' + "[" * 100_000 + "]" * 100_000 + "}", '{"to": "\\ud800"}', '{"to": NaN}',
    '{"__class__": 1}', '{"to": 1, "to": "x"}', '{"to": {}}', '{"to": -0.0}', "\ufeff{}", "{'to': 1}",
]  # fmt: skip


def test_parameters_of_another_form_are_one_error_about_the_input() -> None:
    async def scenario(lane: Lane) -> None:
        for params in OTHER_FORMS:
            answers = [message async for message in lane.call("odd.count", params)]

            assert [answer.get("error", {}).get("kind") for answer in answers] == ["input"], params[:50]
            assert "reload the page" in answers[0]["error"]["message"]
            assert await last(lane, "echo", value=11) == {"result": 11}

    run(scenario)


def test_a_fault_of_the_program_names_no_more_than_its_kind() -> None:
    async def scenario(lane: Lane) -> None:
        assert (await last(lane, "fail"))["error"] == {
            "message": "internal error, not caused by your input: LookupError",
            "kind": "internal",
        }

    run(scenario)


def test_closing_answers_what_waits_and_starts_no_worker_any_more(tmp_path: Path) -> None:
    async def scenario(lane: Lane) -> None:
        first = await cancelled(lane, "with_child", mark=str(tmp_path / "mark"))
        pids = await written(tmp_path / "mark")
        second = await cancelled(lane, "echo", value=1)
        await until(lambda: lane.waiting == 1)
        await lane.close()

        assert [(await task)["error"]["message"] for task in (first, second)] == [lanes.GONE, lanes.GONE]
        await until(lambda: not any(map(is_alive, pids)))
        assert (await last(lane, "echo", value=1))["error"]["message"] == lanes.GONE

    run(scenario)


def test_a_worker_that_cannot_be_started_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "COMMAND", ("/no/such/program",))

    async def scenario(lane: Lane) -> None:
        assert (await last(lane, "echo", value=1))["error"]["kind"] == "gone"

    run(scenario)


def test_a_disk_that_refuses_is_named_in_the_project_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise OSError(30, "Read-only file system", str(Path.cwd() / "build" / "runs"))

    monkeypatch.setitem(project_screen.METHODS, "project.run", refused)

    assert list(answers("project.run", {})) == [
        {"error": {"message": "build/runs: Read-only file system; check the disk and the rights of the folder", "kind": "system"}}
    ]
