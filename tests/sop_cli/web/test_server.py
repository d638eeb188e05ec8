"""The server of the workbench: the files it reads and writes, conflicts, drafts, and calls of the workers."""

import pytest

from tests.support.workbench import RunningWorkbench, copy_project, running_workbench

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
