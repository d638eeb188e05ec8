"""Sentences of the scenario report about a study, and studies with a growing queue."""

import json
from typing import Any

from reports.scenario.headlines import answer_sentences
from tests.support.study_samples import queue, stability, study, typed


def sentences(plain: dict[str, Any]) -> list[str]:
    return ["".join(part.text for part in sentence).replace("\N{NO-BREAK SPACE}", " ") for sentence in answer_sentences(typed(plain))]


def unsteady(kind: str, measures: dict[str, Any], **queues: Any) -> dict[str, Any]:
    """A study whose variants have the queues of *queues*, by name of the variant without its space."""
    plain = json.loads(json.dumps(study(kind, measures)))
    for variant in plain["variants"]:
        queues_of = queues.get(variant["name"].replace(" ", ""), [])
        variant["stability"] = stability(queue("pickers", "steady"), *queues_of)
    return plain
