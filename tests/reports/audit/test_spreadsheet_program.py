"""LibreOffice opens the worklist and the CSV files: ids keep their zeros, no formula is live, and notes survive a save."""

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reports.audit.csv_files import CSV_FILES
from reports.audit.earlier_audit import read_notes
from reports.audit.writing import write_audit
from tests.support.audit_samples import material

pytestmark = [pytest.mark.peers, pytest.mark.slow]
PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
SPOILED = "=1+1&"
"""A text that is a formula where a program takes it for one."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The beginning of a call of LibreOffice without a window, with settings of its own."""
    if PROGRAM is None:
        pytest.skip("LibreOffice is not here")
    settings = tmp_path_factory.mktemp("settings").as_uri()
    return [PROGRAM, f"-env:UserInstallation={settings}", "--headless", "--norestore", "--convert-to"]


def converted(program: list[str], file: Path, form: str) -> Path:
    out = file.parent / "converted"
    subprocess.run([*program, form, "--outdir", str(out), str(file)], check=True, capture_output=True, timeout=180)
    return out / f"{file.stem}.{form.partition(':')[0]}"


def cells_of(flat: Path) -> list[tuple[str, str]]:
    """The type and the shown text of each cell of a flat spreadsheet."""
    text = flat.read_text(encoding="utf-8")
    assert "table:formula" not in text
    cells = re.findall(r"<table:table-cell([^>]*[^/>])>(.*?)</table:table-cell>", text, re.DOTALL)
    kinds = [(re.search(r'office:value-type="(\w+)"', attributes), content) for attributes, content in cells]
    return [(kind[1] if kind else "", unescape(re.sub(r"<[^>]+>", "", content)).strip()) for kind, content in kinds]


@pytest.mark.parametrize("spoil", ["00", SPOILED])
def test_the_worklist_opens_with_its_ids_and_without_a_formula(program: list[str], tmp_path: Path, spoil: str) -> None:
    write_audit(tmp_path / "july", material(spoil=spoil))
    cells = cells_of(converted(program, tmp_path / "july" / "worklist.xlsx", "fods"))
    prefix = f"'{spoil}" if spoil == SPOILED else spoil

    assert ("string", f"{prefix}FN0003") in cells
    assert ("string", f"{prefix}INV-008") in cells
    assert {kind for kind, text in cells if re.fullmatch(r"\d{1,2} \w{3} \d{4}", text)} == {"date"}
    assert ("float", "2,10,000.00") in cells
    assert [text for kind, text in cells if text.startswith("Err:") or text == "#NAME?"] == []


@pytest.mark.parametrize("name", CSV_FILES)
@pytest.mark.parametrize("spoil", ["00", SPOILED])
def test_the_csv_files_open_with_their_ids_and_without_a_formula(program: list[str], tmp_path: Path, spoil: str, name: str) -> None:
    write_audit(tmp_path / "july", material(spoil=spoil))
    cells = cells_of(converted(program, tmp_path / "july" / name, "fods"))
    texts = [text for kind, text in cells if kind == "string"]

    assert any(text.startswith(f"'{spoil}") for text in texts), texts[:20]
    assert [text for text in texts if text[:1] in set("=+@")] == []


def test_notes_survive_when_the_program_saves_the_worklist(program: list[str], tmp_path: Path) -> None:
    write_audit(tmp_path / "july", material())
    book = load_workbook(tmp_path / "july" / "worklist.xlsx")
    page = book["Credit notes due"]
    titles = [cell.value for cell in page[1]]
    page.cell(3, titles.index("Your note") + 1, "00123, with the accountant")
    reference = page.cell(3, titles.index("Reference") + 1).value
    book.save(tmp_path / "july" / "worklist.xlsx")
    saved = converted(program, tmp_path / "july" / "worklist.xlsx", "xlsx")

    assert read_notes(saved)[reference] == "00123, with the accountant"
    assert set(read_notes(saved)) == set(read_notes(tmp_path / "july" / "worklist.xlsx"))
