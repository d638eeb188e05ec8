"""The server of the workbench: the files it reads and writes, conflicts, drafts, and calls of the workers."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.workbench import RULEBOOK, RunningWorkbench, copy_project, running_workbench

FEATURE = "features/ajio_cancellation/full_erp.feature"


@pytest.mark.slow
def test_a_file_is_saved_only_over_the_content_that_was_read(workbench: RunningWorkbench) -> None:
    status, file = workbench.ask("GET", f"/api/file?path={FEATURE}")
    disk = workbench.home / FEATURE
    before = disk.read_bytes()
    assert (status, file["text"]) == (200, before.decode())
    disk.write_bytes(before + b"# another program\n")

    status, refused = workbench.ask("POST", "/api/save", {"changes": [{"path": FEATURE, "digest": file["digest"], "text": "mine"}]})

    assert (status, refused["conflicts"][0]["text"]) == (409, before.decode() + "# another program\n")
    assert disk.read_bytes() == before + b"# another program\n"
    status, _ = workbench.ask(
        "POST", "/api/save", {"changes": [{"path": FEATURE, "digest": refused["conflicts"][0]["digest"], "text": before.decode()}]}
    )
    assert (status, disk.read_bytes()) == (200, before)


@pytest.mark.slow
def test_a_call_is_answered_by_a_worker(workbench: RunningWorkbench) -> None:
    assert len(workbench.call("project.catalogue")["result"]["sentences"]) > 50


@pytest.mark.slow
def test_read_only_saves_nothing(tmp_path) -> None:
    with running_workbench(copy_project(tmp_path / "project"), "--read-only") as workbench:
        file = workbench.ask("GET", f"/api/file?path={FEATURE}")[1]
        change = {"path": FEATURE, "digest": file["digest"], "text": "mine"}

        assert workbench.ask("POST", "/api/save", {"changes": [change]})[0] == 403
        assert (workbench.home / FEATURE).read_text() == file["text"]


@pytest.mark.slow
def test_a_register_with_a_mistake_is_the_reason_of_every_call_until_it_is_mended(tmp_path: Path) -> None:
    with running_workbench(copy_project(tmp_path / "project")) as workbench:
        register = workbench.home / RULEBOOK / "gaps.toml"
        good = register.read_bytes()
        assert "result" in workbench.call("project.catalogue")

        register.write_bytes(good + b"[[gap]\n")
        message = wait_for(lambda: workbench.call("project.catalogue").get("error", {}).get("message"))
        status, file = workbench.ask("GET", "/api/file?path=book/clients_v1/gaps.toml")

        assert "gaps.toml" in message
        assert (status, file["text"].endswith("[[gap]\n")) == (200, True)
        change = {"path": "book/clients_v1/gaps.toml", "digest": file["digest"], "text": good.decode()}
        assert workbench.ask("POST", "/api/save", {"changes": [change]})[0] == 200
        assert wait_for(lambda: workbench.call("project.catalogue").get("result"))


def wait_for(get: Callable[[], Any]) -> Any:
    end = time.monotonic() + 30
    while not (value := get()):
        assert time.monotonic() < end
        time.sleep(0.2)
    return value
