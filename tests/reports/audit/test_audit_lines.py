"""An audit is read line by line as it was written; what is damaged is one error, and never a shorter audit."""

import json
from pathlib import Path

import pytest

from reports.audit.audit_json import json_lines
from reports.audit.audit_lines import AUDIT, AffectedOrders, affected_orders, audit_lines, latest_audit
from reports.html.errors import ReportError
from sop_engine import SopError
from tests.support.audit_samples import AS_OF, material


@pytest.fixture(scope="module")
def written() -> bytes:
    return "".join(json_lines(material(), None)).encode()


def folder_with(content: bytes, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / AUDIT).write_bytes(content)
    return folder


def test_the_lines_are_the_document(written: bytes, tmp_path: Path) -> None:
    document = json.loads(written)
    read: dict[str, object] = {name: [] for name, value in document.items() if isinstance(value, list) and name != "assumed"}
    for name, value in audit_lines(folder_with(written, tmp_path / "a")):
        entries = read.setdefault(name, value)
        if entries is not value:
            assert isinstance(entries, list)
            entries.append(value)

    assert read == document


def test_the_orders_of_each_gap_are_counted_once(written: bytes, tmp_path: Path) -> None:
    document = json.loads(written)
    by_gap: dict[str, set[str]] = {}
    for record in (*document["findings"], *document["duties"]):
        for gap in record["gaps"]:
            by_gap.setdefault(gap, set()).add(record["order_key"])
    for row in document["set_aside"]:
        for gap in (reason["gap"] for reason in row["reasons"] if reason["gap"] and row["order"]):
            by_gap.setdefault(gap, set()).add(row["order"].upper())

    counted = affected_orders(folder_with(written, tmp_path / "a"))

    assert counted == AffectedOrders(AS_OF.isoformat(), {gap: len(orders) for gap, orders in by_gap.items()})
    assert len(by_gap) > 3


def test_an_order_counts_once_for_a_gap_and_each_order_counts(written: bytes, tmp_path: Path) -> None:
    before = affected_orders(folder_with(written, tmp_path / "a")).by_gap
    line = next(line for line in written.splitlines(keepends=True) if b'"rule":' in line and b'"GAP-17"' in line and line.endswith(b",\n"))
    again, other = line.replace(b'"reference": "F', b'"reference": "E'), line.replace(b"FN0", b"FN9")

    after = affected_orders(folder_with(written.replace(line, line + again + other), tmp_path / "b")).by_gap

    assert after == {**before, "GAP-17": before["GAP-17"] + 1}


def test_an_audit_that_is_cut_off_anywhere_is_refused(written: bytes, tmp_path: Path) -> None:
    for length in range(0, len(written) - 1, len(written) // 150):
        with pytest.raises(SopError, match=r"audit\.json"):
            affected_orders(folder_with(written[:length], tmp_path / "a"))


@pytest.mark.parametrize("changed", [lambda text: json.dumps(json.loads(text), indent=1).encode(), lambda _: b"\x00", lambda _: b"[]\n"])
def test_another_layout_is_refused(changed: object, written: bytes, tmp_path: Path) -> None:
    assert callable(changed)
    with pytest.raises(ReportError, match="it is not an audit of this program"):
        affected_orders(folder_with(changed(written), tmp_path / "a"))


def test_the_latest_audit_is_that_of_the_latest_day(written: bytes, tmp_path: Path) -> None:
    assert latest_audit(tmp_path) is None
    june = folder_with(written, tmp_path / "z")
    assert latest_audit(tmp_path) == june
    july = folder_with(written.replace(AS_OF.isoformat().encode(), b"2026-08-31"), tmp_path / "b")
    folder_with(b"nonsense", tmp_path / "zz")
    assert latest_audit(tmp_path) == july
