"""The two readings of the SOP in one page: what differs is there twice, and a control hides one of the two.

The control is a pair of radio buttons and needs no script: the style sheet shows what has the class of the chosen reading (`CLASSES`). A
script only reads the choice from the address and writes it there.
"""

import msgspec

from sop_engine import Reading

MEANINGS = {
    Reading.AS_PRACTISED: "the clauses of the SOP, and our reading of each gap where they do not decide",
    Reading.AS_WRITTEN: "the clauses of the SOP alone; where they do not decide, the answer is open",
}
"""The readings in the order in which pages offer them; the first is the default."""
CLASSES = {Reading.AS_PRACTISED: "in-p", Reading.AS_WRITTEN: "in-w"}
"""The class of what a page shows in one reading only."""


class Choice(msgspec.Struct, frozen=True):
    """One of the two readings in the control at the top of a page: its id there, its class, its name, its meaning and the name of the other one."""

    id: str
    layer: str
    name: str
    meaning: str
    other: str


def choices() -> tuple[Choice, ...]:
    """Return both readings; the first is chosen unless the address names the other one."""
    return tuple(
        Choice(str(reading), CLASSES[reading], name_of(reading), meaning, name_of(other_reading(reading)))
        for reading, meaning in MEANINGS.items()
    )


def address(page: str, reading: Reading) -> str:
    """Return the address of *page* in *reading*: ``the-sop.html``, ``the-sop.html?reading=as-written``."""
    return page if reading is Reading.AS_PRACTISED else f"{page}?reading={reading}"


def other_reading(reading: Reading) -> Reading:
    """Return the other reading."""
    return next(candidate for candidate in MEANINGS if candidate is not reading)


def name_of(reading: Reading) -> str:
    """Return the reading's name in words."""
    return str(reading).replace("-", " ")
