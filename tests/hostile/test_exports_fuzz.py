"""Whatever is typed into a feature file, a run of it can be exported to other tools, in the words that the run would use."""

import json
import os
import random
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from msgspec.json import decode

from reports.export.cucumber_json import cucumber_json
from reports.export.cucumber_messages import messages_of
from reports.export.cucumber_run import cucumber_run
from reports.export.junit import junit_xml
from reports.export.run_files import _json_lines
from sop_runs.problem import Problem
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import CodeRecord, Counts, FeatureRecord, Line, Manifest, NamedHash
from sop_runs.record.verdict import Reason, ReasonKind, Verdict
from steps.language.document import FeatureSource, source_of
from steps.run.recorder import dump, scenario_record
from tests.support.fuzzing.features import feature as spoilt_feature

ROUNDS = int(os.environ.get("MESSAGES_FUZZ_ROUNDS", "120"))
BATCHES = 2
ANY = Problem("x.feature", 1, 1, "no-then", "m", "r")
UNSOUND = Verdict("complete", Counts(), (Reason(ReasonKind.FINDINGS, 1, 1),))


def record_of(source: FeatureSource, findings: list[Problem]) -> RunRecord:
    """A run of one file, of which nothing ran, after a journey through JSON."""
    instances = source.document.examples if source.document else ()
    feature = FeatureRecord(source.path, source.sha256, source.text, source.document and source.document.recorded, findings)
    lines: list[Any] = [decode(dump(line), type=Line) for line in (feature, *(scenario_record(instance, None) for instance in instances))]
    manifest = Manifest(
        version=2,
        state="running",
        reading="as-practised",
        features={},
        rulebook=NamedHash("x", "0" * 64),
        code=CodeRecord({}, {}),
        selection=None,
        written=len(instances),
        expected=0,
    )
    return RunRecord(manifest, None, lines[:1], lines[1:])


@pytest.mark.parametrize("batch", range(BATCHES))
def test_an_export_reports_a_spoilt_feature_in_the_words_of_the_run(batch):
    rng = random.Random(batch)  # noqa: S311 - repeatable, not secret
    count = 0
    for _ in range(ROUNDS // BATCHES):
        text = spoilt_feature(rng)
        source, findings = source_of(text, "x.feature")
        record = record_of(source, findings or [ANY])
        run = cucumber_run(record, verdict=UNSOUND)
        messages = [json.loads(line) for line in _json_lines(messages_of(run))]
        pickles = [message["pickle"] for message in messages if "pickle" in message]
        instances = source.document.examples if source.document else ()

        assert [(p["name"], [step["text"] for step in p["steps"]]) for p in pickles] == [
            (i.name, [step.text for step in i.steps]) for i in instances
        ], text
        assert [tuple(dict.fromkeys(tag["name"] for tag in p["tags"])) for p in pickles] == [i.tags for i in instances], text
        elements = [element for feature in cucumber_json(run) for element in feature["elements"]]
        assert len(elements) == sum(bool(i.steps) for i in instances) + 1, text
        cases = list(ET.fromstring(junit_xml(record, verdict=UNSOUND)).iter("testcase"))  # noqa: S314 - our own
        assert len(cases) == len(instances) + 1, text
        count += len(instances)
    assert count > 0
