"""Calls of a run to the server that it tested, in a file beside the record; they differ from run to run, so the record does not have them."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from sop_engine.files import write_atomically
from sop_engine.input_files import UnreadableFileError, read_json
from sop_engine.text import counted, visible

DRIVER_CALLS = "driver.json"


class DriverCalls(msgspec.Struct, frozen=True):
    """Host and port of the server, how many calls were made and sent again, and the operations that were given up as not answered in time.

    *unknown_offers* are words of a newer contract that it offers and this program does not know.
    """

    address: str
    calls: int = 0
    retries: int = 0
    given_up: tuple[str, ...] = ()
    unknown_offers: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The numbers in words: ``127.0.0.1:8322, 1,200 calls, 2 sent again``."""
        again = f", {self.retries:,} sent again" if self.retries else ""
        return f"{visible(self.address)}, {counted(self.calls, 'call')}{again}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the run must know about the server besides."""
        notes = []
        if self.given_up:
            notes.append(f"not answered in time several times in a row, and then not called again: {', '.join(self.given_up)}")
        if self.unknown_offers:
            notes.append(f"offered by it and unknown to this program, so not tested: {', '.join(self.unknown_offers)}")
        return tuple(notes)


def write_driver_calls(calls: DriverCalls, folder: Path) -> None:
    """Write *calls* beside the record in *folder*."""
    write_atomically(folder / DRIVER_CALLS, msgspec.json.format(msgspec.json.encode(calls), indent=1) + b"\n")


def all_calls(parts: Sequence[DriverCalls]) -> DriverCalls:
    """Return the calls of several runs together."""
    addresses = ", ".join(dict.fromkeys(part.address for part in parts))
    given_up, unknown = (
        tuple(sorted({name for part in parts for name in getattr(part, field)})) for field in ("given_up", "unknown_offers")
    )
    return DriverCalls(addresses, sum(part.calls for part in parts), sum(part.retries for part in parts), given_up, unknown)


def read_driver_calls(folder: Path) -> DriverCalls | None:
    """Read the calls of the run in *folder*; None if it tested no server, or the file cannot be used."""
    try:
        return msgspec.convert(read_json(folder / DRIVER_CALLS, ""), DriverCalls)
    except (UnreadableFileError, msgspec.ValidationError):
        return None
