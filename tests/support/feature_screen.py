"""The Feature screen of a running workbench, with one file open in a tab."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from tests.support.workbench import RunningWorkbench, copy_project, running_workbench

OWN = "features/vms_reports/own.feature"
TABLE = """Feature: Own
  # a remark

  Rule: R

    Scenario Outline: S <stage>
      Given an order invoiced through RMS
      And the order is <stage>
      When the seller cancels the full order
      Then the cancellation is <outcome>

      Examples: In a table
        | outcome | stage       |
        # between the rows
        | allowed | FULFILLABLE |
        | refused | PACKED      |
"""
SEEN = """() => [...['section[aria-label=Results]', 'section[aria-label=Findings]', '.grid-place', '#notices', '.feature-main [role=status]', 'dialog']
    .flatMap(place => [...document.querySelectorAll(place)].map(one => `${place}: ${one.innerText || 'nothing'}`)), location.hash,
    document.querySelector('.cm-content')?.cmTile.view.state.doc].join('\\n')"""
"""What the page says of results, findings and its state, and the text, for the message of a wait that nothing ends."""


class Screen:
    """The Feature screen with one file open, in a tab."""

    tabs: ClassVar[list[Any]] = []
    """All tabs that were opened, also those that are closed by now."""

    def __init__(self, context: Any, workbench: RunningWorkbench, path: str) -> None:
        self.context, self.workbench, self.path = context, workbench, path
        self.complaints: list[str] = []
        self.page = self.open()

    def open(self, line: int | None = None) -> Any:
        self.page = self.context.new_page()
        self.tabs.append(self.page)
        self.page.set_default_timeout(15_000)
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(self.workbench.link)
        self.page.wait_for_selector("#screens a")
        self.go(line)
        self.page.wait_for_selector(".cm-content")
        self.wait("document.querySelector('section[aria-label=Findings] h2')")
        return self.page

    def go(self, line: int | None = None) -> None:
        self.page.evaluate("place => { location.hash = place }", f"#/feature/{self.path}" + (f":{line}" if line else ""))

    @property
    def disk(self) -> bytes:
        return (self.workbench.home / self.path).read_bytes()

    @property
    def text(self) -> str:
        """The text in the editor."""
        return self.page.evaluate("document.querySelector('.cm-content').cmTile.view.state.doc.toString()")

    def at(self, line: int) -> None:
        """Put the cursor at the end of a line."""
        self.go(line)
        self.wait(
            """line => { const {view} = document.querySelector('.cm-content').cmTile;
            return view.hasFocus && view.state.doc.lineAt(view.state.selection.main.head).number === line }""", line,
        )  # fmt: skip
        self.go()
        self.page.keyboard.press("End")

    def line_of(self, words: str) -> int:
        return next(number for number, line in enumerate(self.text.split("\n"), start=1) if words in line)

    def findings(self, count: int) -> str:
        """Wait for a number of findings and return their list."""
        heading = "No findings" if not count else f"{count} finding"
        self.wait("heading => document.querySelector('section[aria-label=Findings] h2').textContent.startsWith(heading)", heading)
        return self.page.inner_text("section[aria-label=Findings]")

    def results(self, words: str) -> str:
        """Wait for words in the heading of the results and return all of them."""
        self.wait("words => document.querySelector('section[aria-label=Results] h2')?.textContent.includes(words)", words)
        return self.page.inner_text("section[aria-label=Results]")

    def wait_for_text(self, words: str) -> None:
        self.wait("words => document.querySelector('.cm-content')?.cmTile.view.state.doc.toString().includes(words)", words)

    def save(self) -> None:
        """Save with Ctrl-S and confirm."""
        self.page.keyboard.press("Control+s")
        self.page.click("dialog button.main")
        self.page.wait_for_selector("#notices p.good")

    def wait(self, script: str, arg: Any = None) -> None:
        """Wait until *script* is true; Playwright's own wait evaluates text in the page, which the page forbids."""
        deadline = time.monotonic() + 60
        while not (value := self.page.evaluate(script, arg)):
            assert time.monotonic() < deadline, f"never true: {script} {arg!r} ({value!r})\n{self.page.evaluate(SEEN)}"
            self.page.wait_for_timeout(20)

    @classmethod
    def seen(cls) -> Iterator[str]:
        """Yield what each tab that is still open shows."""
        for page in cls.tabs:
            if not page.is_closed():
                yield page.evaluate(SEEN)

    def check(self) -> None:
        """Require that the page made no complaint; that of a conflict is expected."""
        assert [complaint for complaint in self.complaints if "status of 409" not in complaint] == []


@contextmanager
def screen_of_own_project(browser: Any, folder: Path) -> Iterator[Screen]:
    """Open `OWN`, whose examples have run, in a workbench and a copy of the project of its own in *folder*; the page must not complain."""
    home = copy_project(folder / "project")
    (home / OWN).write_text(TABLE)
    context = browser.new_context()
    with running_workbench(home) as workbench:
        screen = Screen(context, workbench, OWN)
        screen.results("2 passed")
        yield screen
        context.close()
        screen.check()
