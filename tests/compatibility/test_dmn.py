"""The exported DMN is read by the standard's own model (dmn-moddle) and answered by another FEEL (feelin) as the engine answers."""

import json
import subprocess
from pathlib import Path

import pytest

from reports.export.dmn_jdm import OUTPUTS, answer_of, dmn
from sop_engine import ENGINE, EVERY_CASE, Reading
from tests.support.npm_tools import node, package

ANSWER = """
import {{readFileSync}} from 'node:fs'
import {{DmnModdle}} from {moddle}
import {{evaluate, unaryTest}} from {feelin}

const {{rootElement, warnings}} = await new DmnModdle().fromXML(readFileSync('model.dmn', 'utf8'))
const decision = rootElement.drgElement.find(each => each.$type === 'dmn:Decision')
const {{hitPolicy, input, output, rule}} = decision.decisionLogic
const value = (text, facts) => {{
  const answer = evaluate(text, facts)
  if (answer.warnings.length) throw new Error(text + ': ' + answer.warnings[0].message)
  return answer.value
}}
const fits = (facts, {{inputEntry}}) => input.every(({{inputExpression}}, place) =>
  unaryTest(inputEntry[place].text, {{...facts, '?': value(inputExpression.text, facts)}}).value)
const answers = JSON.parse(readFileSync('cases.json', 'utf8')).map(facts =>
  rule.filter(each => fits(facts, each)).map(each =>
    Object.fromEntries(output.map(({{name}}, place) => [name, value(each.outputEntry[place].text, facts)]))))
console.log(JSON.stringify({{warnings: warnings.map(String), hitPolicy, answers}}))
"""


@pytest.mark.parametrize("reading", Reading)
def test_every_case_is_answered_alike_from_the_exported_dmn(reading: Reading, tmp_path: Path) -> None:
    moddle, feelin = (json.dumps((package(name) / "dist" / "index.js").as_uri()) for name in ("dmn-moddle", "feelin"))
    (tmp_path / "answer.mjs").write_text(ANSWER.format(moddle=moddle, feelin=feelin), encoding="utf-8")
    (tmp_path / "model.dmn").write_text(dmn(reading), encoding="utf-8")
    (tmp_path / "cases.json").write_text(json.dumps([case.facts for case in EVERY_CASE]), encoding="utf-8")
    done = subprocess.run([node(), "answer.mjs"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    output = json.loads(done.stdout)

    assert (output["warnings"], output["hitPolicy"]) == ([], "UNIQUE")
    for case, answers in zip(EVERY_CASE, output["answers"], strict=True):
        assert answers == [dict(zip(OUTPUTS, answer_of(ENGINE.decide(case, reading)), strict=True))], case
