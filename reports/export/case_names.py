"""Names of the test cases of a run: one for each example, unique in the run, for readers that identify a case by its name alone.

A name has the Rule, the scenario and, for a row of Examples, the title of the table and the cells of the row. Examples of several files
that would have the same name get the name of their file; of those of one file, the second and later ones get a number.
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePosixPath

from sop_engine.text import UNWRITABLE, caseless
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import FeatureRecord, ScenarioRecord

RUN_CASE = "The run passed"
"""Case for the problems of the run as a whole."""

CaseNames = dict[tuple[str, str], str]
"""Name of each example, by its feature and id; with the id `FINDINGS`, of the case for the findings of the feature."""
FINDINGS = ""
_IN_TEXTS = str.maketrans({"&": "&amp;", ">": "&gt;", "<": "&lt;"})
_IN_ATTRIBUTES = _IN_TEXTS | str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def case_names(record: RunRecord) -> CaseNames:
    """Return the name of every case of *record*; every file has one for its findings, so that no name depends on them."""
    features = {feature.path: _rows_in_words(feature) for feature in record.features}
    names = {(path, FINDINGS): findings_case(path) for path in features}
    names |= {scenario.key: _name_of(scenario, features.get(scenario.feature, {})) for scenario in record.scenarios}
    compared = {name: _as_compared(name) for name in names.values()}
    files: defaultdict[str, set[str]] = defaultdict(set)
    for (path, _), name in names.items():
        files[compared[name]].add(path)
    taken = {_as_compared(RUN_CASE)}
    return {
        (path, example): _unique(f"{name} (in {path})" if len(files[compared[name]]) > 1 else name, compared, taken)
        for (path, example), name in names.items()
    }


def findings_case(path: str) -> str:
    """Return the name of the case for the findings of a file."""
    return f"{path} has no findings"


def group_of(path: str) -> str:
    """Return the ``classname`` for a file: its folders and its name, separated by full stops."""
    return ".".join(PurePosixPath(path).with_suffix("").parts)


def text_for_xml(text: str) -> str:
    """Return *text* as the text of an element."""
    return escaped_for_xml(text).translate(_IN_TEXTS)


def attribute_for_xml(text: str) -> str:
    """Return *text* as the value of an attribute, in quotes."""
    value = escaped_for_xml(text).translate(_IN_ATTRIBUTES)
    if '"' not in value:
        return f'"{value}"'
    return f'"{value.replace(chr(34), "&quot;")}"' if "'" in value else f"'{value}'"


def escaped_for_xml(text: str) -> str:
    """Replace characters that XML does not allow by Python's escapes."""
    return UNWRITABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _rows_in_words(feature: FeatureRecord) -> dict[str, str]:
    """Return title of the table and cells of each row of Examples, by the id of its example."""
    scenarios = feature.document.scenarios if feature.document else []
    return {
        row.instance: f"{f': {table.name}' if table.name else ''} ({', '.join(row.cells)})"
        for scenario in scenarios
        for table in scenario.examples
        for row in table.rows
    }


def _name_of(scenario: ScenarioRecord, rows: dict[str, str]) -> str:
    rule = f"{scenario.rule}: " if scenario.rule else ""
    return f"{rule}{scenario.name}{rows.get(scenario.id, '') if scenario.row else ''}"


def _unique(name: str, compared: Mapping[str, str], taken: set[str]) -> str:
    """Return *name*, with a number if it is taken; *compared* has some names as `_as_compared` returns them."""
    candidate, number = name, 1
    while (key := compared.get(candidate) or _as_compared(candidate)) in taken:
        number += 1
        candidate = f"{name} #{number}"
    taken.add(key)
    return candidate


def _as_compared(name: str) -> str:
    """Return *name* as readers compare it: without regard to blanks, letter case and Unicode form, with escapes for what XML forbids."""
    return " ".join(caseless(escaped_for_xml(name)).split())
