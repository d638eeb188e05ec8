"""A running workbench notices code that is new, not only code that has changed."""

import asyncio
from pathlib import Path

import pytest

from sop_cli.web.project import Project
from sop_cli.web.serving import state
from sop_cli.web.serving.state import Workbench


@pytest.mark.parametrize("name", ["old.py", "new.py"])
def test_a_module_that_changes_or_comes_replaces_the_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(state, "LOOK_S", 0.01)
    steps = tmp_path / "steps"
    steps.mkdir()
    (steps / "old.py").write_text("A = 1\n")

    async def looked() -> tuple[int, int]:
        workbench = Workbench(Project(tmp_path, None, read_only=True), lambda: tuple(steps.glob("*.py")))
        looking = asyncio.create_task(workbench.look_at_code())
        await asyncio.sleep(0.1)
        before = workbench.code_changes
        (steps / name).write_text("A = 12\n")
        for _ in range(500):
            await asyncio.sleep(0.01)
            if workbench.code_changes > before:
                break
        looking.cancel()
        await workbench.stop()
        return before, workbench.code_changes

    assert asyncio.run(looked()) == (0, 1)
