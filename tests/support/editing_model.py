"""A model of a file that is edited in tabs of the workbench, and the invariants that tabs, file and server keep."""

import random
from contextlib import ExitStack
from hashlib import sha256
from typing import Any

from steps.language.document import Document, source_of
from tests.support.edited_feature import FORMS, compiled, tables_of, unescaped, with_rows
from tests.support.editing_tab import Tab, in_file, shown_of
from tests.support.workbench import RunningWorkbench, running_workbench


class Server:
    """A workbench that is killed and started again at the same port."""

    def __init__(self, workbench: RunningWorkbench, starts: ExitStack) -> None:
        self.workbench, self.starts = workbench, starts

    def kill(self) -> None:
        self.workbench.process.kill()
        self.workbench.process.wait()

    def start(self) -> None:
        self.workbench = self.starts.enter_context(running_workbench(self.workbench.home, "--port", str(self.workbench.port)))


class EditedFile:
    """A file, the tabs that show it, and what the file must contain; `check` compares them after each action."""

    def __init__(self, browser: Any, server: Server, seed: int) -> None:
        self.browser, self.server, self.random = browser, server, random.Random(seed)  # noqa: S311 - no secret
        self.path = f"features/vms_reports/session_{seed}.feature"
        self.file = server.workbench.home / self.path
        self.disk: bytes | None = self.random.choice(FORMS).encode()
        self.first = self.disk
        self.has_crlf, self.has_mark = b"\r\n" in self.disk, self.disk.startswith(b"\xef\xbb\xbf")
        self.log: list[str] = []
        self.left: set[str] = set()
        self.file.write_bytes(self.disk)
        server.workbench.ask("GET", "/api/changes?since=0")
        self.context = self.new_context(None)
        self.origins: dict[str, bytes | None] = {}
        self.server_came_back, self.before_server_ended = 0.0, list[str]()
        self.tabs = [self.open()]
        self.require_offer(self.tabs[0], [], [])

    def open(self) -> Tab:
        return Tab(self.context, self.server.workbench.link, self.path)

    def new_context(self, storage: Any) -> Any:
        return self.browser.new_context(viewport={"width": 1400, "height": 1000}, storage_state=storage)

    def close(self) -> None:
        self.context.close()
        self.file.unlink(missing_ok=True)

    def note(self, detail: object) -> None:
        self.log[-1] += f" {detail!r}"

    def check(self) -> None:
        now = self.file.read_bytes() if self.file.exists() else None
        assert now == self.disk, f"the file on disk is\n{now!r}\nand should be\n{self.disk!r}"
        home = self.server.workbench.home
        assert not (parts := [*home.glob("features/**/.*.part")]), parts
        for tab in self.tabs:
            self.follow_disk(tab)
            self.origins[tab.last] = tab.seen
            assert tab.errors == [], tab.errors
            tab.until(lambda tab=tab: self.difference(tab) is None, lambda tab=tab: self.difference(tab))
            self.require_digest(tab)

    def require_digest(self, tab: Tab) -> None:
        """A tab that says `as on disk` shows each byte of the file but its mark and its line ends, which are as they were at first."""
        if tab.state()["status"] == "as on disk" and self.disk is not None:
            tab.until(
                lambda: sha256(self.file.read_bytes()).digest() == sha256(self.bytes_of(tab)).digest(),
                lambda: f"the page shows\n{self.bytes_of(tab)!r}\n`as on disk`, where there is\n{self.file.read_bytes()!r}",
            )

    def follow_disk(self, tab: Tab) -> None:
        """A tab without changes shows the file as it is on disk; it may have followed already."""
        tab.remember()
        if self.disk is None or tab.seen == self.disk:
            return
        if not tab.is_changed or (tab.last == shown_of(self.disk) and tab.state()["status"] == "as on disk"):
            tab.take(self.disk)

    def difference(self, tab: Tab) -> str | None:
        """Return how the grid of *tab* differs from the table that is parsed from the text, or what else would run; None if it does not."""
        state = tab.state()
        document = self.read(state["text"])
        if not state["caption"]:
            return None
        first = int(state["caption"].split()[1].rstrip(":"))
        parsed = next((rows for rows in tables_of(document.feature) if rows[0][0] == first), None) if document else None
        if document is None or parsed is None:
            return f"Gherkin reads no table in line {first}, and a grid of it is shown:\n{state['grid']}\n{state['text']}"
        grid = [[unescaped(value) for value in row] for row in state["grid"]]
        if grid != [cells for _, cells in parsed]:
            return f"the grid shows\n{grid}\nand the text has\n{[cells for _, cells in parsed]}"
        of_grid = self.read(with_rows(state["text"], [line for line, _ in parsed], state["grid"]))
        if of_grid is None or compiled(of_grid) != compiled(document):
            return f"what the grid shows would run as\n{of_grid and compiled(of_grid)}\nand the text as\n{compiled(document)}"
        return None

    def read(self, text: str) -> Document | None:
        """Return what the language tree reads of the text in the editor; None if it is not Gherkin."""
        return source_of(in_file(text, crlf=False).encode("utf-8", "replace"), self.path)[0].document

    def bytes_of(self, tab: Tab) -> bytes:
        """Return the content of the file that a save of *tab* writes."""
        return in_file(tab.text, crlf=self.has_crlf and "\r" not in tab.text, mark=self.has_mark).encode()

    def set_disk(self, data: bytes | None) -> None:
        """The file has a new content: tabs without changes follow it, the others keep what they have."""
        self.disk = data
        for tab in self.tabs:
            if data is not None and not tab.is_changed:
                tab.take(data)

    def is_draft(self, tab: Tab) -> bool:
        return self.disk is None or tab.is_changed

    def require_offer(self, tab: Tab, drafts: list[str], recent: list[str]) -> None:
        """Require that *tab*, just opened, offers one of *drafts*; and that it offers no text but these, the file's, and *recent* ones."""
        tab.base = self.disk or b""
        while drafts and tab.text not in drafts and tab.page.locator("text=Take it").count():
            tab.page.locator("text=Take it").first.click()
            tab.page.locator("text=Discard it").first.click()
        on_disk = shown_of(tab.base)
        assert not drafts or tab.text in drafts, f"no draft is offered:\n{drafts}\nbut\n{tab.text!r}"
        assert tab.text in (on_disk, *recent, *self.left, *drafts), f"an unknown text is offered:\n{tab.text!r}\n{recent}"
        state = tab.state()  # a change of the file that is noticed late is announced where the offer was
        notice = state["banner"] if "changed on disk" not in state["banner"] else state["status"]
        assert tab.text == on_disk or "draft" in notice, state
        tab.remember()
        tab.seen = self.disk if tab.text == on_disk else self.origins.get(tab.text, self.disk)
