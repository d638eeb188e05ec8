"""A run as JUnit XML, for the test pages of CI systems.

There is one ``testsuite`` for each feature file and one ``testcase`` for each example. ``file`` and ``line`` have its
place, as for GitLab, GitHub's report actions, CircleCI and pytest (Jenkins ignores them). ``time`` is in seconds; the times
of the cases add up to that of their suite, and these to the total. A file with findings is one erroneous test case, and its
examples are skipped. A run that did not end is one too, because a missing result could be taken for a success; so is a run with
examples that are not supported, which are skipped with the reason, unless the user has accepted that.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from reports.document.verdict_band import run_level_messages
from reports.export.case_names import FINDINGS, RUN_CASE, CaseNames, attribute_for_xml, case_names, group_of, text_for_xml
from reports.export.outcomes import outcomes_of, reason_not_run
from sop_engine.text import visible
from sop_runs.record.durations import Durations
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import FeatureRecord, ScenarioRecord
from sop_runs.record.status import FAILED, NOT_SUPPORTED, UNEXPECTED_PASS, as_expected, expected_to_fail, ran
from sop_runs.record.verdict import Verdict, judge


class TestCase(Struct, frozen=True):
    """One ``testcase``.

    *result* is failure, error or skipped, or nothing for one that passed; *time* is in microseconds, None if the run has no durations.
    """

    group: str
    name: str
    file: str
    line: int
    result: str = ""
    type: str = ""
    message: str = ""
    text: str = ""
    time: int | None = None


def junit_xml(record: RunRecord, *, root: str = "features", verdict: Verdict | None = None, durations: Durations | None = None) -> bytes:
    """Format the document; it has no host name, so the same record and durations give the same bytes.

    Args:
        record: the run record.
        root: the folder of the features, as the export names it.
        verdict: the verdict on the run; the record alone is judged if not given.
        durations: the durations of the steps; without them no case has a time.
    """
    by_path: dict[str, list[ScenarioRecord]] = {feature.path: [] for feature in record.features}
    for scenario in record.scenarios:
        by_path[scenario.feature].append(scenario)
    names, suites = case_names(record), []
    for feature in record.features:
        file = PurePosixPath(root, feature.path).as_posix()
        suites.append((file, list(_cases(feature, file, by_path[feature.path], names, durations))))
    reasons = run_level_messages(verdict or judge(record))
    if reasons:
        case = TestCase("run", RUN_CASE, "", 0, "error", "run", reasons[0], "\n".join(reasons), _time_of(None, durations))
        suites.append(("run", [case]))
    every = [case for _, cases in suites for case in cases]
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f'<testsuites name="specification" {_count_attributes(every)}>']
    for name, cases in suites:
        if cases:
            lines += [
                f"<testsuite name={attribute_for_xml(name)} {_count_attributes(cases, skipped=True)}>",
                *_cases_xml(cases),
                "</testsuite>",
            ]
    return ("\n".join([*lines, "</testsuites>"]) + "\n").encode("utf-8")


def _cases(
    feature: FeatureRecord, file: str, scenarios: Iterable[ScenarioRecord], names: CaseNames, durations: Durations | None
) -> Iterator[TestCase]:
    """Yield the cases of a file."""
    group, findings = group_of(file), feature.findings
    if findings:
        text = "\n".join(visible(finding.with_version_option().at(file)) for finding in findings)
        name, time = names[feature.path, FINDINGS], _time_of(None, durations)
        yield TestCase(group, name, file, findings[0].line, "error", "lint", findings[0].message, text, time)
    for scenario in scenarios:
        case = TestCase(group, names[scenario.key], file, scenario.place, time=_time_of(scenario.key, durations))
        if ran(scenario):
            yield _test_case_that_ran(case, scenario)
        elif scenario.status == NOT_SUPPORTED:
            text = "\n".join(outcome.message for outcome in outcomes_of(scenario) if outcome.message)
            yield replace(case, result="skipped", type=NOT_SUPPORTED, message=text.partition("\n")[0], text=text)
        elif findings:
            yield replace(case, result="skipped", type="lint", message="the file has findings", text=reason_not_run(feature))


def _time_of(key: tuple[str, str] | None, durations: Durations | None) -> int | None:
    """Return the time of an example in whole microseconds, so that times add up; one that did not run took none."""
    return None if durations is None else round(sum(durations.get(key, ()) if key else ()) / 1_000)


def _test_case_that_ran(case: TestCase, scenario: ScenarioRecord) -> TestCase:
    """Return the first failed step, with the expected and the actual value."""
    is_as_expected = as_expected(scenario)
    if is_as_expected and not expected_to_fail(scenario):
        return case
    outcomes = outcomes_of(scenario)
    if is_as_expected:
        failure = next((outcome.message for outcome in outcomes if outcome.message), "")
        return replace(case, result="skipped", type="expected", message=failure.partition("\n")[0], text=failure)
    bad = next((number for number, outcome in enumerate(outcomes) if outcome.failed), None)
    if bad is None:
        return replace(case, result="error", type=scenario.status, message="it did not pass, and no step has a message")
    step, outcome = scenario.steps[bad], outcomes[bad]
    at = f"{case.file}:{step.line}: {outcome.kind}: {step.keyword.strip()} {step.text}"
    message = outcome.message.partition("\n")[0] or at
    result = "failure" if outcome.kind in {FAILED, UNEXPECTED_PASS} else "error"
    return replace(case, result=result, type=outcome.kind, message=message, text=f"{at}\n{outcome.message}".rstrip())


def _cases_xml(cases: Sequence[TestCase]) -> Iterator[str]:
    """Yield the elements of the cases of one file."""
    group, file = attribute_for_xml(cases[0].group), attribute_for_xml(cases[0].file)
    for case in cases:
        place = f' file={file} line="{case.line}"' if case.file else ""
        yield _case_xml(case, f"<testcase classname={group} name={attribute_for_xml(case.name)}{place}{_time_attribute([case])}")


def _case_xml(case: TestCase, head: str) -> str:
    if not case.result:
        return f"{head}/>"
    result = f"<{case.result} type={attribute_for_xml(case.type)} message={attribute_for_xml(case.message)}>{text_for_xml(case.text)}</{case.result}>"
    return f"{head}>{result}</testcase>"


def _count_attributes(cases: list[TestCase], *, skipped: bool = False) -> str:
    names = {"tests": "", "failures": "failure", "errors": "error"} | ({"skipped": "skipped"} if skipped else {})
    counts = " ".join(f'{name}="{sum(not kind or case.result == kind for case in cases)}"' for name, kind in names.items())
    return counts + _time_attribute(cases)


def _time_attribute(cases: Sequence[TestCase]) -> str:
    """Return the attribute ``time`` in seconds for the sum of *cases*; empty if the run has no durations."""
    times = [case.time for case in cases if case.time is not None]
    seconds, microseconds = divmod(sum(times), 1_000_000)
    return f' time="{seconds}.{microseconds:06d}"' if times or not cases else ""
