"""A run as JUnit XML, for the test pages of CI systems.

One ``testsuite`` for each feature file and one ``testcase`` for each example, which says where it is written: ``file``
and ``line`` stand where GitLab, GitHub's report actions, CircleCI and pytest's own files have them (Jenkins reads past
them). A file with findings is one erroneous test case, and its examples are skipped. A run that did not end is one too:
a reader must not take silence for success.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from xml.sax.saxutils import escape, quoteattr

from reports.messages.against import reasons_of, unsaid_of
from reports.messages.outcomes import PASSED, SKIPPED, finding_line, outcomes_of, passed, ran, why_not
from reports.record import RunRecord
from sop_engine.run_record import Feature, Scenario

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot say, not even escaped."""


@dataclass(frozen=True, slots=True)
class Case:
    """One ``testcase``; *result* is failure, error or skipped, or nothing for one that passed."""

    group: str
    name: str
    file: str
    line: int
    result: str = ""
    type: str = ""
    message: str = ""
    text: str = ""


def junit_xml(record: RunRecord, *, root: str = "features", reasons: Sequence[str] | None = None) -> bytes:
    """The document. It has neither clock nor host name: same record, same bytes.

    Args:
        record: the run record.
        root: the folder of the features, as CI should be told it.
        reasons: what speaks against the run; the record is asked if not given.
    """
    by_path: dict[str, list[Scenario]] = {feature["path"]: [] for feature in record.features}
    for scenario in record.scenarios:
        by_path[scenario["feature"]].append(scenario)
    suites = []
    for feature in record.features:
        file = PurePosixPath(root, feature["path"]).as_posix()
        suites.append((file, list(_cases(feature, file, by_path[feature["path"]]))))
    unsaid = unsaid_of(record, reasons_of(record) if reasons is None else reasons)
    if unsaid:
        suites.append(("run", [Case("run", "The run is good", "", 0, "error", "run", unsaid[0], "\n".join(unsaid))]))
    every = [case for _, cases in suites for case in cases]
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f'<testsuites name="specification" {_counts(every)}>']
    for name, cases in suites:
        if cases:
            lines += [f"<testsuite name={_quoted(name)} {_counts(cases, skipped=True)}>", *map(_case, cases), "</testsuite>"]
    return ("\n".join([*lines, "</testsuites>"]) + "\n").encode("utf-8")


def _cases(feature: Feature, file: str, scenarios: Iterable[Scenario]) -> Iterator[Case]:
    group = ".".join(PurePosixPath(file).with_suffix("").parts)
    findings, cells = feature["findings"], _cells(feature)
    if findings:
        text = "\n".join(map(finding_line, findings))
        yield Case(group, "The file is sound", file, findings[0]["line"], "error", "lint", findings[0]["message"], text)
    for scenario in scenarios:
        values = f" ({', '.join(cells.get(scenario['id'], ()))})" if scenario["row"] else ""
        rule = f"{scenario['rule']}: " if scenario["rule"] else ""
        case = Case(group, f"{rule}{scenario['name']}{values}", file, scenario["row"] or scenario["line"])
        if ran(scenario):
            yield _ran(case, scenario)
        elif findings:
            yield replace(case, result="skipped", type="lint", message="the file is not sound", text=why_not(feature))


def _cells(feature: Feature) -> dict[str, list[str]]:
    """The cells of each row of Examples, by the id of its example."""
    children = feature["document"]["children"] if feature["document"] else []
    scenarios = [scenario for child in children for scenario in (child["children"] if child["kind"] == "rule" else [child])]
    return {row["instance"]: row["cells"] for scenario in scenarios for table in scenario["examples"] for row in table["rows"]}


def _ran(case: Case, scenario: Scenario) -> Case:
    """What decided: the first step that went wrong, with what was expected and what came."""
    outcomes = outcomes_of(scenario)
    bad = [number for number, outcome in enumerate(outcomes) if outcome.status not in {PASSED, SKIPPED}]
    known = [outcome.message for outcome in outcomes if outcome.message]
    if not bad and known:
        return replace(case, result="skipped", type="expected", message=known[0].partition("\n")[0], text=known[0])
    if not bad and passed(scenario):
        return case
    if not bad:
        return replace(case, result="error", type=scenario["status"], message="it did not pass, and no step says why")
    step, outcome = scenario["steps"][bad[0]], outcomes[bad[0]]
    at = f"{case.file}:{step['line']}: {outcome.kind}: {step['keyword'].strip()} {step['text']}"
    message = outcome.message.partition("\n")[0] or at
    result = "failure" if outcome.kind in {"failed", "passes"} else "error"
    return replace(case, result=result, type=outcome.kind, message=message, text=f"{at}\n{outcome.message}".rstrip())


def _case(case: Case) -> str:
    place = f" file={_quoted(case.file)}" + f' line="{case.line}"' if case.file else ""
    head = f"<testcase classname={_quoted(case.group)} name={_quoted(case.name)}{place}"
    if not case.result:
        return f"{head}/>"
    what = f"<{case.result} type={_quoted(case.type)} message={_quoted(case.message)}>{escape(_legal(case.text))}</{case.result}>"
    return f"{head}>{what}</testcase>"


def _counts(cases: list[Case], *, skipped: bool = False) -> str:
    names = {"tests": "", "failures": "failure", "errors": "error"} | ({"skipped": "skipped"} if skipped else {})
    return " ".join(f'{name}="{sum(not kind or case.result == kind for case in cases)}"' for name, kind in names.items())


def _quoted(text: str) -> str:
    return quoteattr(_legal(text))


def _legal(text: str) -> str:
    """*text* with what XML cannot say written as an escape of Python's."""
    return _ILLEGAL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
