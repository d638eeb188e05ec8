"""Durations of the steps of a run, in a file beside the record: they differ from run to run, and the record does not.

A line has one example that ran, and the duration of each of its steps in nanoseconds. A run without the file has no durations.
"""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from sop_engine.input_files import UnreadableFileError, read_bytes
from sop_runs.errors import RunRecordError
from sop_runs.record.reader import RunRecord, mismatch

DURATIONS = "durations.ndjson"
_REMEDY = "run `sop verify` again, or delete this file; the files for other tools then have no durations"

Durations = dict[tuple[str, str], tuple[int, ...]]
"""Nanoseconds of each step, by feature and id of the example."""


class ExampleDurations(Struct, frozen=True):
    """The durations of one example, in nanoseconds."""

    feature: str
    id: str
    steps: tuple[Annotated[int, Meta(ge=0, le=10**18)], ...]


_decoder = msgspec.json.Decoder(ExampleDurations)


def read_durations(folder: Path, record: RunRecord) -> Durations | None:
    """Return the durations of the run in *folder*, which has *record*; None if it has no such file, as after it was killed.

    Raises:
        RunRecordError: a line has no durations, or those of an example that is not in the record.
    """
    try:
        lines = read_bytes(folder / DURATIONS, _REMEDY).splitlines()
    except UnreadableFileError as error:
        if error.is_missing:
            return None
        raise RunRecordError(DURATIONS, f"the file cannot be read: {error.reason}", _REMEDY) from None
    steps = {scenario.key: len(scenario.steps) for scenario in record.scenarios}
    durations: Durations = {}
    for number, line in enumerate(lines, 1):
        place = f"{DURATIONS}:{number}"
        try:
            example = _decoder.decode(line)
        except msgspec.ValidationError as error:
            raise RunRecordError(place, mismatch(error, "the line"), _REMEDY) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise RunRecordError(place, "the line is not JSON", _REMEDY) from None
        key = example.feature, example.id
        if steps.get(key) != len(example.steps) or key in durations:
            raise RunRecordError(place, f"these are not the steps of an example of the record: {example.feature}, {example.id}", _REMEDY)
        durations[key] = example.steps
    return durations
