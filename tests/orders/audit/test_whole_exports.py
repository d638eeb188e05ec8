"""Sets of exports with every kind of dirt: the state of every row, every finding and every duty, and nothing more.

Each file in `samples/exports` is one set. Its sections are the exports, the mapping, the rows that are not used, the findings
(`?` if it is uncertain) and the duties. The answers were worked out by hand from the SOP.
"""

import pytest

from tests.support.export_sets import FOLDER, parts_as_text, read, sections, write_exports


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
def test_every_row_finding_and_duty_of_a_set_of_exports(tmp_path, file):
    parts = sections(file.read_text(encoding="utf-8"))
    write_exports(tmp_path, parts)

    assert parts_as_text(read(tmp_path)) == {name: sorted(parts[name].splitlines()) for name in ("rows", "findings", "duties")}


def test_there_are_enough_sets():
    assert len(list(FOLDER.glob("*.txt"))) >= 12
