"""Measure `sop audit` end to end, with all its outputs: processor time and peak memory of the command in a process of its own.

Run as ``python benchmarks/audit_whole.py``. *two exports* are Ajio's report of all orders, of which one of 25 is cancelled, and the
cancellations of Assure OMS; *with the ERP* has the day book too, with the e-invoice of almost every order. In *all cancelled* every
order is cancelled and most have an e-invoice, so that almost every order has findings and many have a duty. The figures that the audit must have are known from how the files were made.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parents[1]
YEAR = "complete = { from = 2026-06-01, to = 2026-06-30, of ="
MAPPING = f"""[audit]
invoicing = "ERP"
as_of = 2026-07-15

[[source]]
file = "assure.csv"
profile = "assure-cancellations"
{YEAR} "cancellations" }}

[[source]]
file = "ajio.csv"
profile = "ajio-order-report"
dates = {{ format = "dd/mm/yyyy", zone = "Asia/Kolkata" }}
{YEAR} "orders" }}

[[source]]
file = "erp.csv"
profile = "tally-daybook"
complete = {{ from = 2026-06-01, to = 2026-07-15, of = "documents" }}
"""
ASSURE = "Channel Order ID,Order Qty,Cancelled Qty,Cancelled By,OMS Status,WMS Status,Posted At,E-Invoice No,E-Invoice At,Pushed At,Cancelled At,Result"
AJIO = "FWD Seller Order NO,Cust Order Date,FWD PO NO,Seller Invoice No,Status,Description,Order Qty,Shipped QTY,SLA Status,Cancelled Qty,Customer Cancelled QTY,Seller Cancelled QTY"
ERP = "Date,Particulars,Voucher Type,Voucher No.,Original Invoice,Order No,Value"
INVOICED, CREDITED = 0.6, 0.5
"""Shares: of the cancelled orders those with an e-invoice, and of these those with a credit note."""
ODD = 0.05
"""Share of the cancellations that came too late, of those that were turned away, and of the credit notes for half of the value."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Files of an audit: number of orders, and how many of them there are for one that is cancelled."""

    name: str
    orders: int
    one_of: int
    has_book: bool = True
    """Whether the audit has the day book of the ERP."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if an audit does not find the credit notes that are due."""
    options = argparse.ArgumentParser(description="Time and memory of a whole audit.")
    options.add_argument("--orders", type=int, default=1_000_000, help="orders of the months (default: %(default)s)")
    options.add_argument("--cancelled", type=int, default=200_000, help="orders that are all cancelled (default: %(default)s)")
    options.add_argument("--keep", type=Path, help="folder for the files and the audits")
    chosen = options.parse_args(argv)
    shapes = [
        Shape("two exports", chosen.orders, 25, has_book=False),
        Shape("with the ERP", chosen.orders, 25),
        Shape("all cancelled", chosen.cancelled, 1),
    ]
    wrong = 0
    with tempfile.TemporaryDirectory() as temporary:
        for shape in shapes:
            if not shape.orders:
                continue
            folder = (chosen.keep or Path(temporary)) / shape.name.replace(" ", "-")
            due = write_files(folder, shape)
            seconds, megabytes, actual = audited(folder)
            names = ("assure.csv", "ajio.csv", "erp.csv") if shape.has_book else ("assure.csv", "ajio.csv")
            size = sum((folder / name).stat().st_size for name in names) / 1e6
            print(
                f"{shape.name:14} {shape.orders:10,} orders, {size:6,.0f} MB  {seconds:7.1f} s processor time  {megabytes:6,.0f} MB at most  "
                f"{actual:8,} credit notes due{'' if actual == due else f', not {due:,}'}"
            )
            wrong += actual != due
    return int(bool(wrong))


def audited(folder: Path) -> tuple[float, float, int]:
    """Audit the files in *folder*; return processor seconds, peak megabytes and the credit notes due."""
    out = folder / "audit"
    command = [sys.executable, "-P", "-m", "sop_cli", "audit", "--mapping", str(folder / "audit.toml"), "--out", str(out)]
    with (folder / "messages.txt").open("w", encoding="utf-8") as messages:
        process = subprocess.Popen(command, cwd=TOP, stdout=messages, stderr=messages)
        _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit((folder / "messages.txt").read_text(encoding="utf-8"))
    head = (out / "audit.json").read_text(encoding="utf-8").partition('"sources"')[0].rstrip().rstrip(",")
    actual = json.loads(head + "}")["figures"]["credit_notes_due"]
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, actual


def write_files(folder: Path, shape: Shape) -> int:
    """Write the files of *shape* into *folder*; return how many credit notes are due."""
    rng = random.Random(1)  # noqa: S311 (orders)
    folder.mkdir(parents=True, exist_ok=True)
    mapping = MAPPING if shape.has_book else MAPPING[: MAPPING.rindex("[[source]]")]
    (folder / "audit.toml").write_text(mapping, encoding="utf-8")
    due = note = 0
    with (
        (folder / "assure.csv").open("w", encoding="utf-8") as assure,
        (folder / "ajio.csv").open("w", encoding="utf-8") as ajio,
        (folder / "erp.csv").open("w", encoding="utf-8") as erp,
    ):
        print(ASSURE, file=assure)
        print(AJIO, file=ajio)
        print(ERP, file=erp)
        for number in range(shape.orders):
            order, invoice, day, units = f"FN{number:08}", f"INV-{number:07}", rng.randint(1, 28), rng.randint(1, 4)
            is_cancelled, is_invoiced = number % shape.one_of == 0, rng.random() < INVOICED
            by_seller = rng.random() < INVOICED
            cancelled = units if is_cancelled else 0
            print(
                f"{order},{day:02}/06/2026,PO{number},,{'Cancelled' if is_cancelled else 'Delivered'},Kurta blue cotton,{units},"
                f"{units - cancelled},Within SLA,{cancelled},0,{cancelled * by_seller}",
                file=ajio,
            )
            is_packed, is_turned_away = rng.random() < ODD, rng.random() < ODD
            if is_cancelled:
                times = [f"{day:02}-06-2026 {hour:02}:{rng.randint(0, 59):02}" for hour in (4, 9, 14, 19)]
                invoiced = f"{invoice},{times[1]},{times[2]}" if is_invoiced else ",,"
                who = "SELLER" if by_seller else "AJIO"
                wms, result = "PACKED" if is_packed else "", "ERROR" if is_turned_away else "SUCCESS"
                print(f"{order},{units},{units},{who},PROCESSING,{wms},{times[0]},{invoiced},{times[3]},{result}", file=assure)
            if is_invoiced or not is_cancelled:
                print(f"{day}-Jun-26,Ajio B2B,Sales,{invoice},,{order},{units * 700}.00", file=erp)
                takes_effect = is_cancelled and not is_packed and not is_turned_away
                is_credited, is_whole = rng.random() < CREDITED, rng.random() > ODD
                if takes_effect and is_credited:
                    note += 1
                    value = units * 700 if is_whole else units * 350
                    print(f"{day}-Jun-26,Ajio B2B,Credit Note,CN-{note:07},{invoice},{order},{value}.00", file=erp)
                due += takes_effect and not (shape.has_book and is_credited and is_whole)
    return due


if __name__ == "__main__":
    sys.exit(main())
