"""Random runs in which few ids are on many rows: orders share documents and POs, notes name only an invoice, rows are set aside."""

from datetime import date

from orders.audit.tables import Channel, Claim, Kind, Observed, RowState, System
from tests.support.audit_mutations import DAY, JUNE, MINUTE
from tests.support.audit_tables import bits, source, tables

RANGE = (date(2026, 6, 1), date(2026, 7, 15))
SYSTEMS = (System.OMS, System.OMS, System.AJIO, System.ERP, System.IRP, System.VMS, System.RSI, System.WMS)
CLAIMS = {
    System.OMS: (Claim.CANCELLATIONS, Claim.ORDERS),
    System.WMS: (Claim.CANCELLATIONS, Claim.RETURNS),
    System.AJIO: (Claim.ORDERS,),
    System.ERP: (Claim.DOCUMENTS,),
    System.IRP: (Claim.DOCUMENTS,),
    System.VMS: (Claim.CANCELLATIONS,),
    System.RSI: (Claim.RETURNS,),
}
OF_DOCUMENTS = (System.ERP, System.IRP, System.RSI)
HAS = (
    "units",
    "units_cancelled",
    "canceller",
    "stage",
    "posted",
    "invoiced",
    "pushed",
    "cancelled",
    "invoice",
    "carried_out",
    "dated",
    "value_paise",
)


def crossing_tables(random):
    """Tables of a run with one to five files."""
    ids = random.choice([3, 6, 12])
    sources, requests, documents, rows = [], [], [], []
    for number in range(random.randint(1, 5)):
        system = random.choice(SYSTEMS)
        complete = (*RANGE, random.choice(CLAIMS[system])) if random.random() < 0.6 else None
        has = [name for name in HAS if random.random() < 0.9]
        sources.append(source(number, system, f"file{number}", has, complete))
        for row in range(2, random.randint(3, 14)):
            state = RowState.SET_ASIDE if random.random() < 0.15 else RowState.USED
            place = {"source": number, "row": row}
            rows.append({**place, "state": state, **(_aside(random, ids) if state is RowState.SET_ASIDE else {})})
            if state is RowState.USED and system in OF_DOCUMENTS:
                documents.append({**place, **_document(random, system, ids)})
            elif state is RowState.USED:
                requests.append({**place, **_request(random, system, ids)})
    return tables(sources, requests, documents, rows)


def _order(random, ids):
    key = f"A{random.randrange(ids)}"
    return {"order_key": key, "order_text": random.choice([key, key, key.lower()])}


def _number(random, ids):
    return f"{random.choice(['INV', 'INV', 'CN', 'A'])}{random.randrange(ids)}"


def _aside(random, ids):
    named = {"named": sorted({random.choice([f"A{random.randrange(ids)}", _number(random, ids)]) for _ in range(2)})}
    cells = _order(random, ids) if random.random() < 0.6 else {}
    cells |= {"number_key": _number(random, ids)} if random.random() < 0.4 else {}
    cells |= {"original_key": _number(random, ids)} if random.random() < 0.3 else {}
    return cells | (named if random.random() < 0.4 else {})


def _time(name, start):
    return {f"{name}_start": start, f"{name}_end": start + random_length(start)}


def random_length(start):
    """A day for midnights, otherwise a minute."""
    return DAY if (start - JUNE) % DAY == 0 else MINUTE


def _some_time(random, latest=50):
    return JUNE + random.randint(0, latest) * DAY + random.choice([0, 60, 700]) * MINUTE


def _request(random, system, ids):
    units = random.randint(1, 3)
    request = {
        **_order(random, ids),
        "units": units if random.random() < 0.9 else None,
        "units_cancelled": random.randint(0, units) if random.random() < 0.9 else None,
        "is_cancellation": random.random() < 0.8,
        "invoicing": bits("invoicing", "ERP") if random.random() < 0.9 else 3,
        "canceller": random.choice([1, 1, 2, 4, 7]),
        "stage": random.choice([None, bits("stage", "FULFILLABLE"), bits("stage", "PROCESSING"), bits("stage", "PACKED")]),
        "carried_out": random.choice([Observed.YES, Observed.YES, Observed.NO, Observed.UNKNOWN]),
        "packing_error": random.random() < 0.1,
    }
    for name, rng in (("created", 0.5), ("posted", 0.8), ("invoiced", 0.6), ("pushed", 0.4), ("packed", 0.2), ("cancelled", 0.8)):
        if random.random() < rng:
            request |= _time(name, _some_time(random))
    if random.random() < 0.6:
        number = _number(random, ids)
        request |= {"invoice_key": number, "invoice_text": number}
    if random.random() < 0.3:
        request |= {"po_key": f"P{random.randrange(ids)}"}
    if random.random() < 0.2:
        request |= {"location": random.choice(["L1", "L2"])}
    if random.random() < 0.1:
        request |= {"outside": "JIT"}
    if system is System.AJIO:
        by_seller = random.randint(0, request["units_cancelled"] or 0)
        request |= {"by_customer": 0, "by_seller": by_seller, "channel_status": random.choice([None, Channel.SHIPPED, Channel.CANCELLED])}
    return request


def _document(random, system, ids):
    kinds = (Kind.RSI, Kind.RETURN) if system is System.RSI else (Kind.INVOICE, Kind.INVOICE, Kind.CREDIT_NOTE, Kind.GRN, Kind.PO)
    kind = random.choice(kinds)
    document = {"kind": kind, **(_order(random, ids) if random.random() < 0.7 else {})}
    if random.random() < 0.85:
        number = _number(random, ids)
        document |= {"number_key": number, "number_text": number}
    if kind is Kind.CREDIT_NOTE and random.random() < 0.8:
        number = _number(random, ids)
        document |= {"original_key": number, "original_text": number}
    if random.random() < 0.85:
        document |= _time("dated", _some_time(random))
    if random.random() < 0.7:
        document |= {"value_paise": random.choice([10_000, 10_000, 6_000, 4_000])}
    for name in ("irn_cancelled", "cancelled", "shared_with_ajio"):
        if random.random() < 0.15:
            document |= {name: random.random() < 0.5}
    if random.random() < 0.1:
        document |= {"counts": False}
    if kind in (Kind.RSI, Kind.RETURN):
        document |= {"units": random.choice([None, 1, 2]), "unit_key": random.choice([None, "U1", "U2"])}
        document |= {"quality_check": random.choice([None, "pass", "missing", "not recorded"])}
    return document
