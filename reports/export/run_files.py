"""Write a run for other tools, from its record and its durations: JUnit XML, Cucumber Messages and Cucumber JSON.

JUnit XML is written from the record as it is. The other two need the tree of every feature file, which costs a tenth to
a third of the run itself: they are written only on request.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from reports.export.junit import junit_xml
from reports.html.output import write_file
from sop_runs.record.durations import read_durations
from sop_runs.record.reader import RunRecord, read_record
from sop_runs.record.verdict import Verdict, judge

MESSAGES, CUCUMBER_JSON, JUNIT = "messages.ndjson", "cucumber.json", "junit.xml"
ALL = (MESSAGES, CUCUMBER_JSON, JUNIT)


def write_exports(  # noqa: PLR0913 - what can be asked for
    run_dir: Path,
    names: Collection[str] = ALL,
    out: Path | None = None,
    *,
    root: str = "features",
    record: RunRecord | None = None,
    verdict: Verdict | None = None,
    started: datetime | None = None,
) -> tuple[Path, ...]:
    """Write the files *names* of the run in *run_dir* and return their paths; the same record and durations give the same bytes.

    Args:
        run_dir: the folder of the run.
        names: which of `ALL`.
        out: where to; into the folder of the run if not given.
        root: the folder of the features as the export names it, such as ``features``.
        record: the record of that run, where it has been read.
        verdict: the verdict on the run; the record alone is judged if not given.
        started: the moment at which the messages begin; the epoch if not given.

    Raises:
        RunRecordError: the record or the durations cannot be read.
        ReportError: a file cannot be written; none is left half written.
    """
    record, folder, written = record or read_record(run_dir), out or run_dir, []
    verdict, durations = verdict or judge(record), read_durations(run_dir, record)
    if JUNIT in names:
        written.append(write_file(folder / JUNIT, junit_xml(record, root=root, verdict=verdict, durations=durations), "file"))
    if MESSAGES in names or CUCUMBER_JSON in names:
        from reports.export.cucumber_json import cucumber_json  # noqa: PLC0415 - slow to import, and written only on request
        from reports.export.cucumber_messages import EPOCH, messages_of  # noqa: PLC0415 - as above
        from reports.export.cucumber_run import cucumber_run  # noqa: PLC0415 - as above
        from reports.export.step_definitions import read_sentences  # noqa: PLC0415 - as above

        run = cucumber_run(record, read_sentences(run_dir), root=root, verdict=verdict, durations=durations)
        if CUCUMBER_JSON in names:
            written.append(write_file(folder / CUCUMBER_JSON, _json_lines([cucumber_json(run)]), "file"))
        if MESSAGES in names:
            written.append(write_file(folder / MESSAGES, _json_lines(messages_of(run, started or EPOCH)), "file"))
    return tuple(written)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False).encode


def _json_lines(plain: Iterable[Any]) -> Iterator[bytes]:
    return (_encode(node).encode("utf-8", "backslashreplace") + b"\n" for node in plain)
