"""Cells of a spreadsheet that calamine reads as empty although they are not: errors such as #N/A, and formulas without a stored value."""

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from xml.parsers import expat

from orders.intake.files.binary_excel import errors_of_sheet, sheets_of_workbook
from orders.intake.files.old_excel import errors_of_sheets

_WORKBOOK, _RELATIONS, _ODS_CONTENT = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "content.xml"
_BINARY_WORKBOOK, _BINARY_RELATIONS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
_SHEET, _RELATION = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>"), re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"(?:\w+:)?(\w+)\s*=\s*([\"'])(.*?)\2", re.DOTALL)
_SUSPECT = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?<!/)>[^<]*</[^>]*>\s*(?:</|<(?:\w+:)?v\s*(?:/>|>\s*<))"
    rb"|<(?:\w+:)?f(?:\s[^>]*)?/>\s*(?:</|<(?:\w+:)?v\s*(?:/>|>\s*<))"
    rb"|\st\s*=\s*[\"']e[\"']"
)
"""A formula without a value, or an error, somewhere in a sheet of an XLSX file: few have one, and a pass over the cells takes long."""
_SUSPECT_OF_ODS = re.compile(rb":formula\s*=|value-type\s*=\s*[\"']error[\"']")
_OTHER_ERROR = "#VALUE!"
_MOST_REPEATED = 1_000
"""Cells or rows that ODS repeats; more are the empty rest of a sheet."""
_LETTERS = re.compile(r"([A-Z]+)(\d+)")

Place = tuple[int, int]
"""Row from 1 and column from 0."""


@dataclass(slots=True)
class CellFaults:
    """Faulty cells of one sheet: the words of its errors, and the formulas whose value the file does not have."""

    errors: dict[Place, str] = field(default_factory=dict)
    without_value: set[Place] = field(default_factory=set)


def cell_faults(file: Path, names: Sequence[str]) -> dict[str, CellFaults]:
    """Return the faults of the sheets of a spreadsheet called *names*. In an XLSB file each formula has a value.

    Raises:
        expat.ExpatError: the file has XML that calamine takes and this does not.
        OSError, zipfile.BadZipFile, KeyError, ValueError: it cannot be read.
    """
    match file.suffix.casefold():
        case ".xlsx" | ".xlsm":
            return _of_xlsx(file, names)
        case ".xlsb":
            return _of_xlsb(file, names)
        case ".ods":
            return _of_ods(file)
        case ".xls":
            return {name: CellFaults(errors) for name, errors in errors_of_sheets(file.read_bytes()).items()}
    return {}


def _of_xlsx(file: Path, names: Sequence[str]) -> dict[str, CellFaults]:
    faults = {}
    with zipfile.ZipFile(file) as archive:
        parts = _parts_of_sheets(archive)
        for name in names:
            text = archive.read(parts[name]) if name in parts else b""
            if _SUSPECT.search(text):
                faults[name] = _XlsxCells().faults_in(text)
    return faults


def _of_xlsb(file: Path, names: Sequence[str]) -> dict[str, CellFaults]:
    with zipfile.ZipFile(file) as archive:
        members = frozenset(archive.namelist())
        targets = _targets(archive.read(_BINARY_RELATIONS))
        parts = {name: targets.get(relation, "") for name, relation in sheets_of_workbook(archive.read(_BINARY_WORKBOOK)).items()}
        return {name: CellFaults(errors_of_sheet(archive.read(parts[name]))) for name in names if parts.get(name) in members}


def _of_ods(file: Path) -> dict[str, CellFaults]:
    with zipfile.ZipFile(file) as archive:
        text = archive.read(_ODS_CONTENT)
    return _OdsCells().faults_in(text) if _SUSPECT_OF_ODS.search(text) else {}


def _parser(start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], text: Callable[[str], None]) -> expat.XMLParserType:
    """Return a parser that calls *start*, *end* and *text*."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    return parser


class _XlsxCells:
    """A pass over the cells of a sheet of an XLSX file."""

    def __init__(self) -> None:
        self.faults = CellFaults()
        self.row, self.column = 0, -1
        self.kind, self.has_formula, self.value = "", False, ""
        self.is_value = False

    def faults_in(self, text: bytes) -> CellFaults:
        """Return the faults of a sheet."""
        _parser(self._start, self._end, self._text).Parse(text, True)  # noqa: FBT003 (a function of C)
        return self.faults

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self.row, self.column = int(attributes.get("r", self.row + 1)), -1
            case "c":
                place = _LETTERS.fullmatch(attributes.get("r", ""))
                self.column = place_of_letters(place[1]) if place else self.column + 1
                self.row = int(place[2]) if place else self.row
                self.kind, self.has_formula, self.value = attributes.get("t", ""), False, ""
            case "f":
                self.has_formula = True
            case "v":
                self.is_value = True

    def _text(self, text: str) -> None:
        if self.is_value:
            self.value += text

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v":
                self.is_value = False
            case "c" if self.kind == "e":
                self.faults.errors[self.row, self.column] = self.value.strip() or _OTHER_ERROR
            case "c" if self.has_formula and self.kind != "str" and not self.value.strip():
                self.faults.without_value.add((self.row, self.column))


class _OdsCells:
    """A pass over the cells of all sheets of an ODS file."""

    def __init__(self) -> None:
        self.sheets: dict[str, CellFaults] = {}
        self.faults = CellFaults()
        self.row, self.column, self.rows, self.columns = 0, 0, 1, 1
        self.attributes: dict[str, str] = {}
        self.text, self.has_text = "", False

    def faults_in(self, text: bytes) -> dict[str, CellFaults]:
        """Return the faults of each sheet."""
        _parser(self._start, self._end, self._text).Parse(text, True)  # noqa: FBT003 (a function of C)
        return self.sheets

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "table":
                self.faults = self.sheets.setdefault(_attribute(attributes, "name"), CellFaults())
                self.row = 1
            case "table-row":
                self.column, self.rows = 0, int(_attribute(attributes, "number-rows-repeated") or 1)
            case "table-cell" | "covered-table-cell":
                self.attributes, self.text, self.has_text = attributes, "", False
                self.columns = int(_attribute(attributes, "number-columns-repeated") or 1)
            case "p":
                self.has_text = True

    def _text(self, text: str) -> None:
        self.text += text

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "table-row":
                self.row += self.rows
            case "table-cell" | "covered-table-cell":
                self._cell()
                self.column += self.columns

    def _cell(self) -> None:
        is_error = self.attributes.get("calcext:value-type") == "error"
        has_value = self.has_text or _attribute(self.attributes, "value-type")
        if not is_error and (has_value or not _attribute(self.attributes, "formula")):
            return
        rows, columns = min(self.rows, _MOST_REPEATED), min(self.columns, _MOST_REPEATED)
        places = [(self.row + row, self.column + column) for row in range(rows) for column in range(columns)]
        if is_error:
            self.faults.errors |= dict.fromkeys(places, self.text.strip() or _OTHER_ERROR)
        else:
            self.faults.without_value.update(places)


def _attribute(attributes: dict[str, str], name: str) -> str:
    """Return an attribute of ODS by its name, whatever the prefix of the namespace."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name and not key.startswith("calcext:")), "")


def _parts_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return for each sheet of an XLSX file the name of its part, which need not be numbered in the order of the sheets."""
    members = frozenset(archive.namelist())
    if not {_WORKBOOK, _RELATIONS} <= members:
        return {}
    targets = _targets(archive.read(_RELATIONS))
    sheets = map(_attributes, _SHEET.findall(archive.read(_WORKBOOK)))
    parts = {of_tag.get("name", ""): targets.get(of_tag.get("id", ""), "") for of_tag in sheets}
    return {name: part for name, part in parts.items() if part in members}


def _targets(relations: bytes) -> dict[str, str]:
    """Return the names of the parts by the ids of their relations."""
    targets = {}
    for tag in _RELATION.findall(relations):
        of_tag = _attributes(tag)
        target = of_tag.get("Target", "")
        targets[of_tag.get("Id", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return targets


def _attributes(tag: bytes) -> dict[str, str]:
    """Return the attributes of an XML tag by their names without a prefix."""
    return {name.decode(): unescape(value.decode("utf-8", "replace")) for name, _, value in _ATTRIBUTE.findall(tag)}


def place_of_letters(letters: str) -> int:
    """Return the place from 0 of a column: 0 for A, 26 for AA."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
