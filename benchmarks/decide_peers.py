"""Contenders of `decide.py`: the engine's own look-ups, and rule engines with the same decisions as rules.

Each peer gets the decision table twice: one rule for each case, and merged into as few rules as a simple greedy pass
finds, which is the form that a person would write and in which the peer is fastest.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import rule_engine  # type: ignore[import-untyped]
import zen

from sop_engine import EVERY_CASE, FACTS, Decision, decide, decide_each, decide_mapping

Facts = dict[str, str]
Answer = tuple[str, tuple[str, ...] | None]


@dataclass(frozen=True)
class Rule:
    """Rule: the answer to every case whose facts all have one of the given words."""

    words: tuple[frozenset[str], ...]
    answer: Answer


@dataclass(frozen=True)
class Contender:
    """Contender: a function that decides many cases, and one that reads outcome and tasks from its result."""

    name: str
    decide: Callable[[Sequence[Facts]], list[Any]]
    answer: Callable[[Any], Answer]


def contenders() -> list[Contender]:
    """Return the contenders: first those of the engine, then the peers, each with the fastest form of its API."""
    rows = row_by_row()
    few = merged(rows)
    return [
        Contender("sop_engine, one by one", lambda cases: [decide_mapping(case) for case in cases], answer_of),
        Contender("sop_engine, in bulk", lambda cases: list(decide_each(cases)), answer_of),
        zen_engine(f"zen-engine, {len(few)} merged rows", few),
        zen_engine(f"zen-engine, {len(rows)} rows", rows),
        rule_engine_rules(f"rule-engine, {len(few)} merged rules", few),
        rule_engine_rules(f"rule-engine, {len(rows)} rules", rows),
    ]


def answer_of(decision: Decision) -> Answer:
    """Return outcome and tasks as texts, the tasks as *modality task*."""
    tasks = None if decision.tasks is None else tuple(f"{task.modality} {task.task}" for task in decision.tasks)
    return str(decision.outcome), tasks


def row_by_row() -> list[Rule]:
    """Return one rule for each of the 256 cases, as practised."""
    return [Rule(tuple(frozenset([word]) for word in case.facts.values()), answer_of(decide(case))) for case in EVERY_CASE]


def merged(rules: list[Rule]) -> list[Rule]:
    """Merge rules with the same decisions: fact by fact, rules that differ only in it become one."""
    for fact in reversed(range(len(FACTS))):
        groups: dict[tuple[Any, ...], set[str]] = {}
        for rule in rules:
            other_words = rule.words[:fact] + rule.words[fact + 1 :]
            groups.setdefault((other_words, rule.answer), set()).update(rule.words[fact])
        rules = [
            Rule((*other_words[:fact], frozenset(words), *other_words[fact:]), answer) for (other_words, answer), words in groups.items()
        ]
    return rules


VOCABULARY = tuple(frozenset(case.facts[name] for case in EVERY_CASE) for name in FACTS)


def zen_engine(name: str, rules: list[Rule]) -> Contender:
    """Make a JDM decision table, hit policy *first*, parsed once and served by a loader."""
    columns = [{"id": fact, "name": fact, "field": fact} for fact in FACTS]
    outputs = [{"id": part, "name": part, "field": part} for part in ("outcome", "tasks")]
    table = {
        "hitPolicy": "first",
        "inputs": columns,
        "outputs": outputs,
        "rules": [
            {
                "_id": str(number),
                **{
                    fact: "" if words == vocabulary else ", ".join(json.dumps(word) for word in sorted(words))
                    for fact, words, vocabulary in zip(FACTS, rule.words, VOCABULARY, strict=True)
                },
                "outcome": json.dumps(rule.answer[0]),
                "tasks": json.dumps(rule.answer[1]),
            }
            for number, rule in enumerate(rules)
        ],
    }
    place = {"x": 0, "y": 0}
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "case", "position": place},
            {"id": "table", "type": "decisionTableNode", "name": "sop", "position": place, "content": table},
            {"id": "out", "type": "outputNode", "name": "decision", "position": place},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }
    content = zen.ZenDecisionContent(json.dumps(graph))
    engine = zen.ZenEngine({"loader": lambda _key: content})

    def answer(response: dict[str, Any]) -> Answer:
        result = response["result"]
        # A null output is left out of the result.
        tasks = result.get("tasks")
        return result.get("outcome", "no rule"), None if tasks is None else tuple(tasks)

    return Contender(name, lambda cases: [engine.evaluate("sop", case) for case in cases], answer)


def rule_engine_rules(name: str, rules: list[Rule]) -> Contender:
    """Make typed rules, tried in order until one matches."""
    context = rule_engine.Context(
        type_resolver=rule_engine.type_resolver_from_dict(dict.fromkeys(FACTS, rule_engine.DataType.STRING)),
        resolver=rule_engine.resolve_item,
    )
    compiled = [(rule_engine.Rule(_expression(rule), context=context), rule.answer) for rule in rules]

    def decide_one(case: Facts) -> Answer:
        return next((answer for rule, answer in compiled if rule.matches(case)), ("no rule", None))

    return Contender(name, lambda cases: [decide_one(case) for case in cases], lambda answer: answer)


def _expression(rule: Rule) -> str:
    tests = []
    for fact, words, vocabulary in zip(FACTS, rule.words, VOCABULARY, strict=True):
        if words == vocabulary:
            continue
        listed = [json.dumps(word) for word in sorted(words)]
        tests.append(f"{fact} == {listed[0]}" if len(listed) == 1 else f"{fact} in [{', '.join(listed)}]")
    return " and ".join(tests) or "true"
