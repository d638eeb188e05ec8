"""Measure `sop audit` of more rows than fit into memory: processor time, wall time and peak memory of the command in its own process.

Run as ``python benchmarks/audit_scale.py --orders 10000000``. The files are Parquet: Ajio's report of all orders, of which one of 25 is
cancelled in Assure OMS, and the e-invoices and credit notes of the ERP for these. The credit notes that are due are known from how the
files were made. With ``--check`` the audit is also made in memory, and all files that are the same in every audit must have the same bytes.

Memory is measured twice: all resident pages, and those that are not the pages of a file, which the system can take back at any time.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

TOP = Path(__file__).parents[1]
MAPPING = """[audit]
invoicing = "ERP"
as_of = 2026-07-15

[[source]]
file = "ajio{ending}"
profile = "ajio-order-report"
dates = {{ format = "dd/mm/yyyy", zone = "Asia/Kolkata" }}
complete = {{ from = 2026-06-01, to = 2026-06-30, of = "orders" }}

[[source]]
file = "assure{ending}"
profile = "assure-cancellations"
complete = {{ from = 2026-06-01, to = 2026-06-30, of = "cancellations" }}

[[source]]
file = "erp{ending}"
profile = "tally-daybook"
complete = {{ from = 2026-06-01, to = 2026-07-15, of = "documents" }}
"""
ONE_OF = 25
"""Every how many orders one is cancelled."""
INVOICED, CREDITED = 5, 2
"""Of five cancelled orders three have an e-invoice; of two with an e-invoice one has a credit note."""
PIECE = 250_000
COMPARED = ("*.html", "*.xlsx", "*.csv", "*.json", "*.parquet")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if an audit does not find the credit notes that are due, or in memory has other bytes."""
    options = argparse.ArgumentParser(description="Time and memory of an audit of many rows.")
    options.add_argument("--orders", type=int, default=1_000_000, help="orders (default: %(default)s)")
    options.add_argument("--parts", type=int, default=0, help="files of each export, as folders; one file without a folder if left out")
    options.add_argument("--keep", type=Path, help="folder for the files and the audits")
    options.add_argument("--cluster", help="address of a Dask scheduler")
    options.add_argument("--check", action="store_true", help="audit in memory too, and compare")
    chosen = options.parse_args(argv)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary)
        due = write_files(folder, chosen.orders, chosen.parts)
        size = sum(file.stat().st_size for file in folder.rglob("*.parquet")) / 1e6
        print(f"{chosen.orders:,} orders, {size:,.0f} MB of Parquet")
        actual = [audited(folder, "parts", 0, chosen.cluster)]
        if chosen.check:
            actual.append(audited(folder, "memory", chosen.orders * 10, None))
            names = sorted(file.name for pattern in COMPARED for file in (folder / "parts").glob(pattern))
            different = [name for name in names if (folder / "parts" / name).read_bytes() != (folder / "memory" / name).read_bytes()]
            print(f"different files: {', '.join(different) or 'none'}")
            return int(bool(different) or actual != [due, due])
    return int(actual != [due])


def audited(folder: Path, name: str, large: int, cluster: str | None) -> int:
    """Audit the files of *folder*, in parts from *large* rows on; print what it took, and return the credit notes that are due."""
    program = f"import sop_cli.audits.strategy as course; course.LARGE = {large}; from sop_cli.main import main; raise SystemExit(main())"
    command = [sys.executable, "-P", "-c", program, "audit", "--mapping", str(folder / "audit.toml"), "--out", str(folder / name)]
    process = subprocess.Popen(
        [*command, *(["--cluster", cluster] if cluster else [])], env={**os.environ, "PYTHONPATH": str(TOP)}, stdout=subprocess.DEVNULL
    )
    began, ended, most = monotonic(), Event(), {"own": 0}
    sampler = Thread(target=_sample, args=(process.pid, ended, most))
    sampler.start()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    sampler.join()
    if process.returncode not in (0, 1, 3):
        raise SystemExit(f"the audit ended with {process.returncode}")
    seconds = usage.ru_utime + usage.ru_stime
    print(
        f"in {name:8} {seconds:7.1f} s processor time  {monotonic() - began:7.1f} s  {usage.ru_maxrss / 1024:6,.0f} MB at most, "
        f"of which {most['own']:6,.0f} MB at most are no pages of files"
    )
    with (folder / name / "audit.json").open(encoding="utf-8") as stream:
        of_figures = next(line for line in stream if line.startswith('"figures"'))
    figures = json.loads(f"{{{of_figures.rstrip().rstrip(',')}}}")["figures"]
    return int(figures["credit_notes_due"])


def _sample(process: int, ended: Event, most: dict[str, float]) -> None:
    """Keep the most memory of *process* that is no page of a file, in megabytes."""
    while not ended.wait(0.1):
        try:
            status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        except OSError:
            return
        own = [int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")]
        most["own"] = max(most["own"], *(kilobytes / 1024 for kilobytes in own), 0)


def write_files(folder: Path, orders: int, parts: int) -> int:
    """Write the files and their mapping; return the number of credit notes that are due."""
    import pyarrow as pa  # noqa: PLC0415 (only here)
    from pyarrow import parquet  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "audit.toml").write_text(MAPPING.format(ending="" if parts else ".parquet"), encoding="utf-8")
    due = 0
    writers: dict[str, Any] = {}
    pieces = max(parts, -(-orders // PIECE))
    for number in range(pieces):
        first, last = orders * number // pieces, orders * (number + 1) // pieces
        tables = {"ajio": _ajio(first, last), "assure": _assure(first, last), "erp": _erp(first, last)}
        due += sum(1 for order in _cancelled(first, last) if _has_invoice(order) and not _has_note(order))
        for name, columns in tables.items():
            table = pa.table(columns)
            if parts:
                (folder / name).mkdir(exist_ok=True)
                parquet.write_table(table, folder / name / f"part-{number:05}.parquet")
            else:
                if name not in writers:
                    writers[name] = parquet.ParquetWriter(folder / f"{name}.parquet", table.schema)
                writers[name].write_table(table)
    for writer in writers.values():
        writer.close()
    return due


def _cancelled(first: int, last: int) -> Iterator[int]:
    return (order for order in range(first, last) if order % ONE_OF == 0)


def _has_invoice(order: int) -> bool:
    return order // ONE_OF % INVOICED < 3  # noqa: PLR2004 (three of five)


def _has_note(order: int) -> bool:
    return _has_invoice(order) and order // ONE_OF % CREDITED == 0


def _day(order: int) -> int:
    return 1 + order % 28


def _ajio(first: int, last: int) -> dict[str, list[str]]:
    orders = range(first, last)
    gone = [order % ONE_OF == 0 for order in orders]
    return {
        "Cust Order No": [f"C{order:09}" for order in orders],
        "Cust Order Date": [f"{_day(order):02}/06/2026" for order in orders],
        "FWD Seller Order NO": [f"FN{order:09}" for order in orders],
        "FWD PO NO": [f"P{order:09}" for order in orders],
        "Seller Invoice No": ["" if is_gone else f"INV-{order:09}" for order, is_gone in zip(orders, gone, strict=True)],
        "Status": ["Cancelled" if is_gone else "Delivered" for is_gone in gone],
        "Order Qty": ["1"] * len(gone),
        "Shipped QTY": ["0" if is_gone else "1" for is_gone in gone],
        "Cancelled Qty": ["1" if is_gone else "0" for is_gone in gone],
        "Customer Cancelled QTY": ["0"] * len(gone),
        "Seller Cancelled QTY": ["1" if is_gone else "0" for is_gone in gone],
    }


def _assure(first: int, last: int) -> dict[str, list[str]]:
    orders = list(_cancelled(first, last))
    invoiced = [_has_invoice(order) for order in orders]
    return {
        "Channel Order ID": [f"FN{order:09}" for order in orders],
        "Order Qty": ["1"] * len(orders),
        "Cancelled Qty": ["1"] * len(orders),
        "Cancelled By": ["SELLER"] * len(orders),
        "OMS Status": ["FULFILLABLE"] * len(orders),
        "WMS Status": [""] * len(orders),
        "Posted At": [f"{_day(order):02}-06-2026 09:00" for order in orders],
        "E-Invoice No": [f"INV-{order:09}" if has else "" for order, has in zip(orders, invoiced, strict=True)],
        "E-Invoice At": [
            f"{_day(order):02}-06-2026 10:{order % 60:02}" if has else "" for order, has in zip(orders, invoiced, strict=True)
        ],
        "Pushed At": [""] * len(orders),
        "Cancelled At": [f"{_day(order):02}-06-2026 12:{order % 60:02}" for order in orders],
        "Result": ["SUCCESS"] * len(orders),
    }


def _erp(first: int, last: int) -> dict[str, list[str]]:
    documents = [(order, False) for order in _cancelled(first, last) if _has_invoice(order)]
    documents += [(order, True) for order in _cancelled(first, last) if _has_note(order)]
    return {
        "Date": [f"{_day(order)}-{'Jul' if is_note and _day(order) < 15 else 'Jun'}-26" for order, is_note in documents],  # noqa: PLR2004
        "Particulars": ["Ajio B2B"] * len(documents),
        "Voucher Type": ["Credit Note" if is_note else "Sales" for _, is_note in documents],
        "Voucher No.": [f"{'CN' if is_note else 'INV'}-{order:09}" for order, is_note in documents],
        "Original Invoice": [f"INV-{order:09}" if is_note else "" for order, is_note in documents],
        "Order No": [f"FN{order:09}" for order, _ in documents],
        "Value": ["-700.00" if is_note else "700.00" for _, is_note in documents],
    }


if __name__ == "__main__":
    raise SystemExit(main())
