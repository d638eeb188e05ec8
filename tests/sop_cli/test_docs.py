"""`sop docs` writes the site of a run, says what it is worth, and refuses what it cannot read."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reports.html.page_in_site import BEGINNING, PLACE_OF_SITE, back_links
from reports.site.builder import read_context
from sop_cli.main import main
from sop_engine import ENGINE, load_rulebook
from sop_engine.decision_table import Behaviour
from sop_runs.change.baseline import approve
from sop_runs.record.reader import read, read_record
from sop_runs.record.verdict import Reason, ReasonKind, judge
from tests.support.run_samples import record, write
from tests.support.study_samples import study

pytestmark = pytest.mark.usefixtures("in_process")

FEATURES = Path(__file__).parents[2] / "features"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one run, whose record was made with the SOP of the samples."""
    monkeypatch.chdir(tmp_path)
    lines = record()
    lines[0]["rulebook"]["sha256"] = lines[1]["sha256"] = load_rulebook().sha256  # so that it can be approved
    write(lines, tmp_path / "build" / "runs" / "one")
    (tmp_path / "build" / "runs" / "latest").write_text("one\n")
    return tmp_path


def test_the_last_run_is_shown_and_its_verdict_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs"]) == 0

    assert "8 examples failed" in capsys.readouterr().out
    assert (here / "build" / "site" / "index.html").is_file()


def test_as_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "--run", str(here / "build/runs/one"), "--out", "site", "--json"]) == 0
    output = json.loads(capsys.readouterr().out)

    assert (output["document"], output["verdict"], output["title"]) == ("site/index.html", "bad", "8 examples failed")


def test_simulations_are_listed_with_the_way_to_their_pages(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def page_text() -> str:
        assert main(["docs"]) == 0
        return (here / "build" / "site" / "simulations.html").read_text(encoding="utf-8")

    assert "No simulations yet." in page_text()
    folder = here / "build" / "simulations" / "erp_against_rms"
    folder.mkdir(parents=True)
    (folder / "study.json").write_text(json.dumps(study("paired", {"credit notes due": [(203, 17)] * 4})))
    assert "writes its page" in page_text()
    (folder / "report.html").write_text(f"{BEGINNING}{PLACE_OF_SITE}<p>the page")
    (href,) = re.findall(r"<h3 ?[^>]*><a href=([^ >]+)>A sample</a>", page_text())
    assert (here / "build" / "site" / href).read_text() == f"{BEGINNING}{back_links('Simulations', 'simulations.html')}<p>the page"
    assert "writes its page" not in page_text()

    assert main(["docs", "--simulations", "nowhere"]) == 2
    assert "'nowhere' does not exist" in capsys.readouterr().err


NOW = Behaviour.of(ENGINE)
INSIDE = Path("sop_engine") / "rulebook" / "clients_v1"
RULEBOOK = Path(__file__).parents[2] / INSIDE


def lead(site: Path = Path("build/site")) -> str:
    """What the page of changes says first."""
    match = re.search(r'<p class="?lead[^>]*>(.*?)</p>', (site / "changes.html").read_text(encoding="utf-8"))
    assert match
    return re.sub("<[^>]+>", "", match[1])


@pytest.mark.parametrize("base", ["earlier", "build/runs/earlier", "build/runs/earlier/run.ndjson"])
def test_a_run_may_be_the_base_by_id_folder_or_file(here: Path, base: str) -> None:
    write(record(results={}), here / "build" / "runs" / "earlier")

    assert main(["docs", "--base", base]) == 0

    assert lead() == "Compared with the run earlier, 7 scenarios fail now but not before."


def test_without_a_base_it_is_what_was_approved(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs"]) == 0
    assert lead().startswith("Not compared: nothing has been approved yet.")

    approve(read(here / "build/runs/one/run.ndjson"), here / "approved")
    assert main(["docs"]) == 0
    assert lead().startswith("Compared with the approved baseline, ")
    assert main(["docs", "--base", "approved"]) == 0
    assert lead().startswith("Compared with the baseline in approved, ")
    assert main(["docs", "--base", "approved/behaviour.json"]) == 0
    assert lead().startswith("Compared with the table approved/behaviour.json, ")

    (here / "approved" / "examples.json").write_text("[")
    assert main(["docs"]) == 0
    assert lead() == "Not compared: the approved baseline cannot be read."
    assert main(["docs", "--base", "approved"]) == 2
    assert "approved/examples.json: cannot be read (it is not JSON: expecting value (line 1, column 2))" in capsys.readouterr().err


FEATURE = """Feature: One heading

  Scenario: Too late
    Given an order invoiced through RMS
    And the order is {stage}
    When the seller cancels the full order
    Then the cancellation is refused

  Scenario: {name}
    Given an order invoiced through RMS
    When the seller cancels the full order
    Then the answer is {name}
"""


@pytest.mark.slow
def test_a_release_is_compared_by_its_tag(here: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x", *arguments], cwd=here, check=True, capture_output=True)

    shutil.copytree(RULEBOOK, here / INSIDE)
    clauses = (here / INSIDE / "clauses.toml").read_text(encoding="utf-8")
    at = clauses.index('id = "SC-RMS-FULL-2"')
    (here / INSIDE / "clauses.toml").write_text(clauses[:at] + clauses[at:].replace('"refused"', '"without effect"', 1), encoding="utf-8")
    (here / "features" / "a").mkdir(parents=True)
    (here / "features" / "a" / "one.feature").write_text(FEATURE.format(stage="PACKED", name="Left behind"))
    (here / "features" / "a" / "torn.feature").write_text("Feature\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("tag", "v1")
    texts = {"a/one.feature": FEATURE.format(stage="COMPLETED", name="Come since")}
    write(record(texts, {}, rulebook=load_rulebook().to_plain()), here / "build" / "runs" / "one")

    assert main(["docs", "--base", "v1"]) == 0

    assert lead() == "Compared with the revision v1, 24 answers, 1 text and 2 scenarios changed."
    page = (here / "build/site/changes.html").read_text(encoding="utf-8")
    assert "<h2 id=edited>" in page
    assert re.search(r"<del>[^/]*/span>PACKED</del><ins>[^/]*/span>COMPLETED</ins>", page)


@pytest.mark.slow
def test_verify_compares_with_what_was_approved_beside_the_features(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(FEATURES / "returns", tmp_path / "home" / "features" / "returns")
    assert main(["verify", "home/features"]) == 0
    assert lead().startswith("Not compared: nothing has been approved yet.")
    assert main(["approve", "--yes", "--to", "home/approved"]) == 0

    assert main(["verify", "home/features"]) == 0
    assert lead() == "Compared with the approved baseline, nothing changed."
    assert {path.name for path in (tmp_path / "home" / "approved").iterdir()} == {"behaviour.json", "examples.json", "sentences.json"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--run", "nowhere"], "`nowhere` is not a run"),
        (["--base", "nowhere"], "`nowhere` is not a run, folder, table or git revision with a rulebook (git: "),
        (["--run", "file.txt"], "`file.txt` is a file; give a folder"),
        (["--base", "--help"], "`--help` is not a run, folder"),
        (["--base", ""], "`` contains no run, no rulebook"),
        (["--base", "empty"], "`empty` contains no run, no rulebook and no baseline; name a run"),
        (["--base", "binary.txt"], "binary.txt: it is not UTF-8 text (byte 1)"),
        (["--base", "file.txt"], "file.txt: is not a table of answers"),
        (["--base", "torn"], "run.ndjson:1: the line has an unknown type; run `sop verify` again"),
        (["--base", "half"], "half/examples.json: the file does not exist; save a new baseline"),
        (["--source", "nowhere.txt"], "nowhere.txt: the source document cannot be read"),
        (["--source", "binary.txt"], "binary.txt: the source document cannot be read: it is not UTF-8 text (byte 1)"),
        (["--out", "file.txt/site"], "cannot be written"),
    ],
)
def test_what_cannot_be_read_or_written_is_one_clear_error(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    (here / "binary.txt").write_bytes(b"\xff\xfe\x00")
    (here / "file.txt").write_text("in the way")
    for name in ("empty", "torn", "half"):
        (here / name).mkdir()
    (here / "torn" / "run.ndjson").write_text("{}\n")
    (here / "half" / "behaviour.json").write_text(NOW.to_text())

    assert main(["docs", *arguments]) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert "Traceback" not in captured.err
    assert not (here / "build" / "site").exists()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("run.ndjson", '{"type":"manifest"}\n', "run.ndjson:1: the record has version null, this program reads 2; run `sop verify` again"),
        ("run.ndjson", "", "run.ndjson: the record is empty; run `sop verify` again"),
        ("steps.json", "[]", "steps.json: the list of step sentences is a list, expected an object; run `sop verify` again"),
        ("steps.json", '{"version":1,"sentences":"none"}', "steps.json: sentences is a text, expected a list; run `sop verify` again"),
    ],
)
def test_a_run_that_cannot_be_read_is_one_line_and_no_page(
    here: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, words: str
) -> None:
    (here / "build" / "runs" / "one" / name).write_text(text, encoding="utf-8")

    assert main(["docs"]) == 2
    assert capsys.readouterr().err == f"error: {words}\n"
    assert not (here / "build" / "site").exists()


def test_a_verdict_that_is_handed_over_is_the_one_that_the_pages_show(here: Path) -> None:
    folder = write(record(results={}), here / "build" / "runs" / "two").parent
    verdict = judge(read_record(folder)).with_reasons(Reason(ReasonKind.FILE_CHANGED, path="returns/rsi.feature"))

    context = read_context(folder, verdict=verdict)

    assert (context.document.band.kind, context.document.band.reasons) == ("bad", ("returns/rsi.feature changed during the run",))
