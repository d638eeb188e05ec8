"""State of the server of a workbench, and the looks at what changes on disk."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from sop_cli.runs.file_changes import Stamps, changed, stamps_of
from sop_cli.web.drafts import Drafts
from sop_cli.web.experiment_files import experiment_files
from sop_cli.web.lanes import Lane, lanes
from sop_cli.web.project import Project, Watch
from sop_cli.web.uploads import Uploads
from sop_cli.web.uploads_folder import UPLOADS_VARIABLE

DRAFTS = Path("build", "workbench", "drafts")
LAST_RUN, MOST_OF_ID = Path("build", "runs", "latest"), 100
"""File with the id of the last run that began, and its longest part that is read."""
MOST_TABS = 1000
"""Tabs of which the workbench remembers that another one has taken over their drafts."""
LOOK_S = 1.0
"""Seconds between two looks at the code and the rulebook."""


@dataclass(slots=True)
class Workbench:
    """State of the server: the project, its drafts, what changed on disk, and the lanes of the workers.

    *code* returns the files of the code, also new ones, and *approved* are those of the baseline, on which results depend too; *digest* returns that of
    the code;
    *code_changes* counts, and *experiment_changes* those of the project's own experiments.
    *taken_over* has the files whose draft of a tab another tab goes on with, by tab. *revision_of_workers* is that of the files until which
    the workers have the registers.
    """

    project: Project
    code: Callable[[], tuple[Path, ...]] = tuple
    approved: tuple[Path, ...] = ()
    digest: Callable[[], str] | None = None
    code_changes: int = 0
    experiment_changes: int = 0
    uploads: Uploads = field(default_factory=Uploads)
    lanes: Mapping[str, Lane] = field(init=False)
    watch: Watch = field(init=False)
    drafts: Drafts = field(init=False)
    saved_by: dict[str, str] = field(default_factory=dict)
    taken_over: dict[str, set[str]] = field(default_factory=dict)
    revision_of_workers: int = 0

    def __post_init__(self) -> None:
        self.lanes = lanes({UPLOADS_VARIABLE: str(self.uploads.folder)}, self.project.home, self.digest)
        self.watch = Watch(self.project)
        self.drafts = Drafts(self.project.home / DRAFTS)

    async def look_at_code(self) -> None:
        """Replace the workers whenever the code or a register changes; announce that, a new baseline and experiments, until the server ends."""
        before, approved_before, experiments_before = self._stamps()
        while True:
            await asyncio.sleep(LOOK_S)
            now, approved_now, experiments_now = await run_in_threadpool(self._stamps)
            if changed(before, now):
                before = now
                self.code_changes += 1
                self.watch.revision += 1
                self.renew_workers()
            if changed(approved_before, approved_now):
                approved_before = approved_now
                self.watch.revision += 1
            if changed(experiments_before, experiments_now):
                experiments_before = experiments_now
                self.experiment_changes += 1
                self.watch.revision += 1

    def _stamps(self) -> tuple[Stamps, Stamps, Stamps]:
        """Return the stamps of the code, of the baseline, and of the files that may be experiments."""
        return stamps_of(self.code()), stamps_of(self.approved), stamps_of(experiment_files(self.project.home))

    async def look(self) -> None:
        """Look at the project's files, and replace the workers if a register has changed, so that no page that knows of it gets the old one."""
        await run_in_threadpool(self.watch.look)
        if any(name.endswith(".toml") for name in self.watch.since(self.revision_of_workers)):
            self.renew_workers()
        self.revision_of_workers = self.watch.revision

    def renew_workers(self) -> None:
        """Replace the workers, because the code or a register has changed."""
        for lane in self.lanes.values():
            lane.renew()

    def note_taken_over(self, name: str, tab: str) -> None:
        """Remember that another tab goes on with the draft of the file *name* of *tab*."""
        self.taken_over.setdefault(tab, set()).add(name)
        if len(self.taken_over) > MOST_TABS:
            del self.taken_over[next(iter(self.taken_over))]

    def last_run(self) -> str:
        """Return the id of the last run that began; an empty text if there is none."""
        try:
            with (self.project.home / LAST_RUN).open("rb") as file:
                return file.read(MOST_OF_ID).decode(errors="replace")
        except OSError:
            return ""

    async def stop(self) -> None:
        """End all workers, and remove the files that the page has sent."""
        await asyncio.gather(*(lane.close() for lane in self.lanes.values()))
        await run_in_threadpool(self.uploads.close)


def workbench_of(request: Request) -> Workbench:
    """Return the workbench that *request* is for."""
    workbench: Workbench = request.app.state.workbench
    return workbench
