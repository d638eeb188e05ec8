"""Audits of a few rows that are written in a test, with a builder for each kind of row."""

from datetime import date, datetime, timedelta

from orders.audit.audit import audit
from orders.audit.rules.context import Options
from orders.audit.tables import Claim, Kind, Observed, RowState, System
from orders.log.india import INDIA
from sop_engine import Reading
from tests.support.audit_tables import bits, interval, source, tables

AS_OF = date(2026, 7, 15)
OMS = source(
    0, System.OMS, "oms.csv", ("posted", "invoiced", "cancelled", "invoice"), (date(2026, 6, 1), date(2026, 6, 30), Claim.CANCELLATIONS)
)
ERP = source(1, System.ERP, "erp.csv", ("dated", "value_paise"), (date(2026, 4, 1), AS_OF, Claim.DOCUMENTS))
IRP = source(2, System.IRP, "irp.csv", ("dated", "irn_cancelled"))
VMS = source(3, System.VMS, "vms.csv", ("cancelled",), (date(2026, 6, 1), date(2026, 6, 30), Claim.CANCELLATIONS))
WMS = source(4, System.WMS, "returns.csv", ("dated", "quality_check"), (date(2026, 6, 1), AS_OF, Claim.RETURNS))
RSI = source(5, System.RSI, "rsi.csv", ("dated",), (date(2026, 6, 1), AS_OF, Claim.RETURNS))
AJIO = source(6, System.AJIO, "ajio.csv", ("units", "units_cancelled", "created"), (date(2026, 6, 1), date(2026, 6, 30), Claim.ORDERS))
SOURCES = [OMS, ERP, IRP, VMS, WMS, RSI, AJIO]


def minute(name, day, hour=12):
    start = round(datetime(2026, 6, day, hour, tzinfo=INDIA).timestamp() * 1000)
    return {f"{name}_start": start, f"{name}_end": start + 60_000}


def on(day):
    return interval("dated", day, "%d-%m-%Y", timedelta(days=1))


def cancelled(order="A", **cells):
    """Cancelled in full by the seller on 4 June, with the e-invoice generated."""
    usual = {"invoice_key": f"I-{order}", **minute("posted", 4, 9), **minute("invoiced", 4, 10), **minute("cancelled", 4)}
    return {
        "source": 0, "order_key": order, "order_text": order, "units": 1, "units_cancelled": 1, "is_cancellation": True,
        "canceller": bits("canceller", "seller"), "invoicing": bits("invoicing", "ERP"), "stage": bits("stage", "FULFILLABLE"),
        "carried_out": Observed.YES, **usual, **cells,
    }  # fmt: skip


def document(kind, number, day="05-06-2026", **cells):
    return {"source": 1, "kind": kind, "number_key": number, "number_text": number, **on(day), "value_paise": 1000, **cells}


def invoice(order="A", **cells):
    return document(Kind.INVOICE, f"I-{order}", "04-06-2026", **{"order_key": order, **cells})


def note(number="N", original="I-A", day="05-06-2026", **cells):
    return document(Kind.CREDIT_NOTE, number, day, **{"original_key": original, **cells})


def back(order="A", **cells):
    """A line of the report of returns."""
    return {"source": 4, "kind": Kind.RETURN, "order_key": order, **on("20-06-2026"), "units": 1, "quality_check": "pass", **cells}


def line(order="A", **cells):
    """A line of the RSI report."""
    return {"source": 5, "kind": Kind.RSI, "order_key": order, **on("21-06-2026"), "units": 1, **cells}


def listed(order="A", **cells):
    return {**cancelled(order), "source": 3, **cells}


def reported(order="A", **cells):
    """A row of Ajio's report about what Assure's row has cancelled."""
    return {**cancelled(order), "source": 6, "invoice_key": None, **cells}


def failed_at_packing(**cells):
    """A part cancelled by Ajio, found at packing on 5 June."""
    part = {"units": 2, "canceller": bits("canceller", "Ajio"), "carried_out": Observed.NO, "packing_error": True}
    return cancelled(**{**part, "stage": bits("stage", "PROCESSING"), **minute("pushed", 4, 11), **minute("cancelled", 5), **cells})


def whole(who, day=8):
    return cancelled(
        units=2, units_cancelled=2, canceller=bits("canceller", who), stage=bits("stage", "PROCESSING"), **minute("cancelled", day)
    )


def run(requests=(), documents=(), aside=(), **options):
    """An audit of `run_tables`; `erp_has`, `irp_has` and `rsi_has` are the columns of these sources, where they are others than usual."""
    has = {1: options.pop("erp_has", ERP["has"]), 2: options.pop("irp_has", IRP["has"]), 5: options.pop("rsi_has", RSI["has"])}
    of_run = run_tables(requests, documents, aside, options.pop("with_sources", ()), has)
    return audit(of_run, AS_OF, options.pop("reading", Reading.AS_PRACTISED), Options(**options))


def run_tables(requests=(), documents=(), aside=(), with_sources=(), has=None):
    """Tables of rows that are numbered from 2 within each; sources without rows are left out, except those in *with_sources*."""
    named = {row["source"] for row in (*requests, *documents, *aside)} | set(with_sources)
    chosen = [of_source for of_source in SOURCES if of_source["source"] in named]
    numbers = {of_source["source"]: place for place, of_source in enumerate(chosen)}
    placed = [
        [{**row, "source": numbers[row["source"]], "row": number} for number, row in enumerate(rows, first)]
        for rows, first in ((requests, 2), (documents, 102), (aside, 202))
    ]
    rows = [{"source": row["source"], "row": row["row"], "state": RowState.USED} for row in (*placed[0], *placed[1])]
    rows += [{**row, "state": RowState.SET_ASIDE} for row in placed[2]]
    sources = [
        {**of_source, "source": numbers[of_source["source"]], "has": list((has or {}).get(of_source["source"], of_source["has"]))}
        for of_source in chosen
    ]
    return tables(sources, placed[0], placed[1], rows)


def rules(result, *of):
    """The findings, of some rules only if they are named: id, with `?` if it is uncertain, and strength."""
    rows = [row for row in result.findings.to_pylist() if not of or row["rule"] in of]
    return [(row["rule"] + ("?" if row["cannot_tell"] else ""), row["strength"]) for row in rows]


def statuses(result):
    return [row["status"] for row in result.duties.to_pylist()]


def duties(result):
    return {row["task"]: (row["status"], row["since"], row["cancelled_on"]) for row in result.duties.to_pylist()}
