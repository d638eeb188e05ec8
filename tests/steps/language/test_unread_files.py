"""A file that holds a feature and is not read is named, inside documents, archives and folders too."""

import bz2
import gzip
import io
import json
import lzma
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from steps.language.file_names import file_findings
from tests.support.feature_folders import FEATURE, Make, both, folder, linked, packed, written


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
    "lines.csv": "".join(f'{number},"{line}"\n' for number, line in enumerate(FEATURE.splitlines(), 1)),
    "numbered.txt": "".join(f"{number:3}: {line}\n" for number, line in enumerate(FEATURE.splitlines(), 1)),
    "a.xml": f"<orders>\n<text><![CDATA[{FEATURE}]]></text>\n</orders>\n",
    "a.rtf": "{\\rtf1\\ansi " + FEATURE.replace("\n", "\\par\n\\tab ") + "}",
    "a.patch": "@@ -0,0 +1,9 @@\n" + "".join(f"+{line}\n" for line in FEATURE.splitlines()),
    "commented.txt": "Draft\n\n" + "".join(f"// {line}\n" for line in FEATURE.splitlines()),
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
    "i.txt": "1. Feature: a page\n2. Scenario: one behaviour\n3. What is given: an order\n",
    "a.rtf": "{\\rtf1\\ansi A Feature: and a Scenario:\\par\nGiven an order\\par\n}",
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
    **{f"of {codec}": packed("a.txt", FEATURE.encode(codec)) for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-32")},
    **{f"of {codec} in Russian": packed("a.txt", "\u0424\u0443\u043d\u043a\u0446\u0438\u044f: \u0417\u0430\u043a\u0430\u0437\u044b\n".encode(codec)) for codec in ("utf-16-le", "utf-16-be")},
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
    **{
        f"notes of {codec}": packed("a.txt", "Notes about the Feature: none.\n".encode(codec))
        for codec in ("utf-16-le", "utf-16-be", "utf-32-le")
    },
    "heading": written("a.md", "# Features of the SOP\n"),
    "link to a file outside": linked("a.feature", "../elsewhere/z.feature"),
    "link to a file outside with the name of another file": both(
        linked("a.feature", "../elsewhere/x.feature"), written("../elsewhere/x.feature")
    ),
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


@pytest.mark.parametrize("make", CLEAN.values(), ids=CLEAN)
def test_its_nearest_neighbour_stays_clean(features: Path, make: Make) -> None:
    make(features)

    assert file_findings(features, features) == []
