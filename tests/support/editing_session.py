"""A random editing session on the Feature screen: tabs, other programs, killed browsers and servers, and a model of the file on disk."""

import time
from collections.abc import Callable
from typing import Any

from steps.language.formatter import FormattingError, format_text
from tests.support.edited_feature import WORDS, tables_of
from tests.support.editing_model import EditedFile
from tests.support.editing_tab import Tab, in_file

LOSS_S = 2.0
"""Seconds of typing that may be missing after the browser was killed: one second, and one for a busy machine."""
LONGEST_FORMAT_S = 5.0
"""Seconds in which a busy machine answers how a text is formatted."""
PASTE = """(input, text) => { input.focus(); const clipboardData = new DataTransfer(); clipboardData.setData('text/plain', text);
    const event = new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true});
    if (input.dispatchEvent(event)) document.execCommand('insertText', false, text.replaceAll('\\r\\n', '')) }"""


class ViolationError(AssertionError):
    """Something that an editing session must never do."""


class Session(EditedFile):
    """One session with the random numbers of *seed*; `run` performs *count* actions, types, kills the browser, and checks the invariants after each."""

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

    def save_for_sure(self, tab: Tab) -> None:
        self.save(tab, is_certain=True)

    def save(self, tab: Tab, *, is_certain: bool = False) -> None:
        written = self.bytes_of(tab)
        tab.focus_editor()
        tab.page.keyboard.press("Control+s")
        if not tab.has_dialog("nothing to save"):
            assert written == self.disk, f"`nothing to save`, but the file is\n{self.disk!r}\nand the text\n{written!r}"
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
            lambda: self.file.exists() and self.file.read_bytes() == written,
            lambda: f"not saved:\n{written!r}\n{self.disk!r}\n{tab.state()}",
        )
        tab.until(lambda: tab.state()["status"] == "as on disk", lambda: f"the page does not say that it saved: {tab.state()}")
        tab.take(written)
        self.set_disk(written)

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
        texts, recent = [one.last for one in self.tabs if self.is_draft(one)], [one.last for one in self.tabs]
        self.left |= {*texts}
        for one in self.tabs[is_same_tab:]:
            one.close()
        if is_same_tab:
            self.tabs[0].open_link(self.server.workbench.link)
        self.tabs = self.tabs[:1] if is_same_tab else [self.open()]
        self.require_offer(self.tabs[0], texts, recent)
