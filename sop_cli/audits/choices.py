"""What a person chose for the columns of each file, as the page sends it. Loads no library of audits."""

import msgspec


class ChosenColumn(msgspec.Struct, forbid_unknown_fields=True):
    """A column for *target*, by its name; by its letter if the name is empty, because the header has it twice."""

    target: str
    name: str
    letter: str = ""


class ClaimedDays(msgspec.Struct, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """What a file holds completely, and for which days."""

    first: str
    last: str
    of: str


class ChosenSource(msgspec.Struct, forbid_unknown_fields=True):
    """How a file, or a sheet of it, is read.

    Attributes:
        file: id of the file.
        columns: all columns that are read.
        left_out: columns of the mapping that are not read although the profile knows a name of the file for them.
        formats: of dates; none if they are those of the profile.
        zone: of times; empty if it is that of the profile.
        confirmed: whether the person has confirmed it.
    """

    file: str
    profile: str
    columns: list[ChosenColumn]
    confirmed: bool
    sheet: str | None = None
    encoding: str | None = None
    left_out: list[str] = []
    formats: list[str] = []
    zone: str = ""
    complete: ClaimedDays | None = None
