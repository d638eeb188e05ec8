"""Small run records for the tests of `reports`: real Gherkin, invented results.

The four feature files in ``tests/samples`` together have every status of a scenario. `RESULTS` has the result of
each scenario by its name (of an outline's row by name and first cell).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from typing import Any

from gherkin.parser import Parser

from sop_engine import load_rulebook

SAMPLES = Path(__file__).parents[1] / "samples"
Line = dict[str, Any]

RULEBOOK: Line = json.loads((SAMPLES / "rulebook.json").read_text(encoding="utf-8"))

STATUSES = ("passed", "failed", "undefined", "ambiguous", "broken", "not-run")
PASSED: Mapping[str, Any] = {"status": "passed"}
RESULTS: dict[tuple[str, ...], Mapping[str, Any]] = {
    ("A part of a FULFILLABLE order", "posted"): {
        "status": "failed",
        "step": 3,
        "expected": "fails on screen",
        "actual": "allowed",
        "message": "the cancellation is allowed (SC-ERP-PART-1.2.1), expected fails on screen",
    },
    ("A part of a FULFILLABLE order", "pushed"): {
        "status": "failed",
        "step": 4,
        "expected": 3,
        "actual": 2,
        "message": "the order keeps 2 units, expected 3",
    },
    ("Too late once packed",): {
        "status": "failed",
        "step": 3,
        "expected": "refused",
        "actual": "allowed",
        "message": "the cancellation is allowed, expected refused",
    },
    ("The client credits the e-invoice by hand",): {
        "status": "failed",
        "step": 4,
        "cell": [1, 0],
        "expected": "must",
        "actual": "may",
        "message": "the credit note is a thing the client may make, expected must",
    },
    ("The report lists what was cancelled after posting",): {
        "status": "failed",
        "step": 2,
        "expected": [["A-1", "Ajio"]],
        "actual": [["A-1", "seller"]],
        "message": "the report has 1 row that was not expected and lacks 1",
    },
    ("A sentence nobody knows",): {
        "status": "undefined",
        "step": 2,
        "message": "no sentence reads like this; the nearest is: the order stays packed",
    },
    ("A sentence two bindings know",): {
        "status": "ambiguous",
        "step": 2,
        "message": "steps/order_life.py:12 and steps/cancellation.py:40 both match",
    },
    ("A binding that breaks",): {"status": "broken", "step": 0, "message": "ValueError: units must be positive"},
    ("The reporting screen has the report",): {"status": "not-run"},
}


def feature_texts() -> dict[str, str]:
    """Return path and text of every sample feature, in path order."""
    files = sorted(SAMPLES.rglob("*.gherkin"))  # by another name, so that `sop verify` of this project names nothing beside its features
    return {file.relative_to(SAMPLES).with_suffix(".feature").as_posix(): file.read_text(encoding="utf-8") for file in files}


def record(  # noqa: PLR0913 - a run has this many things that can go wrong
    texts: Mapping[str, str] | None = None,
    results: Mapping[tuple[str, ...], Mapping[str, Any]] = RESULTS,
    findings: Sequence[Line] = (),
    selection: Line | None = None,
    state: str | None = "complete",
    keep: int | None = None,
    rulebook: Line = RULEBOOK,
) -> list[Line]:
    """Return the lines of a run, for a test to corrupt: the first *keep* scenarios; *state* None leaves out the closing."""
    texts = feature_texts() if texts is None else texts
    named = {"name": rulebook["name"], "sha256": rulebook["sha256"]}
    hashes = {path: sha256(text.encode()).hexdigest() for path, text in texts.items()}
    spoiled = {finding["path"] for finding in findings}
    documents = {path: parse(path, text) for path, text in texts.items()}
    features = [
        {
            "type": "feature",
            "path": path,
            "sha256": hashes[path],
            "text": text,
            "document": documents[path],
            "findings": [finding for finding in findings if finding["path"] == path],
        }
        for path, text in texts.items()
    ]
    written = [instance for path, document in documents.items() for instance in _instances(path, document)]
    scenarios = [
        _scenario_line(example, {"status": "not-run"} if example["feature"] in spoiled else _result(example, results))
        for example in written
    ]
    scenarios = scenarios[:keep]
    executed = [scenario for scenario in scenarios if scenario["status"] != "not-run"]
    passed = sum(example["status"] == "passed" for example in executed)
    manifest = {
        "type": "manifest",
        "version": 2,
        "state": "running",
        "reading": "as-practised",
        "features": hashes,
        "rulebook": named,
        "code": {"packages": {"steps": "0" * 64}, "libraries": {"pytest": "9.0"}},
        "selection": selection,
        "written": len(written),
        "expected": len(executed) if state == "complete" else len(written),
    }
    counts = {
        "written": len(written),
        "expected": manifest["expected"],
        "executed": len(executed),
        "passed": passed,
        "failed": len(executed) - passed,
    }
    closing = [{"type": "closing", "state": state, "counts": counts, "findings": len(findings)}] if state else []
    return deepcopy([manifest, {"type": "rulebook", **rulebook}, *features, *scenarios, *closing])


def end(scenario: Line, status: str) -> None:
    """Let an example end with *status* at its last step, with the claims that follow from it."""
    steps = scenario["steps"]
    scenario["status"] = status
    for step in steps if status == "not-run" else steps[-1:]:
        step["status"] = status
    if status == "failed":
        scenario["claims"][-1] |= {"expected": "something else", "holds": False}
    else:
        kept = [] if status == "not-run" else [claim for claim in scenario["claims"] if claim["step"] != len(steps) - 1]
        scenario["claims"] = kept
        for number, step in enumerate(steps):
            step["claims"] = [index for index, claim in enumerate(kept) if claim["step"] == number]


def count(lines: list[Line]) -> list[Line]:
    """Let the closing line count the other lines."""
    scenarios = [line for line in lines if line["type"] == "scenario"]
    executed, passed = (sum(line["status"] not in without for line in scenarios) for without in ({"not-run"}, {*STATUSES} - {"passed"}))
    findings = len(lines[0].get("binding_findings", ())) + sum(len(line["findings"]) for line in lines if line["type"] == "feature")
    counts = {"written": lines[0]["written"], "expected": lines[0]["expected"]}
    lines[-1] |= {"counts": counts | {"executed": executed, "passed": passed, "failed": executed - passed}, "findings": findings}
    return lines


def write(lines: Sequence[Line], folder: Path) -> Path:
    """Write *lines* as ``run.ndjson`` into *folder*, beside a list of no sentences."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "steps.json").write_text('{"version": 1, "sentences": []}', encoding="utf-8")
    file = folder / "run.ndjson"
    file.write_bytes(b"".join(dump(line) for line in lines))
    return file


def own_run(folder: Path) -> Path:
    """Write a run with the project's own rulebook, so that all cases can be shown."""
    rulebook = load_rulebook()
    lines = record(rulebook=rulebook.to_plain())
    lines[0]["rulebook"]["sha256"] = rulebook.sha256
    return write(lines, folder)


def dump(line: Line) -> bytes:
    """Format one line as the recorder does."""
    return json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def parse(path: str, text: str) -> Line:
    """Return the plain document of a feature file."""
    feature: Any = Parser().parse(text)["feature"]
    background = None
    children = []
    for child in feature["children"]:
        if "background" in child:
            background = _background(child["background"])
        elif "rule" in child:
            children.append(_rule(path, child["rule"]))
        else:
            children.append(_scenario(path, "", child["scenario"]))
    return {
        "language": feature["language"],
        "tags": _tags(feature),
        "name": feature["name"],
        "description": feature["description"],
        "line": feature["location"]["line"],
        "comments": [],
        "background": background,
        "children": children,
    }


def _tags(node: Any) -> list[str]:
    return [tag["name"] for tag in node["tags"]]


def _rule(path: str, rule: Any) -> Line:
    backgrounds = [child["background"] for child in rule["children"] if "background" in child]
    return {
        "kind": "rule",
        "line": rule["location"]["line"],
        "tags": _tags(rule),
        "name": rule["name"],
        "description": rule["description"],
        "background": _background(backgrounds[0]) if backgrounds else None,
        "children": [_scenario(path, rule["name"], child["scenario"]) for child in rule["children"] if "scenario" in child],
    }


def _background(node: Any) -> Line:
    return {
        "line": node["location"]["line"],
        "name": node["name"],
        "description": node["description"],
        "steps": [_step(step) for step in node["steps"]],
    }


def _scenario(path: str, rule: str, node: Any) -> Line:
    examples = []
    for block in node["examples"]:
        header = [cell["value"] for cell in block["tableHeader"]["cells"]]
        rows = [
            {
                "line": row["location"]["line"],
                "cells": (cells := [cell["value"] for cell in row["cells"]]),
                "instance": identifier(path, rule, node["name"], cells),
            }
            for row in block["tableBody"]
        ]
        examples.append(
            {
                "line": block["location"]["line"],
                "tags": _tags(block),
                "name": block["name"],
                "description": block["description"],
                "header": header,
                "header_line": block["tableHeader"]["location"]["line"],
                "rows": rows,
            }
        )
    return {
        "kind": "scenario",
        "keyword": node["keyword"],
        "line": node["location"]["line"],
        "tags": _tags(node),
        "name": node["name"],
        "description": node["description"],
        "steps": [_step(step) for step in node["steps"]],
        "examples": examples,
        "instance": None if examples else identifier(path, rule, node["name"], []),
    }


def _step(node: Any) -> Line:
    table = node.get("dataTable")
    return {
        "line": node["location"]["line"],
        "column": node["location"]["column"],
        "keyword": node["keyword"],
        "text": node["text"],
        "table": [[cell["value"] for cell in row["cells"]] for row in table["rows"]] if table else None,
        "table_lines": [row["location"]["line"] for row in table["rows"]] if table else [],
        "docstring": node["docString"]["content"] if "docString" in node else None,
    }


def identifier(path: str, rule: str, name: str, cells: Sequence[str]) -> str:
    """Return a stable id, made from the content and not from the place."""
    digest = sha256("\0".join((path, rule, name, *cells)).encode()).hexdigest()[:8]
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] + "-" + digest


def _instances(path: str, document: Line) -> Iterator[Line]:
    outer = document["background"]["steps"] if document["background"] else []
    for child in document["children"]:
        if child["kind"] == "scenario":
            yield from _of_scenario(path, None, child, outer, document["tags"])
            continue
        steps = outer + (child["background"]["steps"] if child["background"] else [])
        for scenario in child["children"]:
            yield from _of_scenario(path, child["name"], scenario, steps, document["tags"] + child["tags"])


def _of_scenario(path: str, rule: str | None, node: Line, outer: list[Line], tags: list[str]) -> Iterator[Line]:
    steps = outer + node["steps"]
    base = {"feature": path, "rule": rule, "line": node["line"], "written": steps}
    if node["instance"]:
        own = {"id": node["instance"], "name": node["name"], "outline": None, "row": None, "values": {}}
        yield base | own | {"tags": tags + node["tags"]}
    for block in node["examples"]:
        for row in block["rows"]:
            values = dict(zip(block["header"], row["cells"], strict=True))
            own = {"id": row["instance"], "name": node["name"], "outline": node["name"], "row": row["line"]}
            yield base | own | {"values": values, "tags": tags + node["tags"] + block["tags"]}


def _result(instance: Line, results: Mapping[tuple[str, ...], Mapping[str, Any]]) -> Mapping[str, Any]:
    first = next(iter(instance["values"].values()), None)
    return results.get((instance["name"], str(first)), results.get((instance["name"],), PASSED))


def _scenario_line(instance: Line, result: Mapping[str, Any]) -> Line:
    """Return the scenario line of one instance, with one claim for each check that was reached."""
    steps: list[Line] = []
    claims: list[Line] = []
    kind = "given"
    for index, written in enumerate(instance["written"]):
        kind = {"Given": "given", "When": "when", "Then": "then"}.get(written["keyword"].strip(), kind)
        bad = result.get("step")
        status = "passed" if bad is None or index < bad else "skipped"
        status = result["status"] if index == bad else status
        status = "not-run" if result["status"] == "not-run" else status
        columns = [name for name in instance["values"] if f"<{name}>" in written["text"]]
        made = _claims(instance, written, index, status, columns, result) if kind == "then" else []
        steps.append(
            {
                "line": written["line"],
                "keyword": written["keyword"],
                "text": _filled(written["text"], instance["values"]),
                "kind": kind,
                "columns": columns,
                "table": written["table"],
                "docstring": written["docstring"],
                "status": status,
                "error": None
                if index != bad
                else {"message": result["message"], "expected": result.get("expected"), "actual": result.get("actual")},
                "claims": list(range(len(claims), len(claims) + len(made))),
            }
        )
        claims += made
    fields = {name: value for name, value in instance.items() if name not in ("written", "values")}
    return {"type": "scenario", **fields, "status": result["status"], "steps": steps, "claims": claims}


def _claims(instance: Line, written: Line, index: int, status: str, columns: Sequence[str], result: Mapping[str, Any]) -> list[Line]:  # noqa: PLR0913 - as record
    base: Line = {
        "subject": {"kind": "case", "facts": {}},
        "reading": "as-practised",
        "facet": "outcome",
        "holds": True,
        "cell": None,
        "step": index,
    }
    if status == "failed" and "cell" not in result:
        return [base | {"holds": False, "expected": result["expected"], "actual": result["actual"]}]
    if status not in ("passed", "failed"):
        return []
    if written["text"].startswith("the decision cites "):
        cited = written["text"].rpartition(" ")[2]
        return [base | {"facet": "clause", "expected": cited, "actual": cited}]
    if written["table"]:
        cells = [(row, column) for row, line in enumerate(written["table"]) for column in range(len(line))]
        made = [
            base | {"expected": (text := written["table"][row][column]), "actual": text, "cell": [row, column]} for row, column in cells
        ]
        for claim in made:
            if status == "failed" and claim["cell"] == result["cell"]:
                claim |= {"holds": False, "actual": result["actual"]}
        return made
    value = instance["values"][columns[0]] if columns else written["text"].rpartition(" ")[2]
    return [base | {"expected": value, "actual": value}]


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"<{name}>", value)
    return text
