"""Cells that a spreadsheet shows as errors, and formulas that were never calculated: none of them is an empty cell.

Calamine gives an empty text for both, so an order whose e-invoice is ``#N/A`` looked like one without an e-invoice.
"""

import os
import random
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from orders.intake.errors import IntakeError
from orders.intake.files import extent
from orders.intake.files.extent import require_moderate_extent
from orders.intake.files.panics import without_text_of_panics
from tests.support.binary_workbooks import write_binary_workbook
from tests.support.intake import ASSURE, HEADER, messages, read_file, reasons, used
from tests.support.old_workbooks import write_old_workbook

NAMES = HEADER.split(",")
GOOD = dict(
    zip(
        NAMES,
        [
            "FN0001",
            "2",
            "2",
            "SELLER",
            "FULFILLABLE",
            "",
            "04-06-2026 09:00",
            "INV-1",
            "04-06-2026 10:00",
            "",
            "04-06-2026 11:00",
            "SUCCESS",
        ],
        strict=True,
    )
)
NUMBER = NAMES.index("E-Invoice No")


def row(order, **cells):
    return [cells.get(name.replace(" ", "_").replace("-", "_"), order if name == NAMES[0] else text) for name, text in GOOD.items()]


def xml_cell(place, text, prefix=""):
    return f'<{prefix}c r="{place}" t="inlineStr"><{prefix}is><{prefix}t>{text}</{prefix}t></{prefix}is></{prefix}c>' if text else ""


def write_xlsx(file: Path, cells: dict[str, str], prefix: str = "") -> Path:
    """Write a header and three orders; *cells* are XML in place of the cells of these names."""
    openpyxl.Workbook().save(file)
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    rows = [
        "".join(
            cells.get(f"{chr(65 + column)}{number}", xml_cell(f"{chr(65 + column)}{number}", text, prefix))
            for column, text in enumerate(texts)
        )
        for number, texts in enumerate([NAMES, row("FN0001"), row("FN0002"), row("FN0003")], start=1)
    ]
    body = "".join(f'<{prefix}row r="{number}">{text}</{prefix}row>' for number, text in enumerate(rows, start=1))
    name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    space = f'{name}="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    members["xl/worksheets/sheet1.xml"] = (
        f"<{prefix}worksheet {space}><{prefix}sheetData>{body}</{prefix}sheetData></{prefix}worksheet>".encode()
    )
    with zipfile.ZipFile(file, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return file


def write_ods(file: Path, cells: dict[str, str]) -> Path:
    """Write a header and three orders; *cells* are XML in place of the cells of these names."""
    spaces = " ".join(
        f'xmlns:{name}="{place}"'
        for name, place in {
            "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
            "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
            "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
            "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
        }.items()
    )

    def cell(place, text):
        plain = f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        return cells.get(place, plain if text else "<table:table-cell/>")

    rows = "".join(
        f"<table:table-row>{''.join(cell(f'{chr(65 + column)}{number}', text) for column, text in enumerate(texts))}</table:table-row>"
        for number, texts in enumerate([NAMES, row("FN0001"), row("FN0002"), row("FN0003")], start=1)
    )
    table = f'<table:table table:name="June">{rows}</table:table>'
    content = f"<office:document-content {spaces}><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
        archive.writestr("content.xml", content)
    return file


@pytest.mark.parametrize("words", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"])
@pytest.mark.parametrize("column", [0, 1, 3, NUMBER, NUMBER + 1])
def test_an_error_of_a_formula_is_reported_and_not_taken_for_an_empty_cell(tmp_path, words, column):
    place = f"{chr(65 + column)}3"
    file = write_xlsx(tmp_path / "orders.xlsx", {place: f'<c r="{place}" s="0" t="e"><f>VLOOKUP(1,2,3)</f><v>{words}</v></c>'})

    intake = read_file(file)

    assert used(intake) == ["FN0001", "FN0003"]
    assert reasons(intake)[3][0] == ("ROW-23", place[0])
    assert messages(intake)[0] == f'"{words}" is the error of a formula'


@pytest.mark.parametrize(("name", "write"), [("orders.xls", write_old_workbook), ("orders.xlsb", write_binary_workbook)])
@pytest.mark.parametrize("cell", ["#N/A", "=#N/A"])
@pytest.mark.parametrize("before", [0, 1])
def test_an_error_in_a_workbook_that_is_no_xml_is_reported(tmp_path, name, write, cell, before):
    file = tmp_path / name
    rows = [NAMES, row("FN0001"), row("FN0002", E_Invoice_No=cell, E_Invoice_At=cell), row("FN0003")]
    write(file, {**({"Notes": [["nothing", "#REF!"]]} if before else {}), "June": rows})

    intake = read_file(file)

    assert used(intake) == ["FN0001", "FN0003"]
    assert reasons(intake) == {3: [("ROW-23", "H"), ("ROW-23", "I")]}


def test_a_damaged_workbook_that_calamine_stops_at_is_one_error_and_nothing_else_on_stderr(tmp_path, capfd):
    file = tmp_path / "orders.xls"
    write_old_workbook(file, {"June": [NAMES, row("FN0001"), row("FN0002")]})
    content = bytearray(file.read_bytes())
    for place, byte in {1532: 13, 1561: 185, 2341: 124, 3094: 174, 3172: 204, 4592: 247, 4845: 227}.items():
        content[place] = byte
    file.write_bytes(content)

    with pytest.raises(IntakeError, match="it is damaged"):
        read_file(file)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("trace", ["", "stack backtrace:\n   0: one\n             at place:1:2\n   1: two\n"])
def test_only_the_text_of_a_panic_is_taken_out_of_stderr(capfd, trace):
    panic = f"\nthread '<unnamed>' (7) panicked at xls.rs:6:29:\nrange 1 out of 2\n{trace}note: run with `RUST_BACKTRACE=1` environment variable\n"
    with without_text_of_panics():
        os.write(2, f"5 s: reading\n{panic}10 s: reading\n".encode())
    os.write(2, b"after\n")

    assert capfd.readouterr().err == "5 s: reading\n10 s: reading\nafter\n"


def test_a_cell_of_an_xlsb_file_far_from_the_table_is_one_error(tmp_path, monkeypatch):
    monkeypatch.setattr(extent, "MOST_PLACES", 1 << 10)
    write_binary_workbook(tmp_path / "orders.xlsb", {"June": [NAMES, row("FN0001"), *[[]] * 100, [""] * 40 + ["far"]]})

    with pytest.raises(IntakeError, match="reach to column AO and row 103"):
        require_moderate_extent(tmp_path / "orders.xlsb")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_damaged_old_workbook_is_one_error_or_is_read(tmp_path, seed):
    """Calamine stops with a panic on some of them, which no `except Exception` catches."""
    draw = random.Random(seed)  # noqa: S311 (no secret)
    write_old_workbook(tmp_path / "good.xls", {"June": [NAMES, row("FN0001"), row("FN0002", E_Invoice_No="#N/A"), row("FN0003")]})
    good = (tmp_path / "good.xls").read_bytes()
    for _ in range(30):
        content = bytearray(good)
        for place in draw.sample(range(len(content)), draw.randrange(1, 9)):
            content[place] = draw.randrange(256)
        (tmp_path / "orders.xls").write_bytes(content[: draw.choice((len(content), draw.randrange(len(content))))])
        try:
            intake = read_file(tmp_path / "orders.xls")
        except IntakeError:
            continue
        assert intake.rows.num_rows == intake.sources["rows"].to_pylist()[0]


@pytest.mark.parametrize(("place", "is_refused"), [("XFD1048576", True), ("M1048576", False)])
@pytest.mark.parametrize("text", ["x", ""])
def test_a_cell_far_from_the_table_is_one_error(tmp_path, monkeypatch, place, is_refused, text):
    """Calamine ended the whole process. A far cell that has only a format is none."""
    monkeypatch.setattr(extent, "MOST_PLACES", 14 << 20)
    file = tmp_path / "orders.xlsx"
    book = openpyxl.Workbook()
    book.active.append(NAMES)
    book.active.append(row("FN0001"))
    cell = book.active[place]
    cell.value, cell.font = text or None, Font(bold=True)
    book.save(file)

    if is_refused and text:
        with pytest.raises(IntakeError, match="reach to column XFD and row 1,048,576"):
            require_moderate_extent(file)
    else:
        require_moderate_extent(file)


def test_an_error_in_an_ods_file_is_reported(tmp_path):
    """As LibreOffice writes it."""
    cell = '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>{}</text:p></table:table-cell>'
    file = write_ods(tmp_path / "orders.ods", {"H2": cell.format("#N/A"), "H3": cell.format("Err:502")})

    intake = read_file(file)

    assert used(intake) == ["FN0003"]
    assert messages(intake) == ['"#N/A" is the error of a formula', '"Err:502" is the error of a formula']


def test_an_error_that_the_mapping_declares_is_an_empty_cell(tmp_path):
    file = write_xlsx(tmp_path / "orders.xlsx", {place: f'<c r="{place}" t="e"><v>#N/A</v></c>' for place in ("H3", "I3")})

    assert used(read_file(file, ASSURE + 'empty = ["#N/A"]')) == ["FN0001", "FN0002", "FN0003"]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="H3"><f>B1</f></c>',
        '<c s="0" r="H3"><f>B1</f></c>',
        '<c r="H3" s="0"><f t="shared" si="0"/></c>',
        '<c r="H3"><f>B1</f><v> </v></c>',
        '<c r="H3"><f>B1</f><v/></c>',
        "<c><f>B1</f></c>",
    ],
)
def test_a_formula_without_a_stored_value_is_found_however_it_is_written(tmp_path, cell):
    assert reasons(read_file(write_xlsx(tmp_path / "orders.xlsx", {"H3": cell}))) == {3: [("ROW-19", "H")]}


def test_a_formula_without_a_stored_value_is_found_in_tags_with_a_prefix(tmp_path):
    file = write_xlsx(tmp_path / "orders.xlsx", {"H3": '<x:c r="H3"><x:f>B1</x:f></x:c>'}, prefix="x:")

    assert reasons(read_file(file)) == {3: [("ROW-19", "H")]}


def test_a_formula_without_a_stored_value_is_found_in_an_ods_file(tmp_path):
    file = write_ods(tmp_path / "orders.ods", {"H3": '<table:table-cell table:formula="of:=[.B1]"/>'})

    assert reasons(read_file(file)) == {3: [("ROW-19", "H")]}


def test_a_formula_whose_value_is_an_empty_text_is_an_empty_cell(tmp_path):
    """As Excel and LibreOffice write the value of ``=IF(A1="", "", A1)``."""
    of_ods = '<table:table-cell table:formula="of:=IF(1;&quot;&quot;;1)"><text:p/></table:table-cell>'
    files = [
        write_xlsx(tmp_path / "orders.xlsx", {place: f'<c r="{place}" t="str"><f>IF(1,"",1)</f><v></v></c>' for place in ("H3", "I3")}),
        write_ods(tmp_path / "orders.ods", dict.fromkeys(("H3", "I3"), of_ods)),
    ]

    assert [used(read_file(file)) for file in files] == [["FN0001", "FN0002", "FN0003"]] * 2


def test_a_formula_without_a_stored_value_in_a_row_with_too_many_cells_is_not_one_of_the_next_row(tmp_path):
    wide = xml_cell("L2", "SUCCESS") + xml_cell("M2", "a note")
    file = write_xlsx(tmp_path / "orders.xlsx", {"H2": '<c r="H2"><f>B1</f></c>', "L2": wide})

    assert reasons(read_file(file)) == {2: [("ROW-13", None)]}
