"""What a person chose for the columns of each file, as the page sends it. Loads no library of audits."""

import msgspec

More = str | int | bool | list[str] | dict[str, list[str] | dict[str, list[str]]]
"""A value of a key of a mapping file."""


class ChosenColumn(msgspec.Struct, forbid_unknown_fields=True):
    """A column for *target*, by its name; by its letter if the name is empty, because the header has it twice.

    Attributes:
        words: what its words mean, besides those that the profile knows.
        formats, zone: of a column of times, if they are not those of the source.
    """

    target: str
    name: str
    letter: str = ""
    words: dict[str, str | int] = {}
    formats: list[str] = []
    zone: str = ""


class ClaimedDays(msgspec.Struct, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """What a file holds completely, and for which days."""

    first: str
    last: str
    of: str


class ChosenSource(msgspec.Struct, forbid_unknown_fields=True):
    """How a file, or a sheet of it, is read.

    Attributes:
        file: id of the file.
        profile: the shipped profile that it follows; empty for a table that none fits.
        columns: all columns that are read.
        values: what stands for a column of the mapping in every row.
        left_out: columns of the mapping that are not read although the profile knows a name of the file for them.
        formats: of dates; none if they are those of the profile.
        zone: of times; empty if it is that of the profile.
        confirmed: whether the person has confirmed it.
        more: further keys of the source, as a mapping file has them, such as ``header`` and ``numbers``.
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
    values: dict[str, str | int] = {}
    more: dict[str, More] = {}


class ChosenSettings(msgspec.Struct, forbid_unknown_fields=True):
    """What is chosen for all files.

    Attributes:
        invoicing: where e-invoices are made; or the column of all files that says so, as a mapping file has it.
        as_of: day of the audit; empty for the latest one in the files.
        stock_in_erp: whether a return without an inward PO or a GRN is a finding.
        days: the most days between two events of an order that are not those of the program, by the name of the key of the mapping file.
        reading: of the SOP, as practised or as written.
        vms_from, vms_to: first and last day of the list of orders cancelled after posting; both are empty for all days.
    """

    invoicing: str | dict[str, str | list[str] | dict[str, str]] = "unknown"
    as_of: str = ""
    stock_in_erp: bool = False
    days: dict[str, int] = {}
    reading: str = "as-practised"
    vms_from: str = ""
    vms_to: str = ""
