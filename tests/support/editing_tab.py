"""A tab with one file on the Feature screen, and what a model of the file on disk must know of it."""

import time
from collections.abc import Callable
from typing import Any

LONGEST_S = 15.0
STATE = """() => {
    const view = document.querySelector('.cm-content')?.cmTile.view;
    const rows = [...document.querySelectorAll('table.grid tbody tr')].map(row => [...row.querySelectorAll('input')].map(input => input.value));
    const why = document.querySelector('.grid-place > p:not(.keys)')?.textContent ?? '';
    return { text: view?.state.doc.toString() ?? null, why, caption: document.querySelector('table.grid caption')?.textContent || null, grid: rows,
        status: document.querySelector('.feature-main .title [role=status]')?.textContent ?? '', banner: document.querySelector('.feature-main .warning')?.innerText ?? '',
        dialog: document.querySelector('dialog h2')?.textContent ?? null, error: document.querySelector('.feature-main .error')?.textContent ?? null } }"""
SELECT = """at => { const { view } = document.querySelector('.cm-content').cmTile; view.focus(); view.dispatch({ selection: { anchor: at } }) }"""


def in_file(text: str, *, crlf: bool, mark: bool = False) -> str:
    """Return the text of the file for the text in the editor."""
    return ("\ufeff" if mark else "") + (text.replace("\n", "\r\n") if crlf else text)


def shown_of(data: bytes) -> str:
    """Return the text that the editor shows for the content of a file."""
    text = data.decode().removeprefix("\ufeff")
    return text.replace("\r\n", "\n") if text.count("\r\n") == text.count("\n") else text


class Tab:
    """A tab with the file *path*; *seen* is the content that its text was made from, *base* the content that it was opened with."""

    def __init__(self, context: Any, link: str, path: str) -> None:
        self.path, self.page = path, context.new_page()
        self.errors: list[str] = []
        self.history: list[tuple[float, str]] = []
        self.seen: bytes | None = None
        self.base: bytes = b""
        self.page.set_default_timeout(LONGEST_S * 1000)
        self.page.on("pageerror", lambda error: self.errors.append(f"{error} {error.stack}"))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.goto(link)
        self.page.wait_for_selector("#screens a")
        self.page.evaluate("path => { location.hash = `#/feature/${path}` }", path)
        self.wait_for_file()

    def wait_for_file(self) -> None:
        """Wait until the file, its draft, or an error is shown."""
        self.until(lambda: self.state().get("text") is not None or self.state().get("error"), lambda: "the file is not shown")
        assert self.state()["text"] is not None, self.state()["error"]

    def reload(self) -> None:
        self.page.reload()
        self.page.wait_for_selector("#screens a")
        self.wait_for_file()

    def open_link(self, link: str) -> None:
        """Open a new link in this tab, as one who copies it into the address."""
        self.page.goto(link)
        token = link.partition("token=")[2]
        self.until(lambda: self.read("sessionStorage.getItem('sop-workbench-token')") == token, lambda: "the new link is not taken")
        self.until(lambda: self.read("document.querySelectorAll('#screens a').length"), lambda: "the page is not there")
        self.wait_for_file()

    def close(self) -> None:
        self.page.close()

    def state(self) -> dict[str, Any]:
        return self.read(STATE) or {"text": None}

    def read(self, script: str) -> Any:
        """Evaluate *script*; None while the page is being loaded."""
        try:
            return self.page.evaluate(script)
        except Exception as error:
            if "context was destroyed" in str(error) or "navigat" in str(error):
                return None
            raise

    @property
    def text(self) -> str:
        return self.state()["text"]

    @property
    def last(self) -> str:
        return self.history[-1][1]

    @property
    def is_changed(self) -> bool:
        return self.last != shown_of(self.base)

    def remember(self) -> None:
        """Note the text and the time."""
        if not self.history or self.text != self.last:
            self.history.append((time.monotonic(), self.text))

    def press_keys(self, text: str) -> None:
        """Type *text* key by key; a draft can have the text between any two keys."""
        for key in text:
            self.page.keyboard.press("Enter") if key == "\n" else self.page.keyboard.type(key)
            self.remember()

    def texts_since(self, moment: float) -> list[str]:
        """Return the texts that the tab had at *moment* or later."""
        ends = [at for at, _ in self.history[1:]] + [float("inf")]
        return [text for (_, text), end in zip(self.history, ends, strict=True) if end >= moment]

    def take(self, data: bytes) -> None:
        """Wait until the tab shows the content of the file, and note that its text was made from it."""
        self.until(lambda: self.text == shown_of(data), lambda: f"the tab does not show the file:\n{data!r}\n{self.text!r}")
        self.seen = self.base = data
        self.remember()

    def put_cursor(self, text: str, at: int) -> None:
        """Put the cursor before the character *at* of *text*."""
        self.page.evaluate(SELECT, len(text[:at].encode("utf-16-le")) // 2)

    def focus_editor(self) -> None:
        self.page.evaluate("document.querySelector('.cm-content').cmTile.view.focus()")

    def has_dialog(self, status: str) -> bool:
        """Wait for a dialog or for *status* in the state of the file, and return whether it is a dialog."""
        self.until(
            lambda: self.state()["dialog"] or status in self.state()["status"], lambda: f"neither a dialog nor {status!r}: {self.state()}"
        )
        return self.state()["dialog"] is not None

    def answer(self, button: str) -> None:
        """Press a button of the dialog."""
        self.page.click(f"dialog {button}")

    def until(self, condition: Callable[[], Any], why: Callable[[], Any]) -> None:
        """Wait until *condition* is true; its failure says *why*."""
        end = time.monotonic() + LONGEST_S
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(why())
            self.page.wait_for_timeout(25)
