"""The audit for other programs: a DuckDB file with all its tables, and an event log of the orders as Parquet."""

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from orders.audit.tables import WORDS, Kind
from orders.log.columns import COLUMN_NAMES, VERSION, Actor, CarriedOut, Event, Lifecycle, Precision, System
from orders.log.export.tables import METADATA
from reports.audit.csv_files import BATCH
from reports.audit.material import AuditMaterial, records
from reports.audit.work import numbered_orders

DATABASE, EVENTS = "audit.duckdb", "events.parquet"
MEMORY: Final = "256MB"
"""What DuckDB may use; beyond it, it writes to a folder beside its file."""
MADE_FROM: Final = {
    "created": (Event.CREATED, System.AJIO, Actor.CUSTOMER),
    "allocated": (Event.ALLOCATED, System.OMS, Actor.SYSTEM),
    "posted": (Event.POSTED, System.OMS, Actor.SYSTEM),
    "invoiced": (Event.INVOICED, System.ERP, Actor.SYSTEM),
    "pushed": (Event.PUSHED, System.ERP, Actor.SYSTEM),
    "released": (Event.RELEASED, System.WMS, Actor.SYSTEM),
    "packed": (Event.PACKED, System.WMS, Actor.PACKER),
    "packing_failed": (Event.PACKING_ERROR, System.WMS, Actor.PACKER),
    "ready": (Event.READY, System.WMS, Actor.WAREHOUSE),
    "dispatched": (Event.DISPATCHED, System.WMS, Actor.COURIER),
}
"""The event of each time of a request, besides the cancellation itself."""
OF_DOCUMENTS: Final = {
    Kind.CREDIT_NOTE: (Event.CREDIT_NOTE_MADE, System.ERP, Actor.CLIENT),
    Kind.INVOICE: (Event.INVOICED, System.ERP, Actor.SYSTEM),
}
_TYPES: Final = {
    **dict.fromkeys(("time_ms", "order", "units", "value_paise", "row"), pa.int64()),
    "at": pa.timestamp("ms", tz="UTC"),
}
"""Types of the columns of a log that are no texts."""


def write_database(file: Path, material: AuditMaterial) -> None:
    """Write the tables of *material* as the DuckDB file *file*.

    Raises:
        OSError: it cannot be written.
    """
    with _connected(file) as database:
        for name in ("sources", "rows", "requests", "documents", "answers", "findings", "duties"):
            database.register("given", getattr(material, name))
            database.execute(f'CREATE TABLE "{name}" AS SELECT * FROM given')  # noqa: S608 (a name from the list above)
            database.unregister("given")


def write_events(file: Path, material: AuditMaterial) -> None:
    """Write the events of the orders as *file*, a log that `orders.log` reads: each event once, by time.

    Raises:
        OSError: it cannot be written.
    """
    schema = pa.schema([pa.field(name, _TYPES.get(name, pa.dictionary(pa.int32(), pa.string()))) for name in COLUMN_NAMES])
    names = sorted({source["name"] for source in records(material.sources)})
    digests = "".join(sorted(source["sha256"] for source in records(material.sources)))
    about = {"version": VERSION, "name": ", ".join(names), "sha256": digests[:64]}
    schema = schema.with_metadata({METADATA: json.dumps(about, ensure_ascii=False)})
    with _connected(file.with_suffix(".working")) as database, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        numbers, _ = numbered_orders(material.requests, material.documents)
        database.register("sources", material.sources)
        for name, of_orders in zip(("requests", "documents"), numbers, strict=True):
            database.register(name, getattr(material, name).append_column("order_number", pa.array(of_orders)))
        for batch in database.sql(_events_sql(material)).to_arrow_reader(BATCH):
            writer.write_table(pa.Table.from_batches([batch]).cast(schema))


@contextmanager
def _connected(file: Path) -> Iterator[Any]:
    """Open the DuckDB file *file*; one that is not a result is removed afterwards."""
    import duckdb  # noqa: PLC0415 (an extra)

    try:
        with _without_question_mark(file) as place:
            spill = place.with_suffix(".spill")
            with duckdb.connect(str(place), config={"memory_limit": MEMORY, "temp_directory": str(spill), "threads": 2}) as database:
                yield database
    except duckdb.OutOfMemoryException as error:
        raise OSError(str(error).splitlines()[0]) from None
    except (duckdb.IOException, duckdb.TransactionException) as error:
        text = str(error).splitlines()[0]
        number = errno.ENOSPC if os.strerror(errno.ENOSPC) in text else errno.EIO
        raise OSError(number, os.strerror(number) if number == errno.ENOSPC else text, str(file.parent)) from None
    finally:
        if file.suffix == ".working":
            file.unlink(missing_ok=True)


@contextmanager
def _without_question_mark(file: Path) -> Iterator[Path]:
    """Yield where DuckDB can make *file*, which is moved to its place afterwards: it takes a `?` in a path for the end of the name."""
    if "?" not in str(file.absolute()):
        yield file
        return
    with TemporaryDirectory() as folder:
        place = Path(folder) / file.name
        yield place
        shutil.move(place, file)


def _events_sql(material: AuditMaterial) -> str:
    """Return the query for the events, with the columns of a log."""
    given = set(material.requests.schema.names)
    parts = [
        _event_query(
            f"{_event_words(facts)}, {name}_start AS start, {name}_end AS ending, coalesce(units, 0) AS units", f"{name}_start IS NOT NULL"
        )
        for name, facts in MADE_FROM.items()
        if f"{name}_start" in given
    ]
    parts.append(
        _event_query(
            f"""CASE WHEN canceller = 4 THEN '{Event.CANCELLED_BY_CUSTOMER}' ELSE '{Event.CANCELLATION}' END AS event,
            CASE WHEN canceller = 4 THEN '{System.AJIO}' ELSE '{System.OMS}' END AS system,
            CASE canceller WHEN 1 THEN '{Actor.SELLER}' WHEN 2 THEN '{Actor.AJIO}' WHEN 4 THEN '{Actor.CUSTOMER}' END AS actor,
            cancelled_start AS start, cancelled_end AS ending, coalesce(units_cancelled, 0) AS units""",
            "is_cancellation AND cancelled_start IS NOT NULL",
        )
    )
    documents = " ".join(f"WHEN '{kind}' THEN '{event}'" for kind, (event, _, _) in OF_DOCUMENTS.items())
    actors = " ".join(f"WHEN '{kind}' THEN '{actor}'" for kind, (_, _, actor) in OF_DOCUMENTS.items())
    kinds = ", ".join(f"'{kind}'" for kind in OF_DOCUMENTS)
    is_cancellation = f"event IN ('{Event.CANCELLATION}', '{Event.CANCELLED_BY_CUSTOMER}')"
    is_asked = f"event = '{Event.CANCELLATION}'"
    return f"""
    WITH every_one AS ({" UNION ALL ".join(parts)}
      UNION ALL
      SELECT source, row, order_number, order_text, CASE CAST(kind AS VARCHAR) {documents} END, {_literal(System.ERP)},
        CASE CAST(kind AS VARCHAR) {actors} END, dated_start, dated_end, 0, number_text, value_paise, NULL, NULL, NULL, NULL
      FROM documents WHERE CAST(kind AS VARCHAR) IN ({kinds}) AND dated_start IS NOT NULL AND order_key IS NOT NULL AND order_key <> ''
        AND NOT (CAST(kind AS VARCHAR) = '{Kind.INVOICE}' AND order_number IN (SELECT order_number FROM requests WHERE invoiced_start IS NOT NULL))),
    once AS (SELECT * FROM every_one QUALIFY row_number() OVER (
      PARTITION BY order_number, event, start, document, coalesce(carried, 0) ORDER BY source, row) = 1)
    SELECT CAST(NULL AS BIGINT) AS time_ms, dense_rank() OVER (ORDER BY order_number) AS "order", event, once.system, actor,
      CASE WHEN {is_asked} THEN CASE canceller WHEN 1 THEN 'seller' WHEN 2 THEN 'Ajio' END END AS canceller,
      CAST(NULL AS VARCHAR) AS scope, {_word("invoicing")} AS invoicing,
      CASE WHEN {is_cancellation} THEN {_word("stage")} END AS stage, CAST(NULL AS VARCHAR) AS e_invoice,
      CAST(NULL AS VARCHAR) AS outcome, CAST(units AS BIGINT) AS units, CAST(NULL AS VARCHAR) AS reason, CAST(NULL AS VARCHAR) AS because,
      order_text AS order_id, epoch_ms(start) AS at,
      CASE WHEN ending - start <= 1 THEN '{Precision.MILLISECOND}' WHEN ending - start <= 1000 THEN '{Precision.SECOND}'
        WHEN ending - start <= 60000 THEN '{Precision.MINUTE}' ELSE '{Precision.DAY}' END AS precision,
      document, value_paise,
      CASE WHEN {is_cancellation} THEN CASE carried WHEN 1 THEN '{CarriedOut.YES}' WHEN 2 THEN '{CarriedOut.NO}'
        ELSE '{CarriedOut.UNKNOWN}' END END AS carried_out,
      CAST(NULL AS VARCHAR) AS message_id, CAST(NULL AS VARCHAR) AS resource, '{Lifecycle.COMPLETE}' AS lifecycle,
      names.name AS source, CAST(once.row AS BIGINT) AS row
    FROM once JOIN (SELECT source, name FROM sources) names ON names.source = once.source
    ORDER BY start, order_number, event, once.source, once.row
    """  # noqa: S608 (words of this module)


def _event_query(columns: str, where: str) -> str:
    """Return the query for one kind of event of the requests."""
    document = "CASE WHEN event = '" + Event.INVOICED + "' THEN invoice_text END"
    return (
        f"SELECT source, row, order_number, order_text, {columns}, {document} AS document, CAST(NULL AS BIGINT) AS value_paise, "  # noqa: S608 (words of this module)
        f"invoicing, stage, canceller, carried_out AS carried FROM requests WHERE {where}"
    )


def _event_words(facts: tuple[str, str, str]) -> str:
    event, system, actor = map(_literal, facts)
    return f"{event} AS event, {system} AS system, {actor} AS actor"


def _literal(word: str) -> str:
    """Return *word* as a text of SQL."""
    return "'" + word.replace("'", "''") + "'"


def _word(name: str) -> str:
    """Return the expression for the only word of a set; null if it has several."""
    choices = " ".join(f"WHEN {1 << bit} THEN '{word}'" for bit, word in enumerate(WORDS[name]))
    return f"CASE {name} {choices} END"
