"""Random small runs of an audit, and runs with a row deleted, set aside or made less certain; and the same in another order."""

from datetime import date

from orders.audit.tables import ALL, Claim, Kind, Observed, RowState, System
from tests.support.audit_tables import ajio, assure, bits, daybook, joined, source

MINUTE, DAY = 60_000, 86_400_000
JUNE = 1_780_252_200_000
"""Midnight in India of 1 June 2026, in milliseconds of UTC since 1970."""
CLAIM = (date(2026, 6, 1), date(2026, 7, 15))
OMS_COLUMNS = ("units", "units_cancelled", "canceller", "stage", "posted", "invoiced", "pushed", "cancelled", "invoice", "carried_out")
WIDER = {
    "stage": None,
    "canceller": ALL["canceller"],
    "invoicing": ALL["invoicing"],
    "units": None,
    "units_cancelled": None,
    "carried_out": Observed.UNKNOWN,
    "packing_error": None,
    "location": None,
    "negative": None,
    "cancelled": None,
    "value_paise": None,
    "created": None,
}
"""Cells that a row can lose, each with the value that then says that it is unknown; a time has two columns."""


def example_run(random):
    """Some of the three example files."""
    chosen = random.choice([(assure,), (assure, ajio), (assure, daybook), (assure, ajio, daybook)])
    return [part() for part in chosen]


def random_run(random):
    """Orders with random facts, as exports of Assure, Ajio and the ERP."""
    requests, reports, documents = [], [], []
    for number in range(random.randint(1, 4)):
        key = f"A{number}"
        made = _requests(random, key)
        requests += made
        invoice = made[0].get("invoice_key")
        if invoice and random.random() < 0.8:
            documents.append(_document(random, Kind.INVOICE, key, invoice, None, 10_000, made[0]["invoiced_start"]))
        elif not invoice and random.random() < 0.3:
            documents.append(_document(random, Kind.INVOICE, key, f"LATE {key}", None, 10_000, JUNE + 20 * DAY))
            invoice = f"LATE {key}"
        for note in range(random.choice([0, 0, 1, 1, 2])):
            original, value = random.choice([invoice, invoice, None]), random.choice([10_000, 10_000, 6_000, 4_000])
            documents.append(_document(random, Kind.CREDIT_NOTE, key, f"CN{number}{note}", original, value, JUNE + 30 * DAY))
            if random.random() < 0.15:
                documents.append(_against(random, documents[-1]))
        if random.random() < 0.7:
            reports.append(_report(random, key, made[0]["units"]))
    parts = [(source(0, System.OMS, "oms", OMS_COLUMNS, (*CLAIM, Claim.CANCELLATIONS)), _numbered(requests), [], [])]
    if random.random() < 0.6:
        has = ("units", "units_cancelled", "by_customer", "by_seller", "created")
        parts.append((source(0, System.AJIO, "ajio", has, (*CLAIM, Claim.ORDERS)), _numbered(reports), [], []))
    if random.random() < 0.7:
        claim = (*CLAIM, Claim.DOCUMENTS) if random.random() < 0.7 else None
        parts.append((source(0, System.ERP, "erp", ("dated", "value_paise"), claim), [], _numbered(documents), []))
    return [(of_source, asked, papers, _used(asked + papers)) for of_source, asked, papers, _ in parts]


def _requests(random, key):
    posted = JUNE + random.randint(0, 5) * DAY
    invoiced, pushed = posted + 60 * MINUTE, posted + 70 * MINUTE
    reached = random.choice(["posted", "invoiced", "pushed", "pushed"] if random.random() < 0.9 else ["not posted"])
    units = random.randint(1, 3)
    life = {
        "order_key": key,
        "order_text": key.lower(),
        "units": units,
        "invoicing": bits("invoicing", "ERP") if random.random() < 0.9 else bits("invoicing", "RMS"),
        "is_cancellation": True,
        "stage": random.choice([bits("stage", "FULFILLABLE"), bits("stage", "PROCESSING"), bits("stage", "PACKED"), None]),
    }
    for name, start in (("posted", posted), ("invoiced", invoiced), ("pushed", pushed)):
        if reached != "not posted" and ("posted", "invoiced", "pushed").index(name) <= ("posted", "invoiced", "pushed").index(reached):
            life |= {f"{name}_start": start, f"{name}_end": start + MINUTE}
    if reached in ("invoiced", "pushed"):
        life |= {"invoice_key": f"INV {key}", "invoice_text": f"INV {key}"}
    at = posted + random.choice([50, 60, 65, 75, 3_000]) * MINUTE
    asked, places = [], random.choice([[None], [None], ["L1"], ["L1", "L2"]])
    for number in range(random.choice([1, 1, 1, 2, 3])):
        start = at + number * random.choice([0, 600]) * MINUTE
        failed = random.random() < 0.1
        asked.append(
            {
                **life,
                "location": random.choice(places),
                "units_cancelled": random.choice([units, units, random.randint(1, units)]),
                "canceller": random.choice([1, 1, 2, 2, 4, ALL["canceller"]]),
                "cancelled_start": start,
                "cancelled_end": start + random.choice([MINUTE, MINUTE, DAY]),
                "carried_out": Observed.NO if failed else random.choice([Observed.YES, Observed.YES, Observed.NO, Observed.UNKNOWN]),
                "packing_error": failed,
            }
        )
    return asked


def _document(random, kind, order, number, original, value, start):  # noqa: PLR0913
    return {
        "kind": kind,
        "number_key": number,
        "original_key": original,
        "order_key": order if random.random() < 0.9 else None,
        "value_paise": value,
        "negative": kind is Kind.CREDIT_NOTE,
        "dated_start": start - start % DAY,
        "dated_end": start - start % DAY + DAY,
    }


def _against(random, note):
    """A later row that can end *note*: void, with the other sign, a debit note, or a note for the note."""
    later = {**note, "dated_start": note["dated_start"] + 2 * DAY, "dated_end": note["dated_end"] + 2 * DAY}
    return later | random.choice(
        [
            {"counts": False},
            {"cancelled": True},
            {"negative": False},
            {"negative": False, "number_key": f"{note['number_key']}R"},
            {"kind": Kind.DEBIT_NOTE, "number_key": f"{note['number_key']}D"},
            {"number_key": f"{note['number_key']}N", "original_key": note["number_key"]},
        ]
    )


def _report(random, key, units):
    taken = random.randint(0, units)
    by_seller = random.choice([0, taken])
    more = {"units_cancelled": taken, "by_seller": by_seller, "by_customer": 0, "is_cancellation": taken > 0}
    return {"order_key": key, "order_text": key, "units": units, "invoicing": 1, "created_start": JUNE, "created_end": JUNE + DAY, **more}


def _numbered(rows):
    return [{**row, "row": number} for number, row in enumerate(rows, 2)]


def _used(rows):
    return [{"row": row["row"], "state": RowState.USED} for row in rows]


def tables_of(run):
    return joined(*run)


def changed(run, random):
    """*run* with one to three rows deleted, set aside or less certain; and the keys that the changed rows named."""
    run = [(of_source, list(requests), list(documents), list(rows)) for of_source, requests, documents, rows in run]
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        places = [(part, table, place) for part in range(len(run)) for table in (1, 2) for place in range(len(run[part][table]))]
        if not places:
            break
        part, table, place = random.choice(places)
        row = run[part][table][place]
        what = random.choice(["aside", "wider"] if _ends_a_note(row) else ["delete", "aside", "aside without ids", "wider"])
        if what == "wider":
            run[part][table][place] = _wider(row, random)
            continue
        del run[part][table][place]
        rows = [other for other in run[part][3] if other["row"] != row["row"]]
        if what != "delete":
            named = {"order_key": row.get("order_key"), "number_key": row.get("invoice_key", row.get("number_key"))}
            named |= {"original_key": row.get("original_key")}
            rows.append({"row": row["row"], "state": RowState.SET_ASIDE, **(named if what == "aside" else {})})
        run[part] = (*run[part][:3], rows)
    return run


def _ends_a_note(row):
    """Whether *row* can take back a credit note: without any row that says so, a note stands."""
    is_note = row.get("kind") is Kind.CREDIT_NOTE and row.get("negative") and row.get("counts", True) and not row.get("cancelled")
    is_for_a_note = (row.get("original_key") or "").startswith("CN")
    return "kind" in row and row["kind"] is not Kind.INVOICE and (not is_note or is_for_a_note)


def _wider(row, random):
    name = random.choice([name for name in WIDER if name in row or f"{name}_start" in row])
    ends = (f"{name}_start", f"{name}_end") if f"{name}_start" in row else (name,)
    if name in ("carried_out", "packing_error"):
        return {**row, "carried_out": Observed.UNKNOWN, "packing_error": None}
    return {**row, **dict.fromkeys(ends, WIDER[name])}


def shuffled(run, random):
    """*run* with its rows and files in another order; the rows keep their numbers."""
    parts = []
    for of_source, requests, documents, rows in run:
        lists = [list(requests), list(documents), list(rows)]
        for rows_of_table in lists:
            random.shuffle(rows_of_table)
        parts.append((of_source, *lists))
    random.shuffle(parts)
    return parts
