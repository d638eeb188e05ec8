"""Engines that are not ours answer all 256 cases as ours does, from the models that we export."""

import json
import warnings
from importlib import import_module
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reports.export.dmn_jdm import DMN, OUTPUTS, answer_of, dmn, jdm, rules
from sop_cli.main import main
from sop_engine import ENGINE, EVERY_CASE, FACTS, Reading
from sop_engine.case import FACT_TYPES
from sop_engine.reader import read_rulebook

READINGS = pytest.mark.parametrize("reading", Reading)


@READINGS
def test_every_case_fits_exactly_one_rule(reading: Reading) -> None:
    fitting = [
        [rule for rule in rules(reading) if all(word in words for word, words in zip(case.key, rule.words, strict=True))]
        for case in EVERY_CASE
    ]

    assert {len(fitting_rules) for fitting_rules in fitting} == {1}
    assert [fitting_rules[0].answer for fitting_rules in fitting] == [answer_of(ENGINE.decide(case, reading)) for case in EVERY_CASE]
    assert len(rules(reading)) < 100


@READINGS
def test_zen_engine_answers_alike(reading: Reading) -> None:
    zen = pytest.importorskip("zen")
    decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(jdm(reading)) if hasattr(zen, "ZenDecisionContent") else jdm(reading))

    for case in EVERY_CASE:
        answer = decision.evaluate(case.facts)["result"]
        assert tuple(answer[name] for name in OUTPUTS) == answer_of(ENGINE.decide(case, reading)), case


@pytest.mark.slow
@READINGS
def test_rule_engine_answers_alike(reading: Reading) -> None:
    engine = pytest.importorskip("rule_engine")
    asked = [
        (engine.Rule(" and ".join(f"{name} in {json.dumps(words)}" for name, words in zip(FACTS, rule.words, strict=True))), rule.answer)
        for rule in rules(reading)
    ]

    for case in EVERY_CASE:
        assert [answer for rule, answer in asked if rule.matches(case.facts)] == [answer_of(ENGINE.decide(case, reading))], case


@pytest.mark.skipif(
    find_spec("pyDMNrules") is None, reason="pyDMNrules is not installed; it takes half a minute to start, so only at night"
)
@READINGS
def test_pydmnrules_answers_alike(reading: Reading, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = import_module("pyDMNrules")
        file = tmp_path / "model.dmn"
        file.write_text(dmn(reading), encoding="utf-8")
        engine = module.DMN()
        status = engine.loadXML(str(file))
        assert "errors" not in status, status
        for case in EVERY_CASE:
            status, results = engine.decide(dict(case.facts))
            assert "errors" not in status, (status, case)
            last = results[-1] if isinstance(results, list) else results
            assert tuple(str(last["Result"][name]) for name in OUTPUTS) == answer_of(ENGINE.decide(case, reading)), case


def test_plain_enumeration_of_the_registers_finds_every_case_answered() -> None:
    """Without the engine's settling: every case of the stages that the SOP names has a sentence or a declared gap."""
    rulebook = read_rulebook()
    silent = []
    for values in product(*FACT_TYPES.values()):
        facts = dict(zip(FACTS, map(str, values), strict=True))
        speaking = [s for s in rulebook.clauses if s.subject == "case" and s.outcome is not None and covers(s.when.facts, facts)]
        declared = [
            g for g in rulebook.gaps if g.subject == "case" and g.when is not None and g.aspect == "verdict" and covers(g.when.facts, facts)
        ]
        if not speaking and not declared:
            silent.append(facts)

    assert silent == []


def covers(when: object, facts: dict[str, str]) -> bool:
    return all(facts[name] in words for name, words in dict(when).items())  # type: ignore[call-overload]


def test_the_model_is_dmn_1_3_with_a_unique_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", "--format", "dmn"]) == 0
    top = ET.fromstring(capsys.readouterr().out)  # noqa: S314

    assert top.tag == f"{{{DMN}}}definitions"
    table = top.find(f".//{{{DMN}}}decisionTable")
    assert table is not None
    assert table.get("hitPolicy") == "UNIQUE"
    ids = [element.get("id") for element in top.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    hrefs = {element.get("href") for element in top.iter(f"{{{DMN}}}requiredInput")}
    assert {f"#{element.get('id')}" for element in top.iter(f"{{{DMN}}}inputData")} == hrefs


def test_the_jdm_model_is_json_with_one_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", "--format", "jdm", "--reading", "as-written"]) == 0
    model = json.loads(capsys.readouterr().out)

    assert [node["type"] for node in model["nodes"]] == ["inputNode", "decisionTableNode", "outputNode"]
