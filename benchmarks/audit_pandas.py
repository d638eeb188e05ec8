"""Measure one rule of the audit, which credit notes are due, against the same rule in plain pandas over the same files.

Run as ``python benchmarks/audit_pandas.py``. The files are those of `audit_whole.py`: the cancellations of Assure OMS, Ajio's report of
all orders and the day book of the ERP. Both must name the same orders and e-invoices with the same amounts, or nothing is printed and the
command ends with 1. They take turns, each in a process of its own, with its imports; the best processor time of each counts.

The pandas program is what a careful analyst writes for clean files. It reads neither the reasons of rows that cannot be read, nor what an
absence proves, nor any other rule; the audit does all of that in the time that is measured, and writes no files.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[1]
sys.path[:0] = [str(TOP), str(Path(__file__).parent)]

AUDIT, PANDAS = "sop audit", "plain pandas"
Due = list[tuple[str, str, int]]
"""Order, e-invoice, and paise that are not credited."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if the two do not agree."""
    from audit_whole import Shape, write_files  # noqa: PLC0415 (not in the children)

    options = argparse.ArgumentParser(description="One rule of the audit against plain pandas.")
    options.add_argument("--rounds", type=int, default=3, help="turns of each (default: %(default)s)")
    options.add_argument("--orders", type=int, default=1_000_000, help="orders in the files (default: %(default)s)")
    options.add_argument("--one-of", type=int, default=25, help="orders for one that is cancelled (default: %(default)s)")
    options.add_argument("--only", nargs=2, metavar=("PROGRAM", "FOLDER"), help=argparse.SUPPRESS)
    chosen = options.parse_args(argv)
    if chosen.only:
        program, folder = chosen.only
        due = due_by_audit(Path(folder)) if program == AUDIT else due_by_pandas(Path(folder))
        (Path(folder) / f"{program}.json").write_text(json.dumps(sorted(due)), encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        expected = write_files(folder, Shape("months", chosen.orders, chosen.one_of))
        used: dict[str, list[tuple[float, float]]] = {AUDIT: [], PANDAS: []}
        for _ in range(chosen.rounds):
            for program, turns in used.items():
                turns.append(measured(program, folder))
        actual = {program: json.loads((folder / f"{program}.json").read_text(encoding="utf-8")) for program in used}
    if actual[AUDIT] != actual[PANDAS] or len(actual[AUDIT]) != expected:
        names = {program: {tuple(entry) for entry in due} for program, due in actual.items()}
        print(f"they do not agree: {len(actual[AUDIT]):,} and {len(actual[PANDAS]):,} of {expected:,}; for example")
        print(*sorted(names[AUDIT] ^ names[PANDAS])[:5], sep="\n")
        return 1
    print(f"{expected:,} credit notes due of {chosen.orders:,} orders; both name the same, with the same amounts")
    best = {program: min(turns) for program, turns in used.items()}
    for program, (seconds, megabytes) in best.items():
        print(f"{program:14} {seconds:7.2f} s processor time  {megabytes:7,.0f} MB at most")
    print(f"the audit takes {best[AUDIT][0] / best[PANDAS][0]:.2f} of the time and {best[AUDIT][1] / best[PANDAS][1]:.2f} of the memory")
    return 0


def measured(program: str, folder: Path) -> tuple[float, float]:
    """Run *program* in a process of its own; return its processor seconds and peak megabytes."""
    process = subprocess.Popen([sys.executable, "-P", __file__, "--only", program, str(folder)])
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{program} failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def due_by_audit(folder: Path) -> Due:
    """Return the credit notes due by the rules of the audit."""
    from orders.audit.rules.context import Options  # noqa: PLC0415
    from orders.audit.tables import Tables  # noqa: PLC0415 (only in the child)
    from orders.intake.mapping.reading import read_mapping  # noqa: PLC0415
    from orders.memory import use_system_memory  # noqa: PLC0415
    from sop_cli.audits.strategy import audit_strategy  # noqa: PLC0415
    from sop_engine import Reading  # noqa: PLC0415

    use_system_memory()
    mapping = read_mapping(folder / "audit.toml")
    with audit_strategy(mapping, None, folder) as strategy:
        intake = strategy.read(mapping, None, str)
        tables = Tables(intake.rows, intake.requests, intake.documents, intake.sources)
        duties = strategy.audit(tables, mapping.as_of, Reading.AS_PRACTISED, Options(), str).duties
        return _open_notes(duties)


def _open_notes(duties: Any) -> Due:
    rows = duties.select(["order_text", "invoice", "rest_paise", "task", "status"]).to_pylist()
    is_open = (row for row in rows if row["task"] == "credit-note" and row["status"] in ("open", "partly done"))
    return [(row["order_text"], row["invoice"], row["rest_paise"]) for row in is_open]


def due_by_pandas(folder: Path) -> Due:
    """Return the credit notes due as a pandas program finds them: cancelled in full, in time and with effect, and not credited in full."""
    import pandas as pd  # noqa: PLC0415 (only in the child)

    cancelled = pd.read_csv(folder / "assure.csv", dtype=str, keep_default_na=False)
    orders = pd.read_csv(folder / "ajio.csv", dtype=str, keep_default_na=False)
    book = pd.read_csv(folder / "erp.csv", dtype=str, keep_default_na=False)
    for table, name in ((cancelled, "Posted At"), (cancelled, "E-Invoice At"), (cancelled, "Pushed At"), (cancelled, "Cancelled At")):
        table[name] = pd.to_datetime(table[name], format="%d-%m-%Y %H:%M", errors="coerce")
    orders["Cust Order Date"] = pd.to_datetime(orders["Cust Order Date"], format="%d/%m/%Y")
    book["Date"] = pd.to_datetime(book["Date"], format="%d-%b-%y")
    book["paise"] = (book["Value"].str.replace(",", "").astype(float) * 100).round().astype("int64")
    for table, name in ((cancelled, "Channel Order ID"), (orders, "FWD Seller Order NO"), (book, "Order No"), (book, "Voucher No.")):
        table[name] = table[name].str.strip().str.lstrip("'").str.upper()

    is_full = cancelled["Cancelled Qty"].astype(int) >= cancelled["Order Qty"].astype(int)
    in_time = ~cancelled["WMS Status"].isin(["PACKED", "READY_TO_DISPATCH"])
    took = cancelled[is_full & in_time & (cancelled["Result"] == "SUCCESS")]
    took = took.merge(orders[["FWD Seller Order NO", "Status"]], left_on="Channel Order ID", right_on="FWD Seller Order NO", how="left")
    sales = book[book["Voucher Type"] == "Sales"]
    notes = book[book["Voucher Type"] == "Credit Note"].groupby("Original Invoice")["paise"].sum().rename("credited")
    due = took.merge(sales, left_on="Channel Order ID", right_on="Order No").merge(
        notes, left_on="Voucher No.", right_index=True, how="left"
    )
    rest = due["paise"] - due["credited"].fillna(0).astype("int64")
    due = due.assign(rest=rest)[rest > 0]
    return [
        (order, invoice, int(paise)) for order, invoice, paise in zip(due["Channel Order ID"], due["Voucher No."], due["rest"], strict=True)
    ]


if __name__ == "__main__":
    sys.exit(main())
