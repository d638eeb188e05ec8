"""The two readings of the SOP as two addresses of one page, so that the choice can be sent, printed and made without a script."""

from dataclasses import dataclass

from sop_engine import Reading

MEANINGS = {
    Reading.AS_PRACTISED: "the clauses of the SOP, and our reading of each gap where they do not decide",
    Reading.AS_WRITTEN: "the clauses of the SOP alone; where they do not decide, the answer is open",
}
"""The readings in the order in which pages offer them: the first is the one that a page shows unless the other is asked for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the two in the control at the top of a page; ``chosen`` on the page that shows it."""

    name: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ReadingControl:
    """The reading that a page shows, what that means, and the control that leads to the other."""

    reading: Reading
    name: str
    meaning: str
    choices: tuple[Choice, ...]
    other: str
    other_href: str


def address(page: str, reading: Reading) -> str:
    """The file of *page* in *reading*: ``sop.html``, ``sop-as-written.html``."""
    return page if reading is Reading.AS_PRACTISED else f"{page.removesuffix('.html')}-{reading}.html"


def reading_control(page: str, reading: Reading) -> ReadingControl:
    """*page* in *reading*, with the way to the other."""
    other = other_reading(reading)
    choices = tuple(Choice(name_of(choice), address(page, choice), choice is reading) for choice in MEANINGS)
    return ReadingControl(reading, name_of(reading), MEANINGS[reading], choices, name_of(other), address(page, other))


def other_reading(reading: Reading) -> Reading:
    """The other reading."""
    return next(candidate for candidate in MEANINGS if candidate is not reading)


def name_of(reading: Reading) -> str:
    """The reading in prose."""
    return str(reading).replace("-", " ")
