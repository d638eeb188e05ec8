"""What speaks against a run, as far as its record knows; a run against which nothing speaks is good."""

from collections.abc import Iterator, Sequence

from reports.messages.outcomes import as_expected, ran
from reports.record import RunRecord
from reports.status import counted


def reasons_of(record: RunRecord) -> tuple[str, ...]:
    """Why the run is not good, in sentences."""
    return tuple(_reasons(record))


def _reasons(record: RunRecord) -> Iterator[str]:
    executed = [scenario for scenario in record.scenarios if ran(scenario)]
    wrong = sum(not as_expected(scenario) for scenario in executed)
    findings = sum(len(feature["findings"]) for feature in record.features)
    expected = record.manifest["expected"]
    after = f"after {len(executed):,} of {counted(expected, 'example')}"
    if record.state == "incomplete":
        yield f"the run did not end: it was killed or broke off {after}"
    elif record.state == "interrupted":
        yield f"the run was interrupted {after}"
    elif len(executed) != expected:
        yield f"{counted(expected, 'example')} should have run, {len(executed):,} did"
    if wrong:
        yield f"{counted(wrong, 'example')} did not end as expected"
    if findings:
        yield f"{counted(findings, 'finding')} in the feature files"
    if not expected:
        yield "there is nothing to run"


def unsaid_of(record: RunRecord, reasons: Sequence[str]) -> tuple[str, ...]:
    """The *reasons* that no example and no file shows, for formats that know nothing above them."""
    wrong = any(ran(scenario) and not as_expected(scenario) for scenario in record.scenarios)
    shown = wrong or any(feature["findings"] for feature in record.features)
    return () if shown and record.state == "complete" else tuple(reasons)
