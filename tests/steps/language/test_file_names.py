"""The name of a feature file is checked: unclear names, invisible characters, links, and the remedy for each."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from urllib.parse import unquote

import pytest

from sop_cli.main import main
from sop_runs.problem import Problem
from sop_runs.record.verdict_text import reason_texts
from steps.language.document import read_source
from steps.language.feature_set import feature_set_of, snapshot
from steps.language.file_names import file_findings, has_similar_ending
from steps.run.runner import run
from tests.support.feature_folders import FEATURE, Make, both, linked, written
from tests.support.in_process import child_replaced

ROOT = Path(__file__).parents[3]
UNCLEAR: dict[str, Make] = {
    "space before the ending": written("a .feature"),
    "space at the beginning": written(" a.feature"),
    "invisible character": written("a\u200b.feature"),
    "hidden file": written(".a.feature"),
    "only the ending": written(".feature"),
    "hidden folder": written(".old/a.feature"),
    "name in upper case beside one in lower case": both(written("a.feature"), written("A.feature")),
    "name in capital and small letters of two Unicode forms": both(written("\u00c9a.feature"), written("e\u0301A.feature")),
    "names with a dotted capital and its small letter": both(written("\u0130.feature"), written("i\u0307.feature")),
    "names with an iota below": both(written("\u1fb3\u0301.feature"), written("\u0391\u0301\u0399.feature")),
    "folders in two Unicode forms": both(written("\u00e9/a.feature"), written("e\u0301/a.feature")),
    "name in two Unicode forms": both(written("\u00e9.feature"), written("e\u0301.feature")),
    "link to a file that is read": linked("a.feature", "x.feature"),
    "links to two files of one name": both(
        linked("a.feature", "../elsewhere/z.feature"), lambda features: (features / "b.feature").symlink_to("../elsewhere/z.feature")
    ),
}


def rules(findings: list[Problem]) -> set[str]:
    return {finding.rule for finding in findings}


@pytest.mark.parametrize("make", UNCLEAR.values(), ids=UNCLEAR)
def test_an_unclear_name_is_named(features: Path, make: Make) -> None:
    make(features)

    assert rules(file_findings(features, features)) == {"file-name"}


INVISIBLE = {"\t": "tab", "\n": "line feed", "\r": "carriage return", "\x1b": "escape", "\x7f": "delete", "\x9b": "control character", "\u200b": "zero width space", "\u2028": "line separator"}  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="Windows allows none of these in a name")
@pytest.mark.parametrize(("character", "name"), INVISIBLE.items(), ids=INVISIBLE.values())
def test_an_invisible_character_in_a_name_is_called_by_its_name(features: Path, character: str, name: str) -> None:
    written(f"a{character}b.feature")(features)
    written(f"c{character}d/e.feature")(features)

    file, folder = file_findings(features, features)
    assert (file.rule, folder.rule) == ("file-name", "file-name")
    code = f"U+{ord(character):04X} ({name})"
    assert file.message == f"the name of this feature file has an invisible character, {code}"
    assert file.remedy == "rename it to `ab.feature`"
    assert folder.message == f"the name of its folder has an invisible character, {code}"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows allows none of these in a name")
def test_no_control_character_of_a_name_leaves(features: Path) -> None:
    characters = "".join(character for character in INVISIBLE if ord(character) < 0x200B)
    (features / "x.feature").unlink()
    written(f"a{characters}b.feature", FEATURE.replace("    And", "  And"))(features)
    command = [sys.executable, "-P", "-m", "sop_cli"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    calls = [["lint", *form] for form in ([], *(["--format", form] for form in ("json", "github", "sarif", "junit")))]
    calls += [
        ["verify", "--messages", "--cucumber-json"],
        ["docs"],
        ["docs", "--json"],
        ["fmt", "--check"],
        ["fmt", "--diff"],
        ["fmt"],
        ["gate"],
    ]
    calls += [["gate", "--format", form] for form in ("json", "github", "sarif", "junit")]
    for call in calls:
        done = subprocess.run([*command, *call], cwd=features.parent, env=environment, capture_output=True, check=False)
        output = done.stdout.decode() + done.stderr.decode()
        assert done.returncode in (0, 1), (call, output)
        assert not [line for line in output.split("\n") if any(unicodedata.category(sign) == "Cc" for sign in line)], (call, output)
        assert not re.search("^b\\.feature", output, re.MULTILINE), (call, output)  # no line is broken in the name
        if call == ["lint", "--format", "sarif"]:
            [result, *_] = json.loads(done.stdout)["runs"][0]["results"]
            assert unquote(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) == f"features/a{characters}b.feature"
    build = features.parent / "build"
    for file in [*build.glob("site/*"), *build.glob("runs/*/junit.xml"), *build.glob("runs/*/*.json"), *build.glob("runs/*/*.ndjson")]:
        text = file.read_text(encoding="utf-8", errors="replace")
        assert not [sign for sign in set(text) if unicodedata.category(sign) == "Cc" and sign not in "\n\t\r"], file
        assert f"{characters}b.feature" not in text, file


def test_the_remedy_names_the_right_name_and_overwrites_nothing(features: Path) -> None:
    written("y.FEATURE")(features)
    written("x.feature.bak")(features)

    assert [finding.remedy.partition(",")[0] for finding in file_findings(features, features)] == [
        "delete it if `x.feature` has its content", "rename it to `y.feature`",
    ]  # fmt: skip


def test_similar_endings() -> None:
    assert all(map(has_similar_ending, ("a.feature", "a.Feature.x", "a.feeture", "a.featur", "a.feat.feature_2")))
    assert not any(map(has_similar_ending, ("feature", "a.creat", "a.md", "a.structure", "a.future", "a.pdf", "a.lecture")))


@pytest.mark.usefixtures("in_process")
def test_verify_and_lint_name_them_and_do_not_pass(
    features: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written("y.feature.txt")(features)
    monkeypatch.chdir(features.parent)

    assert main(["lint"]) == 1
    linted = capsys.readouterr().out.splitlines()
    assert main(["verify", "--no-docs"]) == 1
    verified = capsys.readouterr().out.splitlines()

    assert linted[0] == verified[0]
    assert linted[0].startswith("features/y.feature.txt:1:1: unread-file: this file is not read")
    assert verified[2:4] == [
        "✗ the run failed: 1 of 1 examples ran, 1 passed", "  1 finding in the names and places of 1 file",
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
def test_every_format_names_a_file_whose_name_is_not_utf_8(
    form: str, features: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    written("a\udcff.feature.txt")(features)
    monkeypatch.chdir(features.parent)

    assert main(["lint", "--format", form]) == 1
    out, error = capfdbinary.readouterr()
    assert b".feature.txt" in out
    assert error == b""


@pytest.mark.parametrize("target", ["z.feature", "z.txt", "z.FEATURE", "z", "z.md", "x.feature"])
def test_a_linked_file_has_the_name_of_the_link(features: Path, target: str) -> None:
    both(written(f"../elsewhere/{target}"), lambda folder: (folder / "l.feature").symlink_to(f"../elsewhere/{target}"))(features)

    for paths in ([features], [features / "l.feature"]):
        chosen = feature_set_of(paths)
        assert (chosen.root, sorted(map(chosen.name, chosen.files))) == (features, ["l.feature", "x.feature"])
        assert list(snapshot(chosen, paths)) == ["l.feature", "x.feature"]
        assert [read_source(file, features)[0].path for file in chosen.files] == ["l.feature", "x.feature"]


def test_a_specification_with_a_linked_file_runs(features: Path) -> None:
    (features / "x.feature").rename(features.parent / "z.txt")
    (features / "l.feature").symlink_to("../z.txt")

    with child_replaced():
        verdict = run([features], out=features.parent / "runs").verdict
    assert reason_texts(verdict) == ()
    assert verdict.good
