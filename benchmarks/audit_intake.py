"""Measure the intake of an audit: rows a second from CSV to canonical tables, against pyarrow's own read of the same file as text.

Run as ``python benchmarks/audit_intake.py``. Two files are read: a list of cancellations of 14 columns, most of which the audit reads, and the
order report of Ajio with its 44 columns (the profile `ajio-order-report` has their source), of which it reads 13. Both programs read the same file in turns, each in a process of its own, so that a busy moment affects
both and the peak memory is that of one alone; the best of each is used, without imports. The intake uses memory as `sop audit` does. pandas
is hidden: pyarrow imports it, where it is installed, with the first NumPy array, and an installation for audits has none.
"""

import argparse
import importlib.abc
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

TOP = Path(__file__).parents[1]
sys.path[:0] = [str(TOP)]

CANCELLATIONS_HEADER = (
    "Channel Order ID,Customer Name,Order Qty,Cancelled Qty,Cancelled By,OMS Status,WMS Status,Posted At,E-Invoice No,E-Invoice At,Pushed At,"
    "Cancelled At,Result,Description"
)
REPORT_HEADER = (
    "Cust Order No,Cust Order Date,FWD Seller Order NO,FWD PO NO,FWD PO Date,Seller Invoice No,Seller Invoice Date,Cust Invoice No,"
    "Cust Invoice Date,Status,JioCode,HSN,Seller Style Code,Seller SKU,EAN,Description,Order Qty,FWD Shipment ID,FWD Shipment Date,FWD Carrier,"
    "FWD AWB,Shipped QTY,Estimated Dispatch Date,SLA Status,Cancelled Qty,Customer Cancelled QTY,Seller Cancelled QTY,Listing MRP,Seller TD,"
    "Selling Price,Base Price,Total Price,CGST_PERCENTAGE,CGST_AMOUNT,SGST_PERCENTAGE,SGST_AMOUNT,IGST_PERCENTAGE,IGST_AMOUNT,Total Value,"
    "Invoice Value,Brand,Fulfillment Type,POB ID,Seller Name"
)
MAPPING = '[audit]\ninvoicing = "ERP"\nas_of = 2026-07-15\n[[source]]\nfile = "orders.csv"\nprofile = "{}"\n'
INVOICED = 0.6
"""Share of the orders that have an e-invoice."""
INTAKE, TEXT = "intake", "pyarrow, all text"


class Turn(NamedTuple):
    """One turn of a program: processor seconds, seconds of the clock, peak megabytes and rows."""

    processor: float
    clock: float
    megabytes: float
    rows: int


class WithoutPandas(importlib.abc.MetaPathFinder):
    """Refuses to import pandas, as if it were not installed."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:  # noqa: ARG002 (of Python)
        """Raise for pandas; leave everything else to the other finders."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if a row is lost."""
    options = argparse.ArgumentParser(description="Rows a second of the intake.")
    options.add_argument("--rounds", type=int, default=5, help="turns of each (default: %(default)s)")
    options.add_argument("--rows", type=int, default=1_000_000, help="orders in the file (default: %(default)s)")
    options.add_argument("--only", nargs=2, metavar=("PROGRAM", "FOLDER"), help=argparse.SUPPRESS)
    chosen = options.parse_args(argv)
    if chosen.only:
        print(json.dumps(measured(chosen.only[0], Path(chosen.only[1]))))
        return 0
    files = {"list of cancellations, 14 columns": write_cancellations, "order report of Ajio, 44 columns": write_report}
    return max(compare(name, write, chosen.rounds, chosen.rows) for name, write in files.items())


def compare(name: str, write: Callable[[Path, int], None], rounds: int, count: int) -> int:
    """Measure both programs on the file that *write* writes, and print; return 1 if a row is lost."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), count)
        results: dict[str, list[Turn]] = {INTAKE: [], TEXT: []}
        for _ in range(rounds):
            for program, turns in results.items():
                command = [sys.executable, "-P", __file__, "--only", program, folder]
                turns.append(Turn(*json.loads(subprocess.run(command, capture_output=True, check=True).stdout)))
    best = {program: Turn(*(min(values) for values in zip(*turns, strict=True))) for program, turns in results.items()}
    print(name)
    for program, turn in best.items():
        print(
            f"{program:20} {turn.rows / turn.processor:12,.0f} rows per processor second {turn.rows / turn.clock:12,.0f} per second  "
            f"{turn.megabytes:6,.0f} MB at most"
        )
    ratios = best[TEXT].processor / best[INTAKE].processor, best[TEXT].clock / best[INTAKE].clock
    print(f"the intake has {ratios[0]:.2f} of the rate of pyarrow by processor time, {ratios[1]:.2f} by the clock")
    return int(best[INTAKE].rows != count)


def measured(program: str, folder: Path) -> Turn:
    """Read the file of *folder*."""
    sys.meta_path.insert(0, WithoutPandas())
    from pyarrow import csv, string  # noqa: PLC0415 (only in the child)

    from orders.intake.mapping.reading import read_mapping  # noqa: PLC0415
    from orders.intake.reading import read_sources  # noqa: PLC0415
    from orders.memory import use_system_memory  # noqa: PLC0415
    from sop_engine.garbage_collection import collection_paused  # noqa: PLC0415

    with (folder / "orders.csv").open(encoding="utf-8") as file:
        names = file.readline().rstrip().split(",")
    mapping = read_mapping(folder / "audit.toml")
    if program == INTAKE:
        use_system_memory()
    started, began = process_time(), perf_counter()
    if program == INTAKE:
        with collection_paused():
            rows = read_sources(mapping).requests.num_rows
    else:
        rows = csv.read_csv(folder / "orders.csv", convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, string()))).num_rows
    taken = process_time() - started, perf_counter() - began
    return Turn(*taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, rows)


def write_cancellations(folder: Path, count: int) -> None:
    """Write *count* cancellations with different times, and their mapping."""
    rng = random.Random(1)  # noqa: S311 (orders)
    (folder / "audit.toml").write_text(MAPPING.format("assure-cancellations"), encoding="utf-8")
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(CANCELLATIONS_HEADER + "\r\n")
        for number in range(count):
            day, units, state = rng.randint(1, 28), rng.randint(1, 5), rng.random()
            times = [f"{day:02}-06-2026 {hour + rng.randint(0, 4):02}:{rng.randint(0, 59):02}" for hour in (4, 9, 14, 19)]
            posted, invoiced, pushed, cancelled = times[0], *(times[1:3] if state < INVOICED else ("", "")), times[3]
            invoice = f"INV-{number:07}" if invoiced else ""
            who, result = rng.choice(("SELLER", "AJIO", "Seller")), rng.choice(("SUCCESS", "SUCCESS", "ERROR"))
            stage = rng.choice(("FULFILLABLE", "PROCESSING", "PROCESSING"))
            file.write(
                f"FN{number:08},Asha Rao {number % 977},{units},{rng.randint(1, units)},{who},{stage},,{posted},{invoice},{invoiced},{pushed},"
                f"{cancelled},{result},Kurta blue cotton regular fit size {rng.choice('SML')}\r\n"
            )


def write_report(folder: Path, count: int) -> None:
    """Write a report of *count* orders with the columns of Ajio's, and its mapping."""
    rng = random.Random(1)  # noqa: S311 (orders)
    (folder / "audit.toml").write_text(MAPPING.format("ajio-order-report"), encoding="utf-8")
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(REPORT_HEADER + "\r\n")
        for number in range(count):
            day, units, price = f"{rng.randint(1, 28):02}/06/2026", rng.randint(1, 3), rng.randint(300, 4000)
            status = rng.choice(("Cancelled", "Processing", "Shipped", "Delivered"))
            cancelled, shipped = units * (status == "Cancelled"), units * (status in ("Shipped", "Delivered"))
            by_customer = cancelled * rng.randint(0, 1)
            sent = (f"SH{number:08}", day, "Delhivery", f"{rng.randint(10**10, 10**11)}") if shipped else ("", "", "", "")
            invoices = (f"INV-{number:07}", day, f"AJ{number:08}", day) if shipped else ("NA", "NA", "NA", "NA")
            cells = (
                *(f"C{number:09}", day, f"FN{number:09}", f"4500{number:06}", day, *invoices, status, f"4600{number % 99991:06}", "6109"),
                *(
                    f"STYLE{number % 997:04}",
                    f"SKU-{number % 49999:06}",
                    f"89{number:011}",
                    "Cotton regular fit kurta",
                    units,
                    *sent,
                    shipped,
                ),
                *(day, rng.choice(("Within SLA", "Breached")), cancelled, by_customer, cancelled - by_customer, f"{price * 2}.00", "10.00"),
                *(f"{price}.00", f"{price * 0.95:.2f}", f"{price * units}.00", *("2.5", f"{price * 0.025:.2f}") * 2, "0", "0.00"),
                *(*(f"{price * units * 1.05:.2f}",) * 2, "Brand", "Dropship", f"POB{number % 97}", "Seller"),
            )
            file.write(",".join(map(str, cells)) + "\r\n")


if __name__ == "__main__":
    sys.exit(main())
