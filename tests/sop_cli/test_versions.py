"""Commands use the version that ``--rulebook`` names, and refuse runs and baselines of another one."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sop_cli.main import COMMANDS, WITHOUT_RULEBOOK, main
from sop_engine.register.new_version import begin_version
from sop_engine.versions import CLAUSES, DEFAULT, OPTION, VARIABLE, WITHOUT_VERSION, shipped, with_version
from tests.sop_engine.test_words_of_a_register import with_courier

ROOT = Path(__file__).parents[2]
FEATURE = """Feature: One order

  Scenario: The seller cancels
    Given an order of 1 unit, invoiced through RMS
    When the seller cancels the order
    Then the request is allowed
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("place")
    version, _ = begin_version("clients_v2", shipped() / DEFAULT, folder / "rulebook")
    file = version / CLAUSES
    text = file.read_text(encoding="utf-8")
    record = text.index('id = "AC-ERP-FULL-1.1.1"')
    file.write_text(text[:record] + text[record:].replace('modality = "may"', 'modality = "must"', 1), encoding="utf-8")
    return folder


def sop(place: Path, *arguments: str, rulebook: str = "") -> tuple[int, str, str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop(VARIABLE, None)
    if rulebook:
        environment[VARIABLE] = rulebook
    done = subprocess.run(
        [sys.executable, "-P", "-m", "sop_cli", *arguments], cwd=place, env=environment, capture_output=True, check=False, text=True
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


MEMBERS = {"clause": ["add", "edit"], "gap": ["add", "edit"]}
"""The members of groups."""
CASE = ["decide", "--canceller", "Ajio", "--scope", "full", "--invoicing", "ERP", "--stage", "PROCESSING", "--e-invoice", "generated"]
MAY, MUST = (f"{force:9} download the report of orders cancelled after posting" for force in ("may", "must"))


@pytest.mark.slow
def test_a_decision_is_that_of_the_version_named(place: Path) -> None:
    first, second = sop(place, *CASE)[1], sop(place, *CASE, "--rulebook", "clients_v2")[1]

    assert (MAY in first, MUST in first, MAY in second, MUST in second) == (True, False, False, True)
    for same in ([f"--rulebook={place / 'rulebook' / 'clients_v2'}"], ["--rulebook", DEFAULT, "--rulebook", "./rulebook/clients_v2"]):
        assert sop(place, *CASE, *same)[1] == second
    assert sop(place, *CASE, rulebook="clients_v2")[1] == second
    assert sop(place, *CASE, "--rulebook", DEFAULT, rulebook="clients_v2")[1] == first


@pytest.mark.slow
@pytest.mark.parametrize("name", ["clients_v9", "--json"])
def test_an_unknown_version_is_one_error_that_lists_those_there_are(place: Path, name: str) -> None:
    status, out, err = sop(place, "table", "--rulebook", name)

    assert (status, out) == (2, "")
    assert (
        err
        == f"error: there is no rulebook `{name}`; expected one of `clients_v1`, `clients_v2`, or a folder with clauses.toml and gaps.toml\n"
    )


@pytest.mark.parametrize("arguments", [["--rulebook"], ["--rulebook="], ["--rulebook", " "]])
def test_an_empty_name_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", *arguments]) == 2
    assert "--rulebook has no name; `sop rulebook` lists the versions" in capsys.readouterr().err


def test_a_process_reads_one_version(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(place)

    assert main(["table", "--rulebook", "clients_v2"]) == 2
    assert "ask for another one in a new process" in capsys.readouterr().err
    assert main(["table", "--rulebook", DEFAULT]) == 0


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {*WITHOUT_RULEBOOK}))
def test_every_command_that_reads_a_rulebook_takes_its_name(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    for member in MEMBERS.get(command, [""]):
        assert main([command, *member.split(), "--help"]) == 0
        assert capsys.readouterr().out.count("--rulebook NAME|FOLDER") == 1


def test_two_versions_are_compared_by_name(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(place)

    assert main(["diff", DEFAULT, "clients_v2", "--format", "json"]) == 1
    changes = json.loads(capsys.readouterr().out)
    assert (changes["base"], changes["head"]) == ("the rulebook clients_v1", "the rulebook clients_v2")
    assert all("AC-ERP-FULL-1.1.1" in answer["because"] for answer in changes["answers"])
    assert [text["id"] for text in changes["texts"]] == ["AC-ERP-FULL-1.1.1", "the rulebook"]
    assert main(["diff", DEFAULT, "clients_v2"]) == 1
    assert "may download" in capsys.readouterr().out
    assert main(["diff", DEFAULT, DEFAULT]) == 0


def test_the_versions_are_listed(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(place)

    assert main(["rulebook"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("* clients_v1 ")
    assert second.split()[0] == "clients_v2"
    assert second.endswith("rulebook/clients_v2")
    assert main(["rulebook", "list", "--json"]) == 0
    assert [(entry["name"], entry["follows"], entry["used"]) for entry in json.loads(capsys.readouterr().out)] == [
        (DEFAULT, [], True),
        ("clients_v2", [DEFAULT], False),
    ]


def test_a_version_that_cannot_be_read_is_listed_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rulebook" / "broken").mkdir(parents=True)
    (tmp_path / "rulebook" / "broken" / CLAUSES).write_text("x")

    assert main(["rulebook"]) == 0
    assert "rulebook/broken: the rulebook `broken` is refused" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nwe"], "did you mean `new`?"),
        (["new"], "name the new version and the one to copy"),
        (["new", "x"], "name the new version and the one to copy"),
        (["list", "x"], "leave them out, or write `new`"),
        (["new", "x", "--from", "clients_v9"], "there is no rulebook `clients_v9`"),
        (["new", "x", "--from", DEFAULT, "--dated", "2026-02-30"], "is no day"),
        (["new", DEFAULT, "--from", DEFAULT], "there is a version `clients_v1`"),
    ],
)
def test_a_wrong_call_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["rulebook", *arguments]) == 2
    assert reason in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []


def test_a_version_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["rulebook", "new", "clients_v2", "--from", DEFAULT]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "rulebook/clients_v2: a copy of clients_v1 with the title SOPs For Clients, version 2",
        "change it with `sop clause` and `sop gap`, and see `sop diff clients_v1 clients_v2` and `sop verify --rulebook clients_v2`",
    ]
    assert main(["rulebook", "new", "x", "--from", "clients_v2", "--into", "a/b", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["folder"] == "a/b/x"
    assert main(["diff", "clients_v2", "a/b/x"]) == 1
    assert "edited: the rulebook (name, title, follows)" in capsys.readouterr().out


@pytest.mark.slow
def test_runs_and_baselines_of_two_versions_are_not_mixed(place: Path) -> None:
    (place / "features").mkdir()
    (place / "features" / "a.feature").write_text(FEATURE, encoding="utf-8")
    assert sop(place, "verify", "--no-docs", "--rulebook", "clients_v2")[0] == 0
    run = f"build/runs/{(place / 'build/runs/latest').read_text().strip()}"

    assert "it is a run of the rulebook `clients_v2`, not of `clients_v1`" in sop(place, "gate", "--run", run)[1]
    assert sop(place, "gate", "--run", run, "--rulebook", "clients_v2")[1].splitlines()[1].startswith("✓ complete")
    for command in ("mutate", "approve"):
        status, _, err = sop(place, command)
        assert (status, f"used the rulebook `clients_v2`, not `{DEFAULT}`" in err) == (2, True)
    assert "approved/clients_v2/behaviour.json" in sop(place, "approve", "--yes", "--rulebook", "clients_v2")[1].splitlines()
    assert "0 of 520 answers changed" in sop(place, "gate", "--rulebook", "clients_v2")[1]
    assert sop(place, "verify", "--no-docs")[0] == 0
    for command in (["gate", "--approved"], ["approve", "--yes", "--to"]):
        status, _, err = sop(place, *command, "approved/clients_v2")
        assert (status, "is of the rulebook `clients_v2`, not of `clients_v1`" in err) == (2, True)


TAGGED = """@{before}
Feature: One order

  Scenario: The seller cancels
    Given an order of 1 unit, invoiced through RMS
    When the seller cancels the order
    Then the request is allowed

  @{tag} @SC-NEW-1
  Scenario: The seller cancels a part
    Given an order of 2 units, invoiced through RMS
    When the seller sings
    Then the request is allowed
"""


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    folder = tmp_path
    begin_version("clients_v2", shipped() / DEFAULT, folder / "rulebook")
    (folder / "features").mkdir()
    (folder / "features" / "a.feature").write_text(TAGGED.format(before="until-clients_v2", tag="since-clients_v2"), encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_example_of_another_version_is_counted_and_never_green(tagged: Path, workers: str) -> None:
    status, out, _ = sop(tagged, "verify", "--no-docs", "-n", workers)

    assert status == 0
    assert "✓ 1 of 1 examples passed; 1 example is not of this version" in out
    assert "not of this version: features/a.feature:10: The seller cancels a part (@until-clients_v2 @since-clients_v2)" in out
    status, out, _ = sop(tagged, "verify", "--no-docs", "--json", "-n", workers, "--rulebook", "clients_v2")
    plain = json.loads(out)
    assert (status, plain["green"], plain["other_versions"]) == (1, False, [])
    assert {finding["rule"] for finding in plain["findings"]} == {"undefined-step", "unknown-tag"}


@pytest.mark.slow
def test_the_gate_and_the_baseline_take_the_examples_of_their_version(tagged: Path) -> None:
    sop(tagged, "verify", "--no-docs")
    assert sop(tagged, "approve", "--yes")[0] == 0
    examples = json.loads((tagged / "approved" / "examples.json").read_text(encoding="utf-8"))["examples"]
    assert [example["name"] for example in examples] == ["The seller cancels"]

    text = (tagged / "features" / "a.feature").read_text(encoding="utf-8")
    (tagged / "features" / "a.feature").write_text(text.replace("the seller sings", "the seller dances"), encoding="utf-8")
    gate = sop(tagged, "gate")[1]
    assert "1 of 2 examples ran; 1 example is not of this version" in gate
    assert "approved examples: 1 approved, 0 changed" in gate
    (tagged / "features" / "a.feature").write_text(
        text.replace("@until-clients_v2", "@since-clients_v2").replace("  @since-clients_v2 @SC-NEW-1\n", ""), encoding="utf-8"
    )
    assert "gone: The seller cancels" in sop(tagged, "gate")[1]


@pytest.mark.slow
def test_a_record_that_only_claims_another_version_is_not_good(tagged: Path) -> None:
    (tagged / "features" / "a.feature").write_text(FEATURE, encoding="utf-8")
    sop(tagged, "verify", "--no-docs")
    run = tagged / "build" / "runs" / (tagged / "build/runs/latest").read_text().strip() / "run.ndjson"
    lines = [json.loads(line) for line in run.read_text(encoding="utf-8").splitlines()]
    lines[0]["expected"] = 0
    lines[-2] |= {
        "status": "other-version",
        "claims": [],
        "steps": [step | {"status": "not-run", "claims": []} for step in lines[-2]["steps"]],
    }
    lines[-1]["counts"] |= {"expected": 0, "executed": 0, "passed": 0}
    run.write_text("".join(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n" for line in lines), encoding="utf-8")

    gate = sop(tagged, "gate", "--run", str(run.parent))[1]
    assert "✗ complete" in gate
    assert "0 of 1 example were expected to run" in gate


COURIER = """@since-clients_v2
Feature: What a later version brings

  @AC-ERP-FULL-3
  Rule: The warehouse team tells the courier

    Scenario: The courier is told of a full cancellation by Ajio
      Given an order invoiced through the client's ERP
      And the order is FULFILLABLE
      And its e-invoice is pushed
      When Ajio cancels the full order
      Then the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
        | must     | tell the courier                                      |
"""


@pytest.mark.slow
def test_a_new_task_and_actor_run_through_features_and_pages_without_python(tmp_path: Path) -> None:
    with_courier(begin_version("clients_v2", shipped() / DEFAULT, tmp_path / "rulebook")[0])
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "a.feature").write_text(FEATURE, encoding="utf-8")
    (tmp_path / "features" / "courier.feature").write_text(COURIER, encoding="utf-8")

    assert "✓ 1 of 1 examples passed; 1 example is not of this version" in sop(tmp_path, "verify")[1]
    assert "not of this version" in (tmp_path / "build/site/feature-courier.html").read_text(encoding="utf-8")
    assert "1 of 1 example passed, 1 not of this version" in (tmp_path / "build/site/index.html").read_text(encoding="utf-8")
    assert "✓ 2 of 2 examples passed" in sop(tmp_path, "verify", "--rulebook", "clients_v2")[1]
    site = tmp_path / "build" / "site"
    assert "tell the courier" in (site / "feature-courier.html").read_text(encoding="utf-8")
    assert "CUR" in (site / "decision-tables.html").read_text(encoding="utf-8")
    answer = sop(tmp_path, *CASE[:-1], "pushed", "--stage", "FULFILLABLE", "--rulebook", "clients_v2")[1]
    assert "must      tell the courier  (warehouse team)" in answer
    (tmp_path / "features" / "courier.feature").write_text(COURIER.replace("tell the courier  ", "tell the currier  "), encoding="utf-8")
    assert "did you mean `tell the courier`?" in sop(tmp_path, "lint", "--rulebook", "clients_v2")[1]


@pytest.mark.slow
def test_the_pages_of_a_version_show_what_changed_since_the_one_before(place: Path) -> None:
    (place / "features").mkdir(exist_ok=True)
    (place / "features" / "a.feature").write_text(FEATURE, encoding="utf-8")
    shutil.rmtree(place / "approved", ignore_errors=True)
    changes = place / "build" / "site" / "changes.html"

    assert sop(place, "verify", "--rulebook", "clients_v2")[0] == 0
    text = changes.read_text(encoding="utf-8")
    assert "SOPs For Clients, version 2" in text
    assert "Compared with the rulebook clients_v1" in text
    assert "AC-ERP-FULL-1.1.1" in text
    assert sop(place, "verify")[0] == 0
    assert sop(place, "approve", "--yes")[0] == 0
    assert sop(place, "verify", "--rulebook", "clients_v2")[0] == 0
    assert "Compared with the baseline of clients_v1" in changes.read_text(encoding="utf-8")
    assert sop(place, "approve", "--yes", "--rulebook", "clients_v2")[0] == 0
    assert sop(place, "docs", "--rulebook", "clients_v2")[0] == 0
    assert "Compared with the approved baseline" in changes.read_text(encoding="utf-8")
    assert sop(place, "docs", "--rulebook", "clients_v2", "--base", DEFAULT)[0] == 0
    assert "Compared with the rulebook clients_v1" in changes.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_run_is_compared_with_the_rulebook_that_it_used_or_not_at_all(place: Path, tmp_path: Path) -> None:
    (place / "features").mkdir(exist_ok=True)
    (place / "features" / "a.feature").write_text(FEATURE, encoding="utf-8")
    shutil.rmtree(place / "approved", ignore_errors=True)
    assert sop(place, "verify", "--no-docs")[0] == 0
    assert sop(place, "approve", "--yes")[0] == 0
    assert sop(place, "verify", "--no-docs", "--rulebook", "clients_v2")[0] == 0
    run = (place / "build" / "runs" / "latest").read_text(encoding="utf-8").strip()
    site = tmp_path / "site"

    status, out, err = sop(place, "docs", "--base", DEFAULT, "--out", str(site))
    assert (status, out, site.exists()) == (2, "", False)
    assert err == (
        f"error: the run `{run}` used the rulebook `clients_v2`, not `clients_v1`, so only a part of it could be compared; "
        "add --rulebook clients_v2\n"
    )
    assert sop(place, "docs", "--out", str(site))[0] == 0
    text = (site / "changes.html").read_text(encoding="utf-8")
    assert "Compared with" not in text
    assert "Not compared: the run used the rulebook <code>clients_v2</code>, not <code>clients_v1</code>" in text
    assert sop(place, "docs", "--base", DEFAULT, "--out", str(site), "--rulebook", "clients_v2")[0] == 0
    assert "Compared with the rulebook clients_v1" in (site / "changes.html").read_text(encoding="utf-8")


COMMAND_NAMED = re.compile(r"(?<![\w./-])sop (?!(?:fmt|rulebook)\b)[a-z]+(?! --rulebook clients_v2\b)\b")
"""A command that a message names without the version."""
NAMING: dict[str, list[str]] = {
    "no baseline": ["gate"],
    "no baseline, as JSON": ["gate", "--format", "json"],
    "no baseline, for a service": ["gate", "--format", "github"],
    "no baseline, as SARIF": ["gate", "--format", "sarif"],
    "no baseline, as JUnit": ["gate", "--format", "junit"],
    "a finding": ["lint"],
    "a finding, as JSON": ["lint", "--format", "json"],
    "a finding, as SARIF": ["lint", "--format", "sarif"],
    "a finding, as JUnit": ["lint", "--format", "junit"],
    "a finding of a run": ["verify"],
    "a finding of a run, as JSON": ["verify", "--json", "--no-docs"],
    "a run that cannot be approved": ["approve"],
    "a question": ["answer", "GAP-04"],
    "an answer with a part missing": ["answer", "GAP-04", "--reading", "1"],
    "an answer that cannot be put in force": ["diff", "--with", "GAP-01=1"],
    "a run that is not there": ["docs", "--run", "nowhere"],
    "no experiment": ["simulate"],
    "questions written": ["questions", "--out", "q.csv"],
}


@pytest.fixture(scope="module")
def with_a_finding(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finding")
    shutil.copytree(place / "rulebook", folder / "rulebook")
    (folder / "features").mkdir()
    (folder / "features" / "a.feature").write_text(FEATURE.replace("the seller cancels the order", "xyzzy"), encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("arguments", NAMING.values(), ids=NAMING)
def test_a_message_names_commands_with_the_version(with_a_finding: Path, arguments: list[str]) -> None:
    (with_a_finding / "q.csv").unlink(missing_ok=True)
    said = "".join(sop(with_a_finding, *arguments, "--rulebook", "clients_v2")[1:])
    said = re.sub(r"sop gate(:|%3A)|(?<=\")sop |see `sop \S+ --help`", "", said)  # names of the tool, and the help of the command

    assert COMMAND_NAMED.findall(said) == []
    assert "sop " in said
    assert COMMAND_NAMED.findall("run `sop verify` and `sop approve --rulebook clients_v2`, or `sop fmt`") == ["sop verify"]


@pytest.mark.slow
def test_the_pages_name_commands_with_the_version(with_a_finding: Path) -> None:
    sop(with_a_finding, "verify", "--rulebook", "clients_v2")
    sop(with_a_finding, "verify", "--no-docs", "--rulebook", "clients_v2")
    site = with_a_finding / "build" / "site"
    pages = [site / "state.css", *site.glob("*.html")]

    named = {page.name: COMMAND_NAMED.findall(page.read_text(encoding="utf-8")) for page in pages}
    assert {name: commands for name, commands in named.items() if commands and name != "glossary.html"} == {}
    assert "sop docs --rulebook clients_v2 --base ID" in (site / "changes.html").read_text(encoding="utf-8")


def test_commands_of_the_default_version_need_no_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_version("clients_v2", shipped() / DEFAULT, tmp_path / "rulebook")
    monkeypatch.chdir(tmp_path)
    text = "`sop diff approved`, `sop fmt`, sop answer GAP-04, `sop diff a b --rulebook x`"

    assert with_version(text) == text
    monkeypatch.setenv(VARIABLE, DEFAULT)
    assert with_version(text) == text
    other = "`sop diff {0} approved`, `sop fmt`, sop answer {0} GAP-04, `sop diff a b --rulebook x`"
    for named in ("clients_v2", str(tmp_path / "rulebook" / "clients_v2")):
        monkeypatch.setenv(VARIABLE, named)
        assert with_version(text) == other.format("--rulebook clients_v2")
    (tmp_path / "a b").mkdir()
    monkeypatch.setenv(VARIABLE, "a b")
    assert with_version(text) == other.format("--rulebook 'a b'")
    (tmp_path / "pyproject.toml").write_text('[tool.sop]\nrulebook = "clients_v2"\n', encoding="utf-8")
    monkeypatch.setenv(VARIABLE, "clients_v2")
    assert with_version(text) == text
    monkeypatch.setenv(VARIABLE, DEFAULT)
    assert with_version(text) == other.format("--rulebook clients_v1")
    monkeypatch.setenv(VARIABLE, "clients_v9")
    assert with_version(text) == text
    assert with_version("`sop gate`") == with_version(with_version("`sop gate`"))


def test_the_commands_without_a_version_are_those_without_the_option() -> None:
    assert set(WITHOUT_VERSION) == set(WITHOUT_RULEBOOK)
    assert OPTION in (ROOT / "sop_cli" / "main.py").read_text(encoding="utf-8")


def test_every_command_in_a_printed_text_is_named_as_called() -> None:
    """So that a message through the launcher, and of a later version, can be typed as it is."""
    unnamed = []
    for file in sorted((ROOT / "sop_cli").rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Attribute) and call.func.attr in {"echo", "secho"}:
                named = {
                    id(inner)
                    for outer in ast.walk(call)
                    if isinstance(outer, ast.Call) and isinstance(outer.func, ast.Name) and outer.func.id == "as_called"
                    for inner in ast.walk(outer)
                }
                unnamed += [
                    f"{file.name}:{part.lineno}"
                    for part in ast.walk(call)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and re.search(r"\bsop [a-z]", part.value)
                    if id(part) not in named
                ]
    assert unnamed == []
