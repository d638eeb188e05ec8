"""A ninth stage that only the register of a version has, through the commands: proved, run, compared, approved, shown, served."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from sop_engine.register.new_version import begin_version
from sop_engine.stages import LIFE_NAMES
from sop_engine.versions import CLAUSES, DEFAULT, VARIABLE, shipped
from tests.support.audit_files import make_examples
from tests.support.on_hold import FEATURE, GAP, NAME, STAGE, WORDS, changed, with_on_hold
from tests.support.versions import sop

ROOT = Path(__file__).parents[2]
VERSION = ("--rulebook", "clients_v2")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the specification with the version before its stage in a git repository, and with its stage since; it ran and is approved."""
    folder = tmp_path_factory.mktemp("place")
    shutil.copytree(ROOT / "features", folder / "features")
    version, _ = begin_version("clients_v2", shipped() / DEFAULT, folder / "rulebook")
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "Begin version 2"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    with_on_hold(version)
    (folder / "features" / "beyond_the_sop" / "on_hold.feature").write_text(FEATURE, encoding="utf-8")
    status, out, err = sop(folder, "verify", *VERSION)
    assert status == 0, out + err
    return folder


@pytest.fixture(scope="module")
def approved(place: Path) -> Path:
    """Return the place after its baseline was approved."""
    status, out, err = sop(place, "approve", "--yes", *VERSION)
    assert (status, "584 answers" in out + err) == (0, True), out + err
    return place


def inside(place: Path, code: str) -> object:
    """Return what *code* prints as JSON in a process that reads the version."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: "clients_v2"}
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=place, env=environment, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# Answers


def test_a_case_of_the_stage_is_answered_in_the_version_only(place: Path) -> None:
    case = ["decide", "--canceller", "seller", "--scope", "full", "--invoicing", "ERP", "--stage", NAME]
    status, out, _ = sop(place, *case, *VERSION)

    assert (status, out.splitlines()[1]) == (1, "refused  (the SOP says so: SC-ERP-FULL-4)")
    status, _, err = sop(place, *case)
    assert (status, f"unknown word `{NAME}`" in err) == (2, True)
    status, _, err = sop(place, *case[:-1], "ONHOLD", *VERSION)
    assert (status, f"did you mean `{NAME}`?" in err) == (2, True)


def test_the_table_has_288_cases_in_the_order_of_the_stages(place: Path) -> None:
    rows = [*csv.DictReader(io.StringIO(sop(place, "table", "--format", "csv", *VERSION)[1]))]
    stages = list(dict.fromkeys(row["stage"] for row in rows))

    assert (len(rows), sum(row["stage"] == NAME for row in rows)) == (288, 32)
    assert stages[3:6] == ["PROCESSING", NAME, "PACKED"]
    for form in ("dmn", "jdm"):
        assert NAME in sop(place, "table", "--format", form, *VERSION)[1]
    first = [*csv.DictReader(io.StringIO(sop(place, "table", "--format", "csv")[1]))]
    assert [row for row in rows if row["stage"] != NAME] == first


def test_step_sentences_have_the_word(place: Path) -> None:
    assert f"PROCESSING | {NAME} | PACKED" in sop(place, "steps", "--find", "the order is", *VERSION)[1]
    assert NAME not in sop(place, "steps", "--find", "the order is")[1]
    assert sop(place, "lint", *VERSION)[0] == sop(place, "lint")[0] == 0


# Comparison


def test_two_versions_are_compared_case_by_case(place: Path) -> None:
    difference = json.loads(sop(place, "diff", DEFAULT, "clients_v2", "--format", "json")[1])
    other_process = json.loads(sop(place, "diff", DEFAULT, "clients_v2", "--format", "json", *VERSION)[1])

    assert difference == other_process
    assert (difference["changed"], difference["new"]) == (0, 64)
    assert {word for answer in difference["answers"] for word in answer["facts"]["stage"]} == {NAME}
    assert all(answer["before"] is None and answer["after"]["outcome"] for answer in difference["answers"])
    assert sum(answer["situations"] * len(answer["readings"]) for answer in difference["answers"]) == 64
    assert {"id": NAME, "kind": "new", "file": None, "line": None, "parts": []} in difference["texts"]
    out = sop(place, "diff", "clients_v2", DEFAULT)[1]
    assert f"gone: seller / full / ERP / {NAME} (4 cases, as written and as practised)" in out
    assert out.splitlines()[-1].startswith(f"7 texts changed; 64 answers of the stage {NAME} are gone between")


def test_a_git_revision_may_have_other_stages(place: Path) -> None:
    status, out, err = sop(place, "diff", "HEAD", *VERSION)

    assert (status, err) == (1, "")
    assert f"64 answers of the stage {NAME} are new" in out.splitlines()[-1]
    assert f"new: Ajio / partial / RMS / {NAME} (4 cases, as practised)\n  outcome   refused\n  tasks     nothing to do\n" in out


# The gate


def test_the_gate_is_open_with_every_change_of_the_rulebook_detected(approved: Path) -> None:
    status, out, err = sop(approved, "gate", *VERSION)

    assert status == 0, out + err
    assert "512 of 512 asserted by passed examples; examples cover 288 of 288 cases" in out
    assert "0 of 584 answers changed" in out
    assert re.search(r"changes of the rulebook: ([\d,]+) of \1 detected", out)
    assert sop(approved, "mutate", *VERSION)[0] == 0


def test_the_gate_asks_for_an_example_of_each_answer_to_the_stage_and_names_new_answers(approved: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(approved, copy)
    second = f"{STAGE}{STAGE.replace(NAME, 'LOST')}"
    gap = GAP.replace("GAP-58", "GAP-59").replace(NAME, "LOST").replace('canceller = "Ajio", ', "").replace("cases = 16", "cases = 32")
    changed(copy / "rulebook" / "clients_v2", (STAGE, second))
    with (copy / "rulebook" / "clients_v2" / "gaps.toml").open("a", encoding="utf-8") as register:
        register.write(gap)
    assert sop(copy, "verify", "--no-docs", *VERSION)[0] == 0
    status, out, _ = sop(copy, "gate", *VERSION)

    assert status == 1
    assert "512 of 640 asserted" in out
    assert "0 of 584 answers changed, 64 new" in out
    assert "new: seller / full / ERP / LOST (4 cases, as practised)" in out
    assert "gap GAP-59" in out or "GAP-59: " in out


# Pages, workbench, server


def test_the_pages_show_the_stage_with_its_words(place: Path) -> None:
    site = place / "build" / "site"
    tables, life = ((site / f"{name}.html").read_text(encoding="utf-8") for name in ("decision-tables", "order-life"))

    assert len(re.findall(rf"<code>{NAME}</code>(?:</dt>)?<dd>{WORDS}", tables)) == 1
    assert len(re.findall(rf">{NAME}</span>", tables)) == 8
    assert f"{NAME} ({WORDS}). No step here leads there" in life
    assert f"> {NAME}</label>" in (site / "index.html").read_text(encoding="utf-8")
    changes = (site / "changes.html").read_text(encoding="utf-8")
    assert f"64 answers of the stage {NAME} are new" in changes
    assert f"{NAME}, any state of the e-invoice" in changes


def test_the_workbench_answers_a_case_of_the_stage_and_writes_its_example(place: Path) -> None:
    facts = {"canceller": "seller", "scope": "full", "invoicing": "RMS", "stage": NAME, "e_invoice": "pushed"}
    code = f"""
import json
from sop_cli.web.screens import case
from sop_engine import EVERY_CASE
data, facts = case.answers(), {facts!r}
print(json.dumps([[words for name, words, *_ in data["facts"] if name == "stage"], len(data["cases"]["as-practised"]),
  [str(EVERY_CASE[number]) for number in data["off"] if EVERY_CASE[number].stage == "ON_HOLD"],
  case.examples({{name: [word] for name, word in facts.items()}}, "as-practised")]))
"""
    stages, count, called_impossible, examples = inside(place, code)  # type: ignore[misc]

    assert (stages[0][4], count, called_impossible) == (NAME, 288, [])
    assert "on_hold.feature" in json.dumps(examples)


def test_a_server_of_the_version_publishes_and_answers_the_stage(place: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: "clients_v2"}
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "sop_cli", "serve", "--port", "0"],
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline() if server.stdout else "")
        assert address is not None
        with urlopen(f"{address[0]}/v1/openapi.json") as published:  # noqa: S310 - always http
            assert json.load(published)["components"]["schemas"]["Stage"]["enum"][4] == NAME
        body = json.dumps({"requests": [{"possible": {"canceller": ["seller"], "stage": [NAME]}}]}).encode()
        with urlopen(Request(f"{address[0]}/v1/decisions", body, {"Content-Type": "application/json"})) as answered:  # noqa: S310
            decisions = json.load(answered)["answers"][0]["decisions"]
        assert {(decision["case"]["stage"], decision["outcome"]) for decision in decisions} == {(NAME, "refused")}
        status, out, err = sop(place, "verify", "--no-docs", "-t", "not @audit", "--driver", address[0], *VERSION)
        assert status == 0, out + err
    finally:
        server.terminate()
        server.communicate()


# What still needs Python

LIFE = """Feature: Held back

  Scenario: An order is held back
    Given an order of 1 unit, invoiced through RMS
    And the order has been packed
    When the seller cancels the order
    Then the request is refused
    And the order is ON_HOLD
"""
REPORT = """Feature: Held back

  Scenario: A report of an order that is held back
    Given these orders, invoiced through the client's ERP
      | order | posted           | cancelled        | by   |
      | A-1   | 2026-05-03 09:00 | 2026-05-03 10:00 | Ajio |
    When the client downloads the report of orders cancelled after posting, from 2026-05-01 to 2026-05-31
    Then the report lists
      | order | stage   |
      | A-1   | ON_HOLD |
"""


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        (
            LIFE,
            "no step of an order leads to ON_HOLD, which only the register of the version has; write the case, with `Given the order is ON_HOLD`",
        ),
        (REPORT, "ON_HOLD"),
    ],
)
def test_a_feature_that_asks_for_an_orders_way_there_is_one_error_and_never_green(
    place: Path, tmp_path: Path, feature: str, reason: str
) -> None:
    shutil.copytree(place / "rulebook", tmp_path / "rulebook")
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "a.feature").write_text(feature, encoding="utf-8")
    status, out, err = sop(tmp_path, "verify", "--no-docs", *VERSION)

    assert status == 1, out + err
    assert reason in out
    assert "passed" not in out.partition("✗")[0]


def test_real_orders_have_the_stages_of_an_orders_life_only(place: Path, tmp_path: Path) -> None:
    shutil.copytree(place / "rulebook", tmp_path / "rulebook")
    make_examples(tmp_path)
    audits = [json.loads(sop(tmp_path, "audit", "--json", *version)[1]) for version in ((), VERSION)]
    for audit in audits:
        del audit["rulebook"]
    assert audits[0] == audits[1]

    words = '\n[source.columns.oms_status]\ncolumn = ["OMS Status"]\nwords = { HELD = "ON_HOLD" }\n'
    changed(tmp_path, ('\n[[source]]\nfile = "dev2', f'{words}\n[[source]]\nfile = "dev2'), file="audit.toml")
    status, out, err = sop(tmp_path, "audit", *VERSION)
    assert (status, out) == (2, "")
    assert "`ON_HOLD`" in err
    assert inside(place, "import json; from orders.log.columns import COLUMNS; print(json.dumps(COLUMNS['stage']))") == list(LIFE_NAMES)


def test_a_version_without_a_stage_that_the_program_needs_is_one_error(place: Path, tmp_path: Path) -> None:
    shutil.copytree(place / "rulebook", tmp_path / "rulebook")
    file = tmp_path / "rulebook" / "clients_v2" / CLAUSES
    file.write_text(file.read_text(encoding="utf-8").replace('[[stage]]\nid = "PACKED"', '[[stage]]\nid = "PACKT"'), encoding="utf-8")
    for command in (["table"], ["decide", "--stage", "PACKT"], ["lint"]):
        status, out, err = sop(tmp_path, *command, *VERSION)
        assert (status, out) == (2, "")
        assert err.splitlines()[0] == "error: the rulebook `clients_v2` is refused for 1 reason:"
        assert "there is no stage `PACKED`, which the life of an order needs; `PACKT` must have this name" in err
        assert len(err.splitlines()) == 2
    assert "the rulebook `clients_v2` is refused" in sop(tmp_path, "rulebook")[1]
