"""The decision table in the formats of other engines: DMN 1.3 (an OMG standard) and JDM (JSON of GoRules).

Cases with the same answer are combined to one rule, in which a fact may have several values; every case matches exactly one rule.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from sop_engine import ENGINE, EVERY_CASE, FACTS, Decision, Reading
from sop_engine.case import FACT_TYPES

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
OUTPUTS = ("outcome", "tasks", "clauses", "gaps")
DECISION_NAME = "Cancellation"

FactWords = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: the possible values of each fact, and the answer as texts named by `OUTPUTS`."""

    words: FactWords
    answer: tuple[str, ...]


def rules(reading: Reading) -> tuple[Rule, ...]:
    """Combine all decisions of *reading* to disjoint rules: for one fact after another, rules that differ only in it are merged."""
    merged = [Rule(tuple((word,) for word in case.facts.values()), answer_of(ENGINE.decide(case, reading))) for case in EVERY_CASE]
    for place in reversed(range(len(FACTS))):
        groups: dict[tuple[FactWords, FactWords, tuple[str, ...]], list[str]] = {}
        for rule in merged:
            groups.setdefault((rule.words[:place], rule.words[place + 1 :], rule.answer), []).extend(rule.words[place])
        merged = [Rule((*before, _words_in_order(place, words), *after), answer) for (before, after, answer), words in groups.items()]
    return tuple(merged)


def _words_in_order(place: int, words: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(word) for word in FACT_TYPES[FACTS[place]] if word in words)


def answer_of(decision: Decision) -> tuple[str, ...]:
    """Return outcome, tasks (*modality task*, with when if not now; ``none`` if nothing is to be done, ``open`` if open), clauses, gaps."""
    tasks = "open" if decision.tasks is None else "; ".join(task.cell for task in decision.tasks) or "none"
    return str(decision.outcome), tasks, " ".join(decision.clauses), " ".join(decision.gaps)


def dmn(reading: Reading) -> str:
    """Format as DMN 1.3: five inputs, one decision table with the hit policy *unique*."""
    ET.register_namespace("", DMN)
    top = _element(None, "definitions", id="sop", name=f"SOP for clients, {reading}", namespace="urn:sop-spec:clients-v1")
    for name in FACTS:
        input_data = _element(top, "inputData", id=f"input_{name}", name=name)
        _element(input_data, "variable", id=f"variable_{name}", name=name, typeRef="string")
    decision = _element(top, "decision", id="cancellation", name=DECISION_NAME)
    _element(decision, "variable", id="variable_cancellation", name=DECISION_NAME)
    for name in FACTS:
        requirement = _element(decision, "informationRequirement", id=f"need_{name}")
        _element(requirement, "requiredInput", href=f"#input_{name}")
    table = _element(decision, "decisionTable", id="table", hitPolicy="UNIQUE")
    for name, kind in FACT_TYPES.items():
        column = _element(table, "input", id=f"column_{name}", label=name)
        expression = _element(column, "inputExpression", id=f"asked_{name}", typeRef="string")
        _element(expression, "text").text = name
        _element(_element(column, "inputValues", id=f"words_{name}"), "text").text = _feel(map(str, kind))
    for name in OUTPUTS:
        _element(table, "output", id=f"output_{name}", label=name, name=name, typeRef="string")
    for number, rule in enumerate(rules(reading), start=1):
        row = _element(table, "rule", id=f"rule_{number}")
        for name, words in zip(FACTS, rule.words, strict=True):
            entry = _element(row, "inputEntry", id=f"rule_{number}_{name}")
            _element(entry, "text").text = "-" if len(words) == len(FACT_TYPES[name]) else _feel(words)
        for name, text in zip(OUTPUTS, rule.answer, strict=True):
            entry = _element(row, "outputEntry", id=f"rule_{number}_{name}")
            _element(entry, "text").text = _feel([text])
    ET.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="unicode")


def _element(parent: ET.Element | None, kind: str, /, **attributes: str) -> ET.Element:
    tag = f"{{{DMN}}}{kind}"
    return ET.Element(tag, attributes) if parent is None else ET.SubElement(parent, tag, attributes)


def _feel(words: Iterable[str]) -> str:
    """Format text literals of FEEL, which are those of JSON."""
    return ",".join(json.dumps(word, ensure_ascii=False) for word in words)


def jdm(reading: Reading) -> str:
    """Format as JDM: input, one decision table, output."""
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in FACTS],
        "outputs": [{"id": name, "name": name, "field": name} for name in OUTPUTS],
        "rules": [
            {
                "_id": f"rule-{number}",
                **{
                    name: "" if len(words) == len(FACT_TYPES[name]) else ", ".join(json.dumps(word) for word in words)
                    for name, words in zip(FACTS, rule.words, strict=True)
                },
                **{name: json.dumps(text) for name, text in zip(OUTPUTS, rule.answer, strict=True)},
            }
            for number, rule in enumerate(rules(reading), start=1)
        ],
    }
    model = {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "Case", "position": {"x": 100, "y": 100}},
            {"id": "table", "type": "decisionTableNode", "name": DECISION_NAME, "position": {"x": 400, "y": 100}, "content": table},
            {"id": "out", "type": "outputNode", "name": "Decision", "position": {"x": 700, "y": 100}},
        ],
        "edges": [
            {"id": "in-table", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "table-out", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }
    return json.dumps(model, ensure_ascii=False, indent=1)
