"""Every file of a specification is looked at: it is read, or it is named, and its nearest good neighbour stays clean."""

import bz2
import gzip
import io
import json
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sop_cli.main import main
from sop_runs.problem import Problem
from steps.language import beside
from steps.language.beside import namesakes
from steps.language.feature_set import feature_set_of
from steps.language.file_names import file_findings, has_similar_ending

FEATURE = """Feature: Orders

  Scenario: A packed order
    Given an order invoiced through the client's ERP
    And the order is PACKED
    When the seller cancels the full order
    Then the cancellation is refused
"""
Make = Callable[[Path], None]


def written(name: str, text: str = FEATURE) -> Make:
    def make(features: Path) -> None:
        (features / name).parent.mkdir(parents=True, exist_ok=True)
        (features / name).write_text(text, encoding="utf-8")

    return make


def packed(name: str, data: bytes) -> Make:
    return lambda features: (features / name).write_bytes(data) and None


def linked(name: str, to: str) -> Make:
    def make(features: Path) -> None:
        (features.parent / "elsewhere").mkdir(exist_ok=True)
        (features.parent / "elsewhere" / "z.feature").write_text(FEATURE, encoding="utf-8")
        (features / name).symlink_to(to)

    return make


def folder(name: str) -> Make:
    return lambda features: (features / name).mkdir(parents=True)


def both(*makes: Make) -> Make:
    def make(features: Path) -> None:
        for one in makes:
            one(features)

    return make


def archive(name: str, members: dict[str, str]) -> Make:
    def make(features: Path) -> None:
        file = features / name
        if name.endswith(".zip"):
            with zipfile.ZipFile(file, "w") as zipped:
                for member, text in members.items():
                    zipped.writestr(member, text)
            return
        with tarfile.open(file, "w" + name.partition(".tar")[2].replace(".", ":")) as tar:
            for member, text in members.items():
                info = tarfile.TarInfo(member)
                info.size = len(text.encode())
                tar.addfile(info, io.BytesIO(text.encode()))

    return make


INDENTED = "".join(f"    {line}\n" for line in FEATURE.splitlines())
EMBEDDED = {
    "a.md": f"# Orders\n\nAs they are:\n\n```gherkin\n{FEATURE}```\n\nAnd so on.\n",
    "b.md": f"# Orders\n\n~~~\n{FEATURE}~~~\n",
    "c.md": "# Orders\n\nSome words.\n\n# Feature: Orders\n\n## Scenario: One\n\n* Given an order\n",
    "d.md": f"# Orders\n\n- one\n\n  ```\n{INDENTED}  ```\n",
    "e.md": f"# Orders\n\n```gherkin\n{FEATURE}",
    "f.markdown": "> " + FEATURE.replace("\n", "\n> "),
    "a.txt": f"Draft of Monday\n\n{FEATURE}",
    "a.rst": f"Orders\n======\n\n.. code-block:: gherkin\n\n{INDENTED}",
    "a.html": f"<h1>Orders</h1>\n<pre>{FEATURE}</pre>\n",
    "a.py": f'"""Steps."""\n\n\ndef f():\n    """{FEATURE}    """\n',
    "b.py": f"FEATURE = '''\n{FEATURE}'''\n",
    "c.py": "".join(f'    "{line}\\n"\n' for line in FEATURE.splitlines()),
    "a.yaml": f"orders: |\n{INDENTED}",
    "german.md": "# Text\n\n```gherkin\nFunktionalität: Bestellungen\n\n  Szenario: Eine\n    Angenommen eine Bestellung\n```\n",
    "a.json": json.dumps({"text": FEATURE}),
    "b.json": json.dumps([1, {"deep": [FEATURE, "x"]}], indent=2),
    "c.json": json.dumps({"json": json.dumps({"text": FEATURE})}),
    "d.json": json.dumps({"text": f"Draft of Monday\n\n{FEATURE}"}),
    "e.json": json.dumps({"text": FEATURE.replace("\n", "\r\n")}),
    "f.jsonl": '{"a": 1}\n' + json.dumps({"text": FEATURE}) + "\n",
    "g.json": json.dumps({"text": FEATURE}).replace(":", "\\u003a").replace('"text"\\u003a', '"text":'),
    "german.json": json.dumps({"t": "Funktionalität: B\n\n  Szenario: Eine\n    Angenommen eine Bestellung\n"}),
    "a.ipynb": json.dumps({"cells": [{"source": FEATURE.splitlines(keepends=True)}]}, indent=1),
    "d.py": f"FEATURE = {FEATURE!r}\n",
    "b.yaml": f"orders: {json.dumps(FEATURE)}\n",
    "a.csv": f"1,{json.dumps(FEATURE)}\n",
    "capitals.txt": f"Draft\n\n{FEATURE.upper()}",
}
SNIPPETS = {
    "a.md": "# How to write\n\n```gherkin\nGiven an order\nWhen the seller cancels it\nThen it is refused\n```\n",
    "b.md": "# How to write\n\n```gherkin\nScenario: One\n  Given an order\n```\n",
    "c.md": "# How to write\n\n```gherkin\nFeature: Orders\n```\n\nand\n\n```gherkin\nScenario: One\n```\n\nand\n\n    Given an order\n",
    "d.md": "# Features\n\n- Feature: one heading of the SOP\n- Rule: one clause\n- Scenario: one behaviour\n",
    "e.md": "Each **Feature**: a page. Each **Scenario**: a rule.\n\nGiven the time, When in doubt, Then ask.\n",
    "f.md": "# Features: how\n\n## Scenario names\n\n* Given names\n",
    "a.py": '"""Steps of the features.\n\nFeature: see the page.\n"""\n\nGiven = 1\n',
    "g.md": "# Words\n\n- Feature: a page of the SOP\n- Scenario: one behaviour\n\nThese words are the same in every file.\n",
    "h.md": "# Words\n\n- Scenario: one behaviour\n- Feature: a page of the SOP\n\nGiven that, read on.\n",
    "a.json": '{"Feature:": {"Scenario:": ["Given an order"]}}',
    "b.json": json.dumps({"text": "Scenario: One\n  Given an order\n"}),
    "c.json": json.dumps({"text": "Feature: a page\nScenario: a behaviour\n"}),
    "d.json": json.dumps({"regex": "Feature: \\\\n", "Scenario:": "x", "n": "Given"}),
}


def zipped(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return data.getvalue()


def locked(data: bytes) -> bytes:
    """The archive *data* with the mark of a password on its members."""
    return data.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )


PACKED = {
    "a.gz": gzip.compress(FEATURE.encode()),
    "b": gzip.compress(FEATURE.encode()),
    "a.bz2": bz2.compress(FEATURE.encode()),
    "a.xz": lzma.compress(FEATURE.encode()),
    "a.md.gz": gzip.compress(f"# A\n\n```gherkin\n{FEATURE}```\n".encode()),
    "a.json.gz": gzip.compress(json.dumps({"text": FEATURE}).encode()),
    "a.gz.gz": gzip.compress(gzip.compress(FEATURE.encode())),
    "zip.zip": zipped({"in.zip": zipped({"a.feature": FEATURE.encode()})}),
    "gz.zip": zipped({"a.gz": gzip.compress(FEATURE.encode())}),
    "zip.gz": gzip.compress(zipped({"notes.txt": FEATURE.encode()})),
    "deep.zip": zipped({"1.zip": zipped({"2.zip": zipped({"3.zip": zipped({"4.zip": zipped({"a.txt": b"x"})})})})}),
    "7z.zip": zipped({"a.7z": b"7z\xbc\xaf\x27\x1c" + bytes(100)}),
    "locked.zip": locked(zipped({"a.txt": b"x"})),
    "a.zst": b"\x28\xb5\x2f\xfdxxx",
    "a.7z": b"7z\xbc\xaf\x27\x1cxxxx",
    "a.rar": b"Rar!\x1a\x07xxxx",
    "a.lz4": b"\x04\x22\x4d\x18xxxx",
    "a.lz": b"LZIP\x01xxxx",
    "a.Z": b"\x1f\x9dxxxx",
}
PACKED_NOTES = {
    "a.gz": gzip.compress(b"About features\n"),
    "a.bz2": bz2.compress(b"Scenario: One\n  Given an order\n"),
    "a.xz": lzma.compress(bytes(range(256))),
    "zip.zip": zipped({"in.zip": zipped({"a.txt": b"About features\n"})}),
    "broken.gz": gzip.compress(FEATURE.encode())[:12],
    "empty.gz": gzip.compress(b""),
    "empty.zip": zipped({}),
    "a.lzip.txt": b"LZ is the name of a method\n",
}
ARCHIVES = {
    "a.zip": {"a.feature": FEATURE},
    "b.zip": {"x.txt": "x", "deep/a.FEATURE": FEATURE},
    "c.zip": {"notes.txt": FEATURE},
    "d.zip": {f"{number}.feature": FEATURE for number in range(9)},
    "a.tar": {"features/a.feature": FEATURE},
    "a.tar.gz": {"a.feature.txt": FEATURE},
    "a.tar.xz": {"notes.md": f"```gherkin\n{FEATURE}```\n"},
}
UNREAD: dict[str, Make] = {
    **{
        name: written(name)
        for name in (
            "a.feature.txt", "a.FEATURE", "a.Feature", "a.feature.md", "a.feature~", "a.feature.bak", "a.feature.orig", "#a.feature#",
            ".a.feature.swp", "a.feature (1)", "a.feature - Copy", "a.feature ", "a.features", "a.featuer", "a.feture", "a.\uff46eature",
            "a. feature", "a.feature.md.txt", "deep/er/a.feature.rst",
        )
    },
    "of another name": written("a.txt"),
    "without an ending": written("a"),
    "of Markdown": written("a.md", "# Feature: Orders\n\n## Scenario: One\n"),
    "after tags and comments": written("a.text", f"# language: en\n@GAP-14\n{FEATURE}"),
    "of another language": written("a.gherkin", "# language: de\nFunktionalität: Bestellungen\n"),
    **{f"in {name}": written(name) for name in (
        "__pycache__/a.feature", "__pycache__/deep/a.feature", "deep/__pycache__/a.FEATURE", "__pycache__/a.txt", ".svn/a.feature",
        ".svn/tmp/a.feature", ".git/a.feature", ".git/worktrees/x/a.feature", ".hg/store/a.feature", ".old/a.txt", ".bzr/a.feature.txt",
    )},
    **{f"behind comments: {number:,}": written("a.txt", "# a comment of forty characters, or nearly\n" * number + FEATURE) for number in (1, 200, 300, 20_000)},
    **{f"whole feature in {name}": written(name, text) for name, text in EMBEDDED.items()},
    **{f"in archive {name}": archive(name, members) for name, members in ARCHIVES.items()},
    **{f"packed in {name}": packed(name, data) for name, data in PACKED.items()},
    "archive that cannot be read": lambda features: (features / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(100)) and None,
    "of UTF-16": lambda features: (features / "a.txt").write_text(FEATURE, encoding="utf-16") and None,
    "link to nothing": linked("a.feature", "nothing.feature"),
    "link to itself": linked("a.feature", "a.feature"),
    "lock of an editor": linked(".#a.feature", "somebody@machine.123"),
    "link to nothing, of another name": linked("returns", "../gone"),
    "link to a folder": linked("a", "../elsewhere"),
    "link to a folder, named like a file": linked("a.feature", "../elsewhere"),
    "link to the folder above": linked("a", ".."),
    "folder with the name of a file": folder("a.feature"),
    "pipe": lambda features: os.mkfifo(features / "a.feature"),
}  # fmt: skip
UNCLEAR: dict[str, Make] = {
    "space before the ending": written("a .feature"),
    "space at the beginning": written(" a.feature"),
    "invisible character": written("a\u200b.feature"),
    "hidden file": written(".a.feature"),
    "only the ending": written(".feature"),
    "hidden folder": written(".old/a.feature"),
    "name in upper case beside one in lower case": both(written("a.feature"), written("A.feature")),
    "name in two Unicode forms": both(written("\u00e9.feature"), written("e\u0301.feature")),
    "link to a file that is read": linked("a.feature", "x.feature"),
    "links to two files of one name": both(
        linked("a.feature", "../elsewhere/z.feature"), lambda features: (features / "b.feature").symlink_to("../elsewhere/z.feature")
    ),
}
CLEAN: dict[str, Make] = {
    **{
        name: written(name)
        for name in ("a.feature", "a b.feature", "a.b.feature", "deep/er/a.feature", "é.feature", "feature.feature", "FEATURES.feature")
    },
    **{
        name: written(name, "Notes about the Feature: none.\n")
        for name in ("a.txt", "README.md", "features.md", "feature", "feature-list.txt", "a.fixture", "a.future", "a.py", "creature.txt")
    },
    "Python": written("a.py", "Feature: int = 1\n"),
    "empty": written("a.txt", ""),
    "not text": lambda features: (features / "a.png").write_bytes(bytes(range(256))) and None,
    "heading": written("a.md", "# Features of the SOP\n"),
    "link to a file outside": linked("a.feature", "../elsewhere/z.feature"),
    "folder": folder("a"),
    "cache of Python": written("__pycache__/a.feature.pyc"),
    "branch": written(".git/refs/heads/a.feature", "0123456789012345678901234567890123456789\n"),
    "copy of version control": written(".svn/pristine/01/0123.svn-base"),
    **{f"snippet in {name}": written(name, text) for name, text in SNIPPETS.items()},
    "archive": archive("a.zip", {"a.txt": "About features\n", "b.png": "x"}),
    "archive of Python": archive("a.tar.gz", {"a.py": "x = 1\n"}),
    **{f"packed notes in {name}": packed(name, data) for name, data in PACKED_NOTES.items()},
    "not an archive": written("a.zip", "PK\x03\x04 but not more"),
}


@pytest.fixture
def features(tmp_path: Path) -> Path:
    (tmp_path / "features").mkdir()
    written("x.feature")(tmp_path / "features")
    return tmp_path / "features"


def rules(findings: list[Problem]) -> set[str]:
    return {finding.rule for finding in findings}


@pytest.mark.parametrize("make", UNREAD.values(), ids=UNREAD)
def test_what_looks_like_a_feature_file_and_is_not_read_is_named(features: Path, make: Make) -> None:
    make(features)

    [finding] = file_findings(features, features)
    assert finding.rule == "unread-file"
    assert os.path.lexists(features / finding.path)


def test_a_whole_feature_is_shown_at_its_line(features: Path) -> None:
    written("a.md", EMBEDDED["a.md"])(features)

    [finding] = file_findings(features, features)
    assert (finding.path, finding.line) == ("a.md", 6)
    assert finding.message.startswith("here is a whole feature, which is not read")


def test_an_archive_names_the_first_of_its_files(features: Path) -> None:
    archive("d.zip", ARCHIVES["d.zip"])(features)

    [finding] = file_findings(features, features)
    assert finding.message == "this archive has feature files, which are not read: `0.feature`, `1.feature`, `2.feature` and more"


@pytest.mark.parametrize("text", ["Feature: x\n" * 20_000, "```\n" * 50_000, "Feature: x\n" + "#" * 200_000, "'" * 200_000])
def test_a_long_text_is_read_in_time_in_proportion(features: Path, text: str) -> None:
    written("a.py", text)(features)

    assert file_findings(features, features) == []


@pytest.mark.parametrize("make", UNCLEAR.values(), ids=UNCLEAR)
def test_an_unclear_name_is_named(features: Path, make: Make) -> None:
    make(features)

    assert rules(file_findings(features, features)) == {"file-name"}


@pytest.mark.parametrize("make", CLEAN.values(), ids=CLEAN)
def test_its_nearest_neighbour_stays_clean(features: Path, make: Make) -> None:
    make(features)

    assert file_findings(features, features) == []


def test_the_remedy_names_the_right_name_and_overwrites_nothing(features: Path) -> None:
    written("y.FEATURE")(features)
    written("x.feature.bak")(features)

    assert [finding.remedy.partition(",")[0] for finding in file_findings(features, features)] == [
        "delete it if `x.feature` has its content", "rename it to `y.feature`",
    ]  # fmt: skip


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
def test_other_things_beside_are_nobody_s_specification(features: Path, name: str) -> None:
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
    monkeypatch.setattr(beside, "MOST_ENTRIES", 3)
    for name in ("a/1.txt", "a/2.txt", "b/deep/er/x.feature"):
        written(f"../{name}")(features)

    assert feature_set_of([features]).surroundings.beside == (beside.UNSEARCHED,)


def test_without_a_features_folder_what_lies_beside_the_paths_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one/a.feature", "one/b.feature", "two/c.feature", "three/notes.txt"):
        written(name, "")(tmp_path)

    assert feature_set_of([tmp_path / "one"]).surroundings.beside == ("two/",)
    assert feature_set_of([tmp_path / "one", tmp_path / "two"]).surroundings.beside == ()
    assert feature_set_of([tmp_path / "one" / "a.feature"]).surroundings.beside == ("b.feature",)
    monkeypatch.chdir(tmp_path / "one")
    assert feature_set_of([Path()]).surroundings.beside == ()


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

    assert namesakes(tmp_path) == ["Features"]
    assert main([verb]) == 2
    assert (
        capsys.readouterr().err == "error: there is no folder `features`, but `Features`; rename it to `features`, or name it as a path\n"
    )


def test_a_folder_without_a_feature_file_names_what_it_has_instead(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written("features/a.feature.txt")(tmp_path)

    assert main(["verify", str(tmp_path / "features")]) == 2
    assert "there is no .feature file in this folder; a.feature.txt: this file is not read" in capsys.readouterr().err


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
