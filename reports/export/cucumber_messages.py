"""A run record as a stream of Cucumber Messages.

The record has no date and names no machine, and so has the stream: it begins at the epoch, unless a start is given, its examples
run one after another for as long as their steps took, ids are counted, and the machine is *not recorded*. A step without a
measured duration takes none.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from reports.export.cucumber_run import CucumberExample, CucumberFeature, CucumberRun
from reports.export.gherkin_tree import Node
from reports.export.outcomes import PASSED, UNDEFINED, CucumberResult
from sop_runs.problem import Problem
from sop_runs.record.verdict_text import reason_texts

PROTOCOL = "34.2.1"
"""Version of the format that is written."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOT_RECORDED = {"name": "not recorded"}


def messages_of(run: CucumberRun, started: datetime = EPOCH) -> Iterator[Node]:
    """Yield the envelopes in the order in which Cucumber itself sends them."""
    now = int(started.timestamp()) * 1_000_000_000
    yield {
        "meta": {
            "protocolVersion": PROTOCOL,
            "implementation": {"name": "sop-spec"},
            "runtime": {"name": "Python"},
            "os": NOT_RECORDED,
            "cpu": NOT_RECORDED,
        }
    }
    for feature in run.features:
        yield from _feature_envelopes(feature)
    for definition in run.definitions:
        yield {"stepDefinition": definition}
    run_id = run.ids.take()
    yield {"testRunStarted": {"id": run_id, "timestamp": _time(now)}}
    cases = [
        (example, _test_case(example, run_id, run))
        for feature in run.features
        for example in feature.examples
        if example.outcomes is not None
    ]
    for example, case in cases:
        yield {"testCase": case}
        yield from ({"suggestion": suggestion} for suggestion in _suggestions(example, run))
    for example, case in cases:
        yield from _execution_envelopes(example, case, run.ids.take(), now)
        now += sum(filter(None, example.durations))
    finished = {"testRunStartedId": run_id, "timestamp": _time(now), "success": run.verdict.good}
    yield {"testRunFinished": {**finished, **({} if run.verdict.good else {"message": "; ".join(reason_texts(run.verdict))})}}


def _feature_envelopes(exported: CucumberFeature) -> Iterator[Node]:
    feature = exported.feature
    yield {"source": {"uri": exported.uri, "data": feature.text, "mediaType": "text/x.cucumber.gherkin+plain"}}
    if exported.tree is None:
        for finding in feature.findings:
            yield {"parseError": _parse_error(finding, exported.uri)}
        return
    yield {"gherkinDocument": exported.tree}
    for example in exported.examples:
        yield {"pickle": example.pickle}


def _parse_error(finding: Problem, uri: str) -> Node:
    place = {"line": finding.line, "column": finding.column}
    return {"source": {"uri": uri, "location": place}, "message": str(finding)}


def _test_case(example: CucumberExample, run_id: str, run: CucumberRun) -> Node:
    case_id = run.ids.take()
    steps = [
        {"id": run.ids.take(), "pickleStepId": step["id"], **_bound(match, outcome)}
        for step, match, outcome in zip(example.pickle["steps"], example.matches, example.outcomes or (), strict=True)
    ]
    return {"id": case_id, "pickleId": example.pickle["id"], "testRunStartedId": run_id, "testSteps": steps}


def _bound(match: Node, outcome: CucumberResult) -> Node:
    """Return the step definitions of a step; one that was defined when it ran is not reported as undefined."""
    if outcome.status == UNDEFINED:
        return {"stepDefinitionIds": [], "stepMatchArgumentsLists": []}
    return match if match and match["stepDefinitionIds"] else {}


def _suggestions(example: CucumberExample, run: CucumberRun) -> Iterator[Node]:
    """Yield the beginning of a step definition for each step that matches no step sentence."""
    kinds = [step.kind for step in example.scenario.steps] if example.scenario else []
    for kind, step, outcome in zip(kinds, example.pickle["steps"], example.outcomes or (), strict=True):
        if outcome.status == UNDEFINED:
            hint = "".join(f"# {line}\n" for line in outcome.message.splitlines())
            code = f"{hint}@{kind}({json.dumps(step['text'], ensure_ascii=False)})\ndef _() -> None: ..."
            yield {"id": run.ids.take(), "pickleStepId": step["id"], "snippets": [{"language": "python", "code": code}]}


def _execution_envelopes(example: CucumberExample, case: Node, started: str, now: int) -> Iterator[Node]:
    """Yield the messages of one example that begins at *now*, in nanoseconds."""
    yield {"testCaseStarted": {"id": started, "testCaseId": case["id"], "attempt": 0, "timestamp": _time(now)}}
    for step, outcome, duration in zip(case["testSteps"], example.outcomes or (), example.durations, strict=True):
        place = {"testCaseStartedId": started, "testStepId": step["id"]}
        yield {"testStepStarted": {**place, "timestamp": _time(now)}}
        now += duration or 0
        yield {"testStepFinished": {**place, "timestamp": _time(now), "testStepResult": _result(outcome, duration or 0)}}
    yield {"testCaseFinished": {"testCaseStartedId": started, "timestamp": _time(now), "willBeRetried": False}}


def _time(nanoseconds: int) -> Node:
    """Return a timestamp or a duration."""
    return dict(zip(("seconds", "nanos"), divmod(nanoseconds, 1_000_000_000), strict=True))


def _result(outcome: CucumberResult, duration: int) -> Node:
    result: Node = {"status": outcome.status, "duration": _time(duration)}
    if outcome.message and outcome.status != PASSED:
        result["message"] = outcome.message
    if outcome.kind:
        result["exception"] = {"type": outcome.kind, "message": outcome.message}
    return result
