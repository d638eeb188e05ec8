"""A random editing session on the Feature screen: tabs, other programs, killed browsers and servers, and a model of the file on disk."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from typing import Any

from steps.language.document import Document, source_of
from steps.language.formatter import FormattingError, format_text
from tests.support.editing_tab import Tab, in_file, shown_of
from tests.support.workbench import RunningWorkbench, running_workbench

START = """Feature: Session
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

    Scenario: T
      Given these orders, invoiced through the client's ERP
        | order | posted           |
        | A     | 2026-05-04 09:00 |
      # the end
"""
LOOSE = START.replace("| allowed | FULFILLABLE |", "|allowed|FULFILLABLE  |")
FORMS = (
    START,
    LOOSE,
    START.replace("\n", "\r\n"),
    LOOSE.replace("\n", "\r\n", 4),
    "\ufeff" + START.replace("\n", "\r\n"),
    START.rstrip("\n"),
)
WORDS = (
    "x",
    '"',
    "'",
    "|",
    "a|b",
    "ä ö ü ß",
    "😀",
    "é中",
    "\\",
    "x\\",
    "#",
    "<stage>",
    "@tag",
    "  two  words ",
    "",
    "\u00a0n",
    "\\n",
    "-",
    "PACKED",
)
LOSS_S = 2.0
"""Seconds of typing that may be missing after the browser was killed: one second, and one for a busy machine."""
LONGEST_FORMAT_S = 5.0
"""Seconds in which a busy machine answers how a text is formatted."""


class ViolationError(AssertionError):
    """Something that an editing session must never do."""


class Server:
    """A workbench that is killed and started again at the same port."""

    def __init__(self, workbench: RunningWorkbench, starts: ExitStack) -> None:
        self.workbench, self.starts = workbench, starts

    def kill(self) -> None:
        self.workbench.process.kill()
        self.workbench.process.wait()

    def start(self) -> None:
        self.workbench = self.starts.enter_context(running_workbench(self.workbench.home, "--port", str(self.workbench.port)))


class Session:
    """One session with the random numbers of *seed*; `run` performs *count* actions, types, kills the browser, and checks the invariants after each."""

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

    def run(self, count: int) -> None:
        actions: dict[str, tuple[int, Callable[[Tab], None]]] = {
            "type": (6, self.type), "new line": (2, self.new_line), "cell": (6, self.cell), "new row": (2, self.new_row), "move row": (2, self.move_row),
            "paste": (2, self.paste), "undo": (3, self.undo), "redo": (1, self.redo), "format": (2, self.format), "save": (6, self.save), "save for sure": (0, self.save_for_sure),
            "other program": (3, self.other_program), "delete": (1, self.delete), "reload": (2, self.reload), "second tab": (2, self.second_tab),
            "kill browser": (2, self.kill_browser), "kill browser after a pause": (1, self.kill_after_pause), "kill server": (1, self.kill_server),
        }  # fmt: skip
        names = self.random.choices(list(actions), [weight for weight, _ in actions.values()], k=count)
        for name in (*names, "type", "save for sure", "type", "kill browser after a pause"):
            tab = self.random.choice(self.tabs)
            self.log.append(f"{name} in tab {self.tabs.index(tab)}")
            try:
                actions[name][1](tab)
                self.check()
            except Exception as error:
                raise ViolationError("\n".join([*self.log, str(error)])) from error

    def note(self, detail: object) -> None:
        self.log[-1] += f" {detail!r}"

    # --- what must hold after each action

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
        shown = [[unescaped(value) for value in row] for row in state["grid"]]
        if shown != [cells for _, cells in parsed]:
            return f"the grid shows\n{shown}\nand the text has\n{[cells for _, cells in parsed]}"
        of_grid = self.read(with_rows(state["text"], [line for line, _ in parsed], state["grid"]))
        if of_grid is None or compiled(of_grid) != compiled(document):
            return f"what the grid shows would run as\n{of_grid and compiled(of_grid)}\nand the text as\n{compiled(document)}"
        return None

    def read(self, text: str) -> Document | None:
        """Return what the language tree reads of the text in the editor; None if it is not Gherkin."""
        return source_of(in_file(text, crlf=False).encode("utf-8", "replace"), self.path)[0].document

    # --- actions in the text

    def type(self, tab: Tab) -> None:
        before, word = tab.text, self.random.choice([*WORDS, "", 'pipes | and "quotes"'])
        at = self.random.randrange(len(before) + 1)
        self.note((at, word))
        tab.put_cursor(before, at)
        tab.page.keyboard.insert_text(word) if self.random.random() < 0.5 else tab.press_keys(word)
        tab.page.keyboard.press("Escape")
        tab.until(
            lambda: tab.text == before[:at] + word + before[at:], lambda: f"{before[:at] + word + before[at:]!r} was expected\n{tab.text!r}"
        )

    def new_line(self, tab: Tab) -> None:
        lines = tab.text.split("\n")
        line = self.random.randrange(len(lines))
        self.note(line)
        tab.put_cursor(tab.text, sum(len(text) + 1 for text in lines[: line + 1]) - 1)
        tab.press_keys("\n# note")
        tab.page.keyboard.press("Escape")
        after = tab.text.split("\n")
        assert (after[: line + 1], after[line + 2 :], after[line + 1].strip()) == (lines[: line + 1], lines[line + 1 :], "# note"), after

    def undo(self, tab: Tab) -> None:
        tab.focus_editor()
        for _ in range(self.random.randint(1, 4)):
            tab.page.keyboard.press("Control+z")
            tab.remember()
            self.follow_disk(tab)

    def redo(self, tab: Tab) -> None:
        tab.focus_editor()
        tab.page.keyboard.press("Control+y")

    def format(self, tab: Tab) -> None:
        before = tab.text
        crlf = self.has_crlf and "\r" not in before
        try:
            after = format_text(in_file(before, crlf=crlf))
        except FormattingError:
            after = before
        after = after.replace("\r\n", "\n") if crlf else after
        tab.focus_editor()
        tab.page.keyboard.press("Control+Shift+f")
        tab.page.wait_for_timeout(300)
        end = time.monotonic() + LONGEST_FORMAT_S
        while tab.text == before != after and time.monotonic() < end:
            tab.page.wait_for_timeout(50)
        assert tab.text in (before, after), (before, after, tab.text)

    # --- actions in the grid

    def cell_of_grid(self, tab: Tab) -> Any:
        text, chosen = tab.text, self.random.random()
        lines, document = text.split("\n"), self.read(text)
        tables = list(tables_of(document.feature)) if document else []
        if not tables:
            tab.focus_editor()
            tab.put_cursor(text, next((at for at, char in enumerate(text) if char == "|"), 0))
            tab.until(lambda: not tab.state()["caption"] and tab.state()["why"], lambda: f"there is no table, but a grid: {tab.state()}")
            return None
        rows = [(number, table[0][0]) for table in tables for number, _ in table]
        row, first = rows[int(chosen * len(rows))]
        tab.focus_editor()
        tab.put_cursor(text, sum(len(line) + 1 for line in lines[: row - 1]))
        tab.until(
            lambda: f"line {first}" == (tab.state()["caption"] or "").partition(":")[0], lambda: f"the grid of line {first}: {tab.state()}"
        )
        cells = tab.page.locator("table.grid input")
        return cells.nth(self.random.randrange(cells.count())) if cells.count() else None

    def in_grid(self, tab: Tab, act: Callable[[Any], None]) -> None:
        """Perform *act* on a random cell; lines outside tables must stay as they are."""
        if (cell := self.cell_of_grid(tab)) is None:
            return
        before = tab.text
        act(cell)
        outside = [[line for line in text.split("\n") if not line.lstrip().startswith("|")] for text in (before, tab.text)]
        assert outside[0] == outside[1], f"a line outside the table changed\n{before}\n{tab.text}"

    def cell(self, tab: Tab) -> None:
        word = self.random.choice(WORDS)
        self.note(word)
        self.in_grid(tab, lambda cell: cell.fill(word))

    def new_row(self, tab: Tab) -> None:
        self.in_grid(tab, lambda cell: cell.press("Enter"))

    def move_row(self, tab: Tab) -> None:
        key = self.random.choice(["Alt+ArrowUp", "Alt+ArrowDown"])
        self.in_grid(tab, lambda cell: cell.press(key))

    def paste(self, tab: Tab) -> None:
        text = "\r\n".join("\t".join(self.random.choices(WORDS, k=2)) for _ in range(self.random.randint(1, 3)))
        self.note(text)
        self.in_grid(tab, lambda cell: cell.evaluate(PASTE, text))

    # --- saving

    def bytes_of(self, tab: Tab) -> bytes:
        """Return the content of the file that a save of *tab* writes."""
        return in_file(tab.text, crlf=self.has_crlf and "\r" not in tab.text, mark=self.has_mark).encode()

    def save_for_sure(self, tab: Tab) -> None:
        self.save(tab, is_certain=True)

    def save(self, tab: Tab, *, is_certain: bool = False) -> None:
        mine = self.bytes_of(tab)
        tab.focus_editor()
        tab.page.keyboard.press("Control+s")
        if not tab.has_dialog("nothing to save"):
            assert mine == self.disk, f"`nothing to save`, but the file is\n{self.disk!r}\nand the text\n{mine!r}"
            return
        self.check()
        if not is_certain and self.random.random() < 0.3:
            self.note("cancelled")
            tab.page.keyboard.press("Escape")
            return
        is_conflict = tab.seen != self.disk
        tab.answer("button.main")
        if is_conflict:
            tab.until(lambda: "changed on disk" in (tab.state()["dialog"] or ""), lambda: f"the texts are not compared: {tab.state()}")
            self.check()
            [choice] = self.random.choices(["Go on editing", "Take the text on disk", "mine"][:: 2 if self.disk is None else 1], None, k=1)
            choice = "mine" if is_certain else choice
            self.note(choice)
            tab.answer("button:has-text('mine'):not(:has-text('drop'))" if choice == "mine" else f"button:has-text('{choice}')")
            if choice.startswith("Go"):
                return
            if choice.startswith("Take"):
                tab.take(self.disk or b"")
                return
        tab.until(
            lambda: self.file.exists() and self.file.read_bytes() == mine, lambda: f"not saved:\n{mine!r}\n{self.disk!r}\n{tab.state()}"
        )
        tab.until(lambda: tab.state()["status"] == "as on disk", lambda: f"the page does not say that it saved: {tab.state()}")
        tab.take(mine)
        self.set_disk(mine)

    def set_disk(self, data: bytes | None) -> None:
        """The file has a new content: tabs without changes follow it, the others keep what they have."""
        self.disk = data
        for tab in self.tabs:
            if data is not None and not tab.is_changed:
                tab.take(data)

    # --- other programs, tabs, browsers and servers

    def other_program(self, _: Tab) -> None:
        data = (self.disk or self.first).replace(b"Feature: ", b"Feature: A ", 1)
        self.file.write_bytes(data)
        self.set_disk(data)

    def delete(self, _: Tab) -> None:
        if self.disk is None:
            return
        self.file.unlink()
        self.set_disk(None)
        for other in self.tabs:
            other.until(lambda other=other: "deleted on disk" in other.state()["banner"], lambda: "the deletion is not shown")

    def reload(self, tab: Tab) -> None:
        own = [tab.last] if self.is_draft(tab) else []
        tab.reload()
        self.require_offer(tab, own, [other.last for other in self.tabs])

    def second_tab(self, tab: Tab) -> None:
        if len(self.tabs) > 1:
            self.left.add(tab.last)
            tab.close()
            self.tabs.remove(tab)
        else:
            self.tabs.append(self.open())
            self.require_offer(self.tabs[1], [tab.last] if self.is_draft(tab) else [], [tab.last])

    def is_draft(self, tab: Tab) -> bool:
        return self.disk is None or tab.is_changed

    def kill_browser(self, tab: Tab) -> None:
        self.killed(tab, keeps_storage=self.random.random() < 0.5, waits=self.random.random() < 0.6)

    def kill_after_pause(self, tab: Tab) -> None:
        self.killed(tab, keeps_storage=False, waits=True)

    def killed(self, tab: Tab, *, keeps_storage: bool, waits: bool) -> None:
        """Kill the browser, with what it stores or without, after a pause or at once, and open the file in another."""
        self.note((keeps_storage, waits))
        waits = waits or self.disk is None  # without a draft, there is nothing to open
        if waits:
            tab.page.wait_for_timeout(LOSS_S * 1000)
        changed = [one for one in self.tabs if self.is_draft(one)]
        storage = self.context.storage_state() if keeps_storage else None
        killed = time.monotonic()
        self.context.close()
        texts = [text for one in changed for text in ([one.last] if waits else one.texts_since(killed - LOSS_S))]
        recent = [text for one in self.tabs for text in one.texts_since(killed - LOSS_S)]
        if not keeps_storage and not waits and killed - LOSS_S < self.server_came_back:  # the server was not there for what it has not got
            texts, recent = texts and texts + self.before_server_ended, recent + self.before_server_ended
        self.origins |= {text: one.seen for one in changed for text in one.texts_since(killed - LOSS_S)}
        self.left |= {one.last for one in changed}
        self.context = self.new_context(storage)
        self.tabs = [self.open()]
        self.require_offer(self.tabs[0], texts, recent)

    def kill_server(self, tab: Tab) -> None:
        is_same_tab, types = self.random.random() < 0.5, self.random.random() < 0.5
        self.note((is_same_tab, types))
        self.server.kill()
        ended = time.monotonic()
        if types:
            self.type(tab)
            tab.remember()
            self.origins[tab.last] = tab.seen
        self.before_server_ended = [text for one in self.tabs if self.is_draft(one) for text in one.texts_since(ended - LOSS_S)]
        self.server.start()
        self.server_came_back = time.monotonic()
        texts, known = [one.last for one in self.tabs if self.is_draft(one)], [one.last for one in self.tabs]
        self.left |= {*texts}
        for one in self.tabs[is_same_tab:]:
            one.close()
        if is_same_tab:
            self.tabs[0].open_link(self.server.workbench.link)
        self.tabs = self.tabs[:1] if is_same_tab else [self.open()]
        self.require_offer(self.tabs[0], texts, known)

    def require_offer(self, tab: Tab, drafts: list[str], known: list[str]) -> None:
        """Require that *tab*, just opened, offers one of *drafts*; and that it offers no text but these, the file's, and *known* ones."""
        tab.base = self.disk or b""
        while drafts and tab.text not in drafts and tab.page.locator("text=Take it").count():
            tab.page.locator("text=Take it").first.click()
            tab.page.locator("text=Discard it").first.click()
        on_disk = shown_of(tab.base)
        assert not drafts or tab.text in drafts, f"no draft is offered:\n{drafts}\nbut\n{tab.text!r}"
        assert tab.text in (on_disk, *known, *self.left, *drafts), f"an unknown text is offered:\n{tab.text!r}\n{known}"
        state = tab.state()  # a change of the file that is noticed late is announced where the offer was
        news = state["banner"] if "changed on disk" not in state["banner"] else state["status"]
        assert tab.text == on_disk or "draft" in news, state
        tab.remember()
        tab.seen = self.disk if tab.text == on_disk else self.origins.get(tab.text, self.disk)


def tables_of(node: Any) -> Iterator[list[tuple[int, list[str]]]]:
    """Yield the tables below a node of the parsed feature: line and values of each row."""
    if isinstance(node, list):
        for part in node:
            yield from tables_of(part)
    elif isinstance(node, dict):
        rows = [node["tableHeader"], *node["tableBody"]] if node.get("tableHeader") else node.get("rows", [])
        if rows:
            yield [(row["location"]["line"], [cell["value"] for cell in row["cells"]]) for row in rows]
        else:
            for part in node.values():
                yield from tables_of(part)


def with_rows(text: str, lines: list[int], rows: list[list[str]]) -> str:
    """Return *text* with *rows* of a grid, as they are shown, in place of the rows of its table in *lines*."""
    written = text.split("\n")
    for line, cells in zip(lines, rows, strict=True):
        written[line - 1] = "|" + "".join(f" {escaped(unescaped(cell))} |" for cell in cells)
    return "\n".join(written)


def compiled(document: Document) -> list[Any]:
    """Return what runs of a document: each example with its place, name, tags and steps, without its id."""
    return [
        [
            example.line,
            example.row,
            example.name,
            example.tags,
            [(step.kind, step.text, step.table, step.docstring) for step in example.steps],
        ]
        for example in document.examples
    ]


def escaped(value: str) -> str:
    """Return a value as Gherkin writes it in a cell."""
    return value.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n")


def unescaped(value: str) -> str:
    """Return what Gherkin reads of a value as the grid shows it."""
    pairs = {"\\\\": "\\", "\\|": "|", "\\n": "\n"}
    out, at, value = "", 0, value.strip()
    while at < len(value):
        pair = value[at : at + 2]
        out += pairs.get(pair, value[at])
        at += 2 if pair in pairs else 1
    return out


PASTE = """(input, text) => { input.focus(); const clipboardData = new DataTransfer(); clipboardData.setData('text/plain', text);
    const event = new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true});
    if (input.dispatchEvent(event)) document.execCommand('insertText', false, text.replaceAll('\\r\\n', '')) }"""
