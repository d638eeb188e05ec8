"""The hooks and the examples of CI do what they say: each of their commands is run, with stand-ins for what a service does."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from tests.support.guided_edits import Copy

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
HOOKS = {
    hook["id"]: hook
    for repo in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    for hook in repo["hooks"]
}
GITHUB = yaml.safe_load((ROOT / "docs" / "ci" / "github-actions.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / "docs" / "ci" / "gitlab-ci.yml").read_text(encoding="utf-8"))
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
GROUPS = re.compile(r"\$\{\{ *(.*?) *\}\}")


def runs(job: dict[str, list[dict[str, str]]]) -> list[str]:
    """The commands of a job of GitHub, in order."""
    return [step["run"] for step in job["steps"] if "run" in step]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    copy = Copy(tmp_path_factory.mktemp("project"))
    (copy.folder / "run.py").write_text("import sys\nfrom sop_cli.main import main\nsys.exit(main(sys.argv[1:]))\n", encoding="utf-8")
    return copy


def shell(copy: Copy, command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """*command* as a service runs it, with this Python as `python3`."""
    script = f'set -e; python3() {{ "{sys.executable}" "$@"; }}; {command}'
    return copy.run("bash", "-c", script, **more)


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash, which runs them here")
def test_the_hooks_let_pass_what_is_good_and_stop_what_is_not(project: Copy) -> None:
    file = project.folder / "features" / "returns" / "rsi.feature"
    good = file.read_text(encoding="utf-8")
    try:
        for spoilt, hook in ((good.replace("\n    ", "\n   ", 1), "sop-fmt"), (good.replace("Scenario:", "Scenaro:", 1), "sop-lint")):
            assert shell(project, HOOKS[hook]["entry"]).returncode == 0
            file.write_text(spoilt, encoding="utf-8")
            done = shell(project, HOOKS[hook]["entry"])
            assert done.returncode == 1, done.stderr
            assert "features/returns/rsi.feature" in done.stdout
            file.write_text(good, encoding="utf-8")
    finally:
        file.write_text(good, encoding="utf-8")


def test_the_hooks_watch_the_files_that_can_break_them() -> None:
    assert set(HOOKS) == {"sop-fmt", "sop-lint", "sop-gate", "check", "house"}
    assert HOOKS["sop-gate"]["stages"] == ["pre-push"]
    for path, watching in (
        ("features/returns/rsi.feature", {"sop-fmt", "sop-lint", "sop-gate"}),
        ("sop_engine/rulebook/clients_v1/clauses.toml", {"sop-lint", "sop-gate", "check", "house"}),
        ("approved/examples.json", {"sop-gate", "house"}),
    ):
        assert {
            name
            for name, hook in HOOKS.items()
            if re.search(hook.get("files", ""), path) and not re.search(hook.get("exclude", "^$"), path)
        } == watching


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash, which the services run commands with")
def test_the_example_for_github_runs_shards_merges_them_and_opens_the_gate(project: Copy) -> None:
    shards = GITHUB["jobs"]["shard"]["strategy"]["matrix"]["shard"]
    (verify,) = runs(GITHUB["jobs"]["shard"])
    artifact = next(step["with"] for step in GITHUB["jobs"]["shard"]["steps"] if "upload-artifact" in step.get("uses", ""))
    for index, shard in enumerate(shards):
        done = shell(project, GROUPS.sub(shard, verify))
        assert done.returncode == 0, done.stdout + done.stderr
        kept = project.folder / "shards" / GROUPS.sub(str(index), artifact["name"])
        shutil.copytree(project.folder / artifact["path"], kept)
        shutil.rmtree(project.folder / "shard")

    merge, gate, summary = runs(GITHUB["jobs"]["gate"])
    site = next(step["with"]["path"] for step in GITHUB["jobs"]["gate"]["steps"] if "upload-artifact" in step.get("uses", ""))
    done = shell(project, merge)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (project.folder / site / "index.html").exists()
    done = shell(project, gate)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the gate is open" in done.stdout
    assert "::error" not in done.stdout
    base = GROUPS.sub("main", summary).replace("origin/main", "approved/behaviour.json")
    assert shell(project, base, GITHUB_STEP_SUMMARY="summary.md").returncode == 0
    assert (
        (project.folder / "summary.md")
        .read_text(encoding="utf-8")
        .startswith("### Changes\n\nno difference between the table approved/behaviour.json and the current rulebook")
    )


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash, which the services run commands with")
def test_the_workflow_of_the_project_runs_its_commands_on_a_good_and_a_bad_specification(project: Copy) -> None:
    steps = {step.get("name"): step for step in WORKFLOW["jobs"]["specification"]["steps"]}
    verify, gate, as_sarif, summary = (
        steps[name]["run"] for name in ("Run the specification", "Gate", "Gate as SARIF", "Summary of changes")
    )
    base = GROUPS.sub("main", summary).replace("origin/main", "approved/behaviour.json")
    file = project.folder / "features" / "returns" / "rsi.feature"
    good = file.read_text(encoding="utf-8")
    try:
        for text, status, results in ((good, 0, 0), (good.replace("Scenario:", "Scenaro:", 1), 1, 1)):
            file.write_text(text, encoding="utf-8")
            assert [shell(project, command).returncode for command in (verify, gate)] == [status, status]
            assert shell(project, as_sarif).returncode == 0
            [run] = json.loads((project.folder / steps["Code scanning"]["with"]["sarif_file"]).read_text(encoding="utf-8"))["runs"]
            assert bool(run["results"]) == bool(results)
            assert shell(project, base, GITHUB_STEP_SUMMARY="summary.md").returncode == 0
            assert (project.folder / steps["Living document"]["with"]["path"] / "index.html").exists()
    finally:
        file.write_text(good, encoding="utf-8")
    assert WORKFLOW["jobs"]["pages"]["needs"] == ["specification", "tests"]
    [command] = runs(WORKFLOW["jobs"]["tests"])
    assert os.access(ROOT / command, os.X_OK)


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-workflows", ".github/workflows/ci.yml"),
        ("vendor.github-workflows", "docs/ci/github-actions.yml"),
        ("vendor.gitlab-ci", "docs/ci/gitlab-ci.yml"),
    ],
)
def test_the_files_of_ci_services_are_valid_by_their_schemas(schema: str, file: str, tmp_path: Path) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    spoilt = tmp_path / "spoilt.yml"
    spoilt.write_text(text.replace("runs-on:", "run-on:").replace("artifacts:", "artefacts: 3\n  artifacts: [1]\n  x:"), encoding="utf-8")
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema)

    assert subprocess.run([*command, ROOT / file], check=False, capture_output=True).returncode == 0
    assert subprocess.run([*command, spoilt], check=False, capture_output=True).returncode == 1


@pytest.mark.skipif("NIGHTLY" not in os.environ, reason="the same commands without shards; set NIGHTLY=1")
@pytest.mark.skipif(not shutil.which("bash"), reason="no bash, which the services run commands with")
def test_the_example_for_gitlab_writes_the_reports_that_it_keeps(project: Copy) -> None:
    job = GITLAB["specification"]
    for command in job["script"]:
        done = shell(project, command)
        assert done.returncode == 0, done.stdout + done.stderr
    for pattern in job["artifacts"]["reports"]["junit"]:
        actual = list(project.folder.glob(pattern))
        assert actual, pattern
        for report in actual:
            assert ET.parse(report).getroot().tag == "testsuites"  # noqa: S314
    assert all((project.folder / path).exists() for path in job["artifacts"]["paths"])
