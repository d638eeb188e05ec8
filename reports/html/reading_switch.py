"""The two readings of the SOP as two addresses of one page, so that the choice can be sent and printed, and needs no script."""

from dataclasses import dataclass

from sop_engine import Reading

MEANINGS = {
    Reading.AS_PRACTISED: "the clauses of the SOP, and our reading of each gap where they do not decide",
    Reading.AS_WRITTEN: "the clauses of the SOP alone; where they do not decide, the answer is open",
}
"""The readings in the order in which pages offer them; the first is the default."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the two readings in the control at the top of a page; ``chosen`` on the page that shows it."""

    name: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ReadingControl:
    """The reading of a page, its meaning, and the control with a link to the other reading."""

    reading: Reading
    name: str
    meaning: str
    choices: tuple[Choice, ...]
    other: str
    other_href: str


def address(page: str, reading: Reading) -> str:
    """Return the file of *page* in *reading*: ``the-sop.html``, ``the-sop-as-written.html``."""
    return page if reading is Reading.AS_PRACTISED else f"{page.removesuffix('.html')}-{reading}.html"


def reading_control(page: str, reading: Reading) -> ReadingControl:
    """Return the control of *page* in *reading*."""
    other = other_reading(reading)
    choices = tuple(Choice(name_of(choice), address(page, choice), choice is reading) for choice in MEANINGS)
    return ReadingControl(reading, name_of(reading), MEANINGS[reading], choices, name_of(other), address(page, other))


def other_reading(reading: Reading) -> Reading:
    """Return the other reading."""
    return next(candidate for candidate in MEANINGS if candidate is not reading)


def name_of(reading: Reading) -> str:
    """Return the reading's name in words."""
    return str(reading).replace("-", " ")
