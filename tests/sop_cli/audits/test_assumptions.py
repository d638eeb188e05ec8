"""What an audit assumes is said, with what to do about it."""

from pathlib import Path

import pytest

from sop_cli.exit_status import ROWS_SET_ASIDE
from sop_cli.main import main
from tests.support.audit_files import make_examples


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_examples(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_what_is_missing_to_answer_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No credit note is due where no file says what was cancelled, and each is due where no file has credit notes."""
    assert main(["audit", "dev3-erp-daybook.csv", "--out", "documents"]) == ROWS_SET_ASIDE
    only_documents = capsys.readouterr().out
    assert main(["audit", "dev1-assure.csv", str(folder / "dev1-assure.csv"), "--out", "orders"]) == ROWS_SET_ASIDE
    only_orders = capsys.readouterr().out
    assert main(["audit", "--out", "all"]) == ROWS_SET_ASIDE
    everything = capsys.readouterr().out

    left_out = "assumed: dev1-assure.csv, dev2-ajio-orders.csv: not read, as this audit was called with other files of audit.toml"
    assert left_out in only_documents
    assert "no file says which orders were cancelled, so no credit note can be called due" in only_documents
    assert "no file has credit notes, so those that are made are listed as due too" in only_orders
    assert "credit notes due, of unknown value\n" in only_orders
    assert not any(words in everything for words in ("not read, as", "no file says", "no file has credit notes"))


@pytest.mark.parametrize(("day", "times"), [("2026-07-15", 0), ("2026-07-16", 1)])
def test_a_day_after_the_last_of_the_documents_is_named_as_the_reason(
    folder: Path, capsys: pytest.CaptureFixture[str], day: str, times: int
) -> None:
    """Not where a credit note is uncertain for another reason: here it is not known who makes the e-invoices."""
    mapping = folder / "audit.toml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace('invoicing = "ERP"', 'invoicing = "unknown"'), encoding="utf-8")
    main(["audit", "--as-of", day])

    assert capsys.readouterr().out.count("are complete to 15 Jul 2026, before the day of the audit") == times
