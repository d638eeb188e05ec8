"""Small exports with a mapping, read by the intake."""

from pathlib import Path

from orders.intake.mapping.reading import read_mapping
from orders.intake.reading import Intake, read_sources

HEADER = "Channel Order ID,Order Qty,Cancelled Qty,Cancelled By,OMS Status,WMS Status,Posted At,E-Invoice No,E-Invoice At,Pushed At,Cancelled At,Result"
ROW = "{},2,2,SELLER,FULFILLABLE,,04-06-2026 09:00,,,,04-06-2026 11:00,SUCCESS"
DAY_BOOK = "Date,Particulars,Voucher Type,Voucher No.,Original Invoice,Order No,Value"
NOTE = '{},Ajio B2B,Credit Note,CN-{:03},INV-002,FN0002,"-1,400.00"'
AUDIT = '[audit]\ninvoicing = "ERP"\nas_of = 2026-07-15\n'
ASSURE = 'profile = "assure-cancellations"\n'
TALLY = 'profile = "tally-daybook"\n'


def read(folder: Path, content: bytes | str, keys: str = ASSURE, *, name: str = "orders.csv", audit: str = AUDIT) -> Intake:
    """Write *content* to a file, and read it with a mapping of the *keys*."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(file, keys, audit=audit)


def read_file(file: Path, keys: str = ASSURE, *, audit: str = AUDIT) -> Intake:
    """Read *file* with a mapping of the *keys*."""
    mapping = file.parent / "audit.toml"
    mapping.write_text(f'{audit}[[source]]\nfile = "{file.name}"\n{keys}', encoding="utf-8")
    return read_sources(read_mapping(mapping))


def lines(*rows: str, header: str = HEADER) -> str:
    """Join a header and rows."""
    return "\r\n".join([header, *rows, ""])


def orders(count: int, first: int = 1) -> list[str]:
    """Rows of different orders."""
    return [ROW.format(f"FN{number:04}") for number in range(first, first + count)]


def states(intake: Intake) -> dict[int, str]:
    """The state of each row that is not used."""
    return {row["row"]: row["state"] for row in intake.rows.to_pylist() if row["state"] != "used"}


def reasons(intake: Intake) -> dict[int, list[tuple[str, str | None]]]:
    """The id and column letter of the reasons of each row that is set aside."""
    return {
        row["row"]: [(reason["id"], reason["letter"]) for reason in row["reasons"]] for row in intake.rows.to_pylist() if row["reasons"]
    }


def messages(intake: Intake) -> list[str]:
    """What is wrong with each row that is set aside."""
    return [reason["message"] for row in intake.rows.to_pylist() for reason in row["reasons"] or ()]


def used(intake: Intake) -> list[str]:
    """The orders of the rows that are used."""
    return [str(order) for order in intake.requests.column("order_key").to_pylist()]
