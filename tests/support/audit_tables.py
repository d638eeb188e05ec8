"""Canonical tables of an audit from a few dictionaries, and those of the three example files, read without the intake."""

import csv
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pyarrow as pa

from orders.audit.tables import DOCUMENTS, REQUESTS, ROWS, SOURCES, WORDS, Channel, Claim, Kind, Observed, RowState, System, Tables
from orders.log.india import INDIA

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def bits(fact, *words):
    """A set of words as a bit mask."""
    return sum(1 << WORDS[fact].index(word) for word in words)


def interval(name, text, form, length):
    """The two columns of a time."""
    if not text:
        return {}
    start = datetime.strptime(text, form).replace(tzinfo=INDIA)
    return {f"{name}_start": round(start.timestamp() * 1000), f"{name}_end": round((start + length).timestamp() * 1000)}


def key(text):
    return text.strip().removeprefix("'").upper() or None


def paise(text):
    return abs(round(float(text.replace(",", "")) * 100))


def table(rows, schema):
    """A table of *rows*; columns that none has are left out."""
    names = [name for name in schema.names if any(name in row for row in rows)] or schema.names[:2]
    return pa.table({name: pa.array([row.get(name) for row in rows], schema.field(name).type) for name in names})


def source(number, system, name, has=(), complete=None):
    first, last, claim = complete or (None, None, None)
    counts = dict.fromkeys(("rows", *(state.column for state in RowState)), 0)
    return {
        "source": number,
        "name": name,
        "sha256": "",
        "system": system,
        "complete_from": first,
        "complete_to": last,
        "complete_of": claim,
        "has": list(has),
        **counts,
    }


def tables(sources, requests=(), documents=(), rows=()):
    """Tables of dictionaries."""
    if not rows:
        rows = [{"source": row["source"], "row": row["row"], "state": RowState.USED} for row in (*requests, *documents)]
    return Tables(
        rows=table(rows, ROWS) if rows else ROWS.empty_table(),
        requests=table(requests, REQUESTS) if requests else REQUESTS.empty_table(),
        documents=table(documents, DOCUMENTS) if documents else DOCUMENTS.empty_table(),
        sources=pa.Table.from_pylist(sources, SOURCES),
    )


def joined(*parts):
    """The tables of several files, each built as source 0, as one run."""
    sources, requests, documents, rows = [], [], [], []
    for number, (of_source, of_requests, of_documents, of_rows) in enumerate(parts):
        sources.append({**of_source, "source": number})
        requests += [{**row, "source": number} for row in of_requests]
        documents += [{**row, "source": number} for row in of_documents]
        rows += [{**row, "source": number} for row in of_rows]
    return tables(sources, requests, documents, rows)


FOLDER = Path(__file__).parents[1] / "samples" / "audit"
JUNE = (date(2026, 6, 1), date(2026, 6, 30))


def assure():
    """Source, requests, documents and rows of dev1-assure.csv."""
    lines = csv.DictReader(StringIO((FOLDER / "dev1-assure.csv").read_text("utf-8-sig"), newline=""))
    requests, rows = [], []
    for number, cells in enumerate(lines, 2):
        order = key(cells["Channel Order ID"])
        named = {"order_key": order, "order_text": cells["Channel Order ID"].strip()}
        if order == "TOTAL":
            rows.append({"row": number, "state": RowState.TOTAL})
        elif number in (11, 12, 13, 15):
            invoice = {"number_key": key(cells["E-Invoice No"])}
            rows.append({"row": number, "state": RowState.SET_ASIDE, **({**named, **invoice} if number != 15 else {})})
        else:
            rows.append({"row": number, "state": RowState.USED})
            requests.append({"row": number, **named, **_assure_request(cells)})
    has = ("units", "units_cancelled", "canceller", "stage", "posted", "invoiced", "pushed", "cancelled", "invoice", "carried_out")
    return source(0, System.OMS, "dev1-assure.csv", has, (*JUNE, Claim.CANCELLATIONS)), requests, [], rows


def _assure_request(cells):
    who = {"SELLER": "seller", "AJIO": "Ajio", "CUSTOMER": "customer"}[cells["Cancelled By"].strip().upper()]
    times = {"posted": "Posted At", "invoiced": "E-Invoice At", "pushed": "Pushed At", "cancelled": "Cancelled At"}
    result = cells["Result"]
    return {
        "units": int(cells["Order Qty"]),
        "units_cancelled": int(cells["Cancelled Qty"]),
        "is_cancellation": True,
        "canceller": bits("canceller", who),
        "invoicing": bits("invoicing", "ERP"),
        "stage": bits("stage", (cells["WMS Status"] or cells["OMS Status"]).strip().upper()),
        "invoice_key": key(cells["E-Invoice No"]),
        "invoice_text": cells["E-Invoice No"] or None,
        "carried_out": {"SUCCESS": Observed.YES, "ERROR": Observed.NO, "PACKING ERROR": Observed.NO}[result],
        "packing_error": result == "PACKING ERROR",
        **{
            name: value
            for event, column in times.items()
            for name, value in interval(event, cells[column], "%d-%m-%Y %H:%M", MINUTE).items()
        },
    }


def ajio():
    """The same of dev2-ajio-orders.csv."""
    text = (FOLDER / "dev2-ajio-orders.csv").read_bytes().decode("cp1252")
    lines = csv.DictReader(StringIO(text.partition("\n")[2], newline=""))
    requests, rows = [], [{"row": 1, "state": RowState.BLANK}, {"row": 2, "state": RowState.HEADER}]
    for number, cells in enumerate(lines, 3):
        named = {"order_key": key(cells["FWD Seller Order NO"]), "order_text": cells["FWD Seller Order NO"].strip()}
        state = {17: RowState.REPEATED, 19: RowState.TOTAL}.get(number, RowState.USED)
        if number in (15, 16, 18):
            rows.append({"row": number, "state": RowState.SET_ASIDE, **named})
        else:
            rows.append({"row": number, "state": state})
        if rows[-1]["state"] is RowState.USED:
            requests.append({"row": number, **named, **_ajio_request(cells)})
    has = ("units", "units_cancelled", "by_customer", "by_seller", "created", "invoice", "channel_status", "units_shipped", "sla_breached")
    return source(0, System.AJIO, "dev2-ajio-orders.csv", has, (*JUNE, Claim.ORDERS)), requests, [], rows


def _ajio_request(cells):
    units = {"units": "Order Qty", "units_shipped": "Shipped QTY", "units_cancelled": "Cancelled Qty"}
    parts = {"by_customer": "Customer Cancelled QTY", "by_seller": "Seller Cancelled QTY"}
    return {
        **{name: int(cells[column]) for name, column in {**units, **parts}.items()},
        "is_cancellation": int(cells["Cancelled Qty"]) > 0,
        "invoicing": bits("invoicing", "ERP"),
        "po_key": key(cells["FWD PO NO"]),
        "invoice_key": key(cells["Seller Invoice No"]),
        "channel_status": Channel(cells["Status"].strip().lower()),
        "sla_breached": cells["SLA Status"] == "Breached",
        **interval("created", cells["Cust Order Date"], "%d/%m/%Y", DAY),
    }


def daybook():
    """The same of dev3-erp-daybook.csv."""
    lines = list(csv.reader(StringIO((FOLDER / "dev3-erp-daybook.csv").read_text("utf-8"), newline="")))
    documents, rows = [], [{"row": number, "state": RowState.BLANK if number < 4 else RowState.HEADER} for number in (1, 2, 3, 4)]
    for number, cells in enumerate(lines[4:], 5):
        day, _, kind, text, original, order, value = cells
        named = {"order_key": key(order), "number_key": key(text), "original_key": key(original)}
        if not day:
            rows.append({"row": number, "state": RowState.TOTAL})
        elif number == 17:
            rows.append({"row": number, "state": RowState.SET_ASIDE, **named})
        else:
            rows.append({"row": number, "state": RowState.USED})
            more = {
                "kind": Kind.INVOICE if kind == "Sales" else Kind.CREDIT_NOTE,
                "number_text": text,
                "value_paise": paise(value),
                **interval("dated", day, "%d-%b-%y", DAY),
            }
            documents.append({"row": number, **named, "order_text": order, **more})
    claim = (date(2026, 4, 1), date(2026, 7, 15), Claim.DOCUMENTS)
    return source(0, System.ERP, "dev3-erp-daybook.csv", ("dated", "value_paise", "original"), claim), [], documents, rows
