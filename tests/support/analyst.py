"""A user of the workbench's page who has a mouse, or a keyboard alone; what is clicked and pressed is counted."""

from dataclasses import dataclass, field
from typing import Any

MOST_TABS = 120
"""Presses of Tab after which a control counts as out of reach."""
HAS_FOCUS = "element => element === document.activeElement"
IS_BEHIND = """element => document.activeElement !== document.body
    && Boolean(element.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING)"""
"""Whether an element is before the one with the focus: Shift+Tab leads back to it, and Tab would lead through the bars of the browser."""


@dataclass(slots=True)
class Analyst:
    """Someone who works in *page* with a ``mouse`` or by ``keyboard``; text is typed in both ways."""

    page: Any
    way: str
    clicks: int = 0
    keys: int = 0
    typed: int = 0
    reached: dict[str, int] = field(default_factory=dict)
    """Presses of Tab by control, for those that took more than one."""

    @property
    def by_mouse(self) -> bool:
        """Whether there is a mouse."""
        return self.way == "mouse"

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        self.keys += len(keys)

    def write(self, text: str) -> None:
        """Type *text* where the focus is."""
        self.page.keyboard.type(text)
        self.typed += len(text)

    def click(self, control: Any) -> None:
        """Click *control* once it can be clicked."""
        control.click()
        self.clicks += 1

    def reach(self, control: Any) -> None:
        """Move the focus to *control*: by a click, or by Tab and Shift+Tab."""
        control.wait_for()
        if self.by_mouse:
            self.click(control)
            return
        tabs, key = 0, "Shift+Tab" if control.evaluate(IS_BEHIND) else "Tab"
        while not control.evaluate(HAS_FOCUS):
            assert tabs < MOST_TABS, f"{control} is not reached by {key}"
            self.press(key)
            tabs += 1
        if tabs > 1:
            self.reached[str(control).partition("selector=")[2]] = tabs

    def use(self, control: Any, key: str = "Enter") -> None:
        """Use a link, a button or (with the key Space) a box to tick."""
        self.reach(control)
        if not self.by_mouse:
            self.press(key)

    def fill(self, control: Any, text: str) -> None:
        """Write *text* into a field instead of what it has."""
        self.reach(control)
        self.press("Control+a")
        self.write(text)

    def choose(self, radio: Any) -> None:
        """Choose one of the radio buttons of a group; by keyboard, Tab leads to the group and the arrows to the button."""
        if self.by_mouse:
            self.click(radio)
            return
        tabs = 0
        group = radio.get_attribute("name")
        while self.page.evaluate("document.activeElement.name") != group:
            assert tabs < MOST_TABS, f"{radio} is not reached by Tab"
            self.press("Tab")
            tabs += 1
        if self.page.evaluate("!document.activeElement.checked") and radio.evaluate(HAS_FOCUS):
            self.press("Space")
        while not radio.is_checked():
            self.press("ArrowDown")
