"""Feature files and folders beside a specification are named, and make a run a part of it."""

import json
from pathlib import Path

import pytest

from sop_cli.main import main
from steps.language import outside_features
from steps.language.feature_set import feature_set_of
from steps.language.outside_features import misnamed_features_folders
from tests.support.feature_folders import written


@pytest.mark.parametrize(
    "name", ["Features", "FEATURES", "feature", "Features ", "features 2", "features copy", "features_", "\uff46eatures"]
)
def test_a_folder_beside_with_nearly_the_name_is_a_finding(features: Path, name: str) -> None:
    written(f"../{name}/a.feature")(features)
    written(f"../{name}-notes/a.txt")(features)

    surroundings = feature_set_of([features]).surroundings
    assert [(finding.rule, finding.path) for finding in surroundings.file_findings] == [("unread-file", f"../{name}")]
    assert surroundings.beside == ()


@pytest.mark.parametrize(
    "name",
    [
        "Features/a.txt",
        "futures/a.txt",
        "feature_flags/a.json",
        "features-old.zip",
        ".venv/a.feature",
        "build/lib/x/features/a.feature",
        "build/bdist.linux-x86_64/a.feature",
        ".venv/lib/site-packages/x/a.feature",
        "docs/node_modules/x/a.feature",
        ".git/a.feature",
        "docs/a.md",
        "deep/er/a.txt",
    ],
)
def test_other_files_beside_the_features_are_no_specification(features: Path, name: str) -> None:
    written(f"../{name}", "")(features)

    surroundings = feature_set_of([features]).surroundings
    assert (surroundings.file_findings, surroundings.beside) == ((), ())


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("a.feature", "a.feature"),
        ("a.feature.txt", "a.feature.txt"),
        ("more/a.feature", "more/"),
        ("more/a.FEATURE", "more/"),
        ("features_new/a.feature", "features_new/"),
        ("more/deep/a.feature", "more/deep/"),
        ("one/two/three/four/five/a.feature", "one/two/three/four/five/"),
        ("other/features/a.feature", "other/features/"),
        ("docs/Features/a.feature.txt", "docs/Features/"),
        (".old/a.feature", ".old/"),
        (".old/deep/a.feature", ".old/deep/"),
        ("build/a.feature", "build/"),
        ("build/deep/a.feature", "build/deep/"),
        ("build/library/a.feature", "build/library/"),
        ("dist/a.feature", "dist/"),
        ("dist/a.feature.txt", "dist/"),
        ("env/a.feature", "env/"),
        ("venv/deep/a.feature", "venv/deep/"),
        ("target/a.feature", "target/"),
        ("docs/build/a.feature", "docs/build/"),
    ],
)
def test_feature_files_beside_are_named_and_make_the_run_a_part(features: Path, name: str, beside: str) -> None:
    written(f"../{name}")(features)

    assert feature_set_of([features]).surroundings.beside == (beside,)
    assert feature_set_of([features / "x.feature"]).surroundings.beside == (beside,)


@pytest.mark.parametrize("mark", ["CACHEDIR.TAG", "pyvenv.cfg", ".sop-folder.json", "run.ndjson"])
def test_caches_environments_and_folders_of_the_program_beside_are_not_searched(features: Path, mark: str) -> None:
    written("../tool/lib/a.feature")(features)
    written(f"../tool/{mark}", "")(features)

    assert feature_set_of([features]).surroundings.beside == ()


def test_the_folder_nearest_to_the_top_stands_for_all_in_it(features: Path) -> None:
    for name in ("more/a.feature", "more/deep/b.feature", "docs/one/c.feature", "docs/two/d.feature"):
        written(f"../{name}")(features)

    assert feature_set_of([features]).surroundings.beside == ("docs/one/", "docs/two/", "more/")


def test_feature_files_of_others_are_listed_in_the_settings(features: Path) -> None:
    for name in ("tests/data/a.feature", "tests/more/b.feature", "c.feature"):
        written(f"../{name}")(features)
    settings = features.parent / "pyproject.toml"

    settings.write_text('[tool.sop]\nelsewhere = ["tests/data", "./c.feature"]\n', encoding="utf-8")
    assert feature_set_of([features]).surroundings.beside == ("tests/more/",)
    settings.write_text('[tool.sop]\nelsewhere = ["tests", "c.feature"]\n', encoding="utf-8")
    assert feature_set_of([features]).surroundings.beside == ()


@pytest.mark.parametrize("listed", ['"tests"', "[1]", "{}"])
def test_a_list_that_is_none_is_an_error(
    features: Path, listed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (features.parent / "pyproject.toml").write_text(f"[tool.sop]\nelsewhere = {listed}\n", encoding="utf-8")
    monkeypatch.chdir(features.parent)

    assert main(["lint"]) == 2
    assert "pyproject.toml: `elsewhere` in `[tool.sop]` is not a list of paths" in capsys.readouterr().err


def test_too_much_to_search_is_said(features: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside_features, "MOST_ENTRIES", 3)
    for name in ("a/1.txt", "a/2.txt", "b/deep/er/x.feature"):
        written(f"../{name}")(features)

    assert feature_set_of([features]).surroundings.beside == (outside_features.UNSEARCHED,)


def test_without_a_features_folder_what_lies_beside_the_paths_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one/a.feature", "one/b.feature", "two/c.feature", "three/notes.txt"):
        written(name, "")(tmp_path)

    assert feature_set_of([tmp_path / "one"]).surroundings.beside == ("two/",)
    assert feature_set_of([tmp_path / "one", tmp_path / "two"]).surroundings.beside == ()
    assert feature_set_of([tmp_path / "one" / "a.feature"]).surroundings.beside == ("b.feature",)
    monkeypatch.chdir(tmp_path / "one")
    assert feature_set_of([Path()]).surroundings.beside == ()


@pytest.mark.usefixtures("in_process")
def test_the_verdict_line_the_json_and_the_page_call_a_part_a_part(
    features: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written("../a.feature")(features)
    monkeypatch.chdir(features.parent)

    assert main(["verify"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "✓ 1 of 1 examples passed; not run: a.feature, beside the specification"
    assert "1 example passed, but not all feature files ran" in Path("build/site/index.html").read_text(encoding="utf-8")
    assert main(["verify", "--no-docs", "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert (plain["whole"], plain["beside"], plain["installed"]) == (False, ["a.feature"], False)
    assert main(["lint"]) == 0
    assert capsys.readouterr().out == "1 file, 1 example: no findings; not checked: a.feature, beside the specification\n"
    assert main(["gate", "--run", f"build/runs/{Path('build/runs/latest').read_text(encoding='utf-8').strip()}"]) == 1
    assert "not run: a.feature, beside the specification" in capsys.readouterr().out

    Path("a.feature").unlink()
    assert main(["verify", "--no-docs"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "✓ 1 of 1 examples passed"


@pytest.mark.usefixtures("in_process")
def test_without_a_folder_of_features_the_verdict_line_says_what_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    installed = "there is no folder `features` here, so this is the specification installed with the program"

    assert main(["verify", "--no-docs", "-k", "rsi"]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith(f"not run; {installed}")
    written("a.feature", "Feature: It fails\n")(tmp_path)
    assert main(["verify", "--no-docs", "-k", "rsi"]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith(f"{installed}; not run: a.feature, beside the specification")


@pytest.mark.parametrize("verb", ["verify", "lint", "gate", "steps"])
def test_a_folder_of_nearly_the_name_instead_is_refused(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written("Features/a.feature")(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert misnamed_features_folders(tmp_path) == ["Features"]
    assert main([verb]) == 2
    assert (
        capsys.readouterr().err == "error: there is no folder `features`, but `Features`; rename it to `features`, or name it as a path\n"
    )


def test_a_folder_without_a_feature_file_names_what_it_has_instead(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written("features/a.feature.txt")(tmp_path)

    assert main(["verify", str(tmp_path / "features")]) == 2
    assert "there is no .feature file in this folder; a.feature.txt: this file is not read" in capsys.readouterr().err
