"""Tables of an audit: the exports that it reads, and what it finds. Declared here without its libraries, which few features need."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sop_engine import QualityCheck, Stage, load_rulebook
from steps.definitions.tables import Column, Kind, Table, unknown_word
from steps.support.cell_kinds import DAY, NOTHING, NUMBER, TEXT, text_in
from steps.support.report_tables import STANDING
from steps.support.vocabulary import TASKS, ids_in, words_of

AS_IN_THE_FILE = Kind("text of the file", text_in, sample="2026-06-04 09:00")
"""A cell that the intake of the audit reads, so that it may be wrong: a time, a day, a number or an amount as the file has it."""
FINDING_WORDS = (
    "C-1 carried out though refused",
    "C-2 part taken out by the seller after posting, although it fails on the screen",
    "C-3 steps after an error at packing",
    "C-4 turned away though allowed",
    "C-5 repeated cancellation",
    "C-6 undecided: the possible cases disagree",
    "C-7 cancelled by the customer, or outside the SOP",
    "C-8 cancelled though refused, and an e-invoice exists",
    "C-9 canceller inferred or unknown",
    "D-1 credit note due and none made",
    "D-2 credit note overdue by law",
    "D-3 credit note not whole, or in excess of its invoice",
    "D-4 superfluous credit note",
    "D-5 credit note before the cancellation or the invoice",
    "D-6 credit note names no invoice",
    "D-7 number of a credit note used twice",
    "D-8 IRN cancelled at the portal",
    "D-9 credit note shared with Ajio",
    "R-1 posted, cancelled and not e-invoiced: watch",
    "R-2 late e-invoice",
    "R-3 invoice without an order, or packed order without an invoice",
    "R-4 cancelled in one system and not in the other",
    "R-5 VMS report of orders cancelled after posting",
    "R-6 cancelled in the ERP and valid at the portal, or the reverse",
    "R-7 credit note without its invoice",
    "R-8 one id and two orders",
    "T-1 RSI line without a return, or the reverse",
    "T-2 inward PO or GRN missing",
    "T-3 booked in before or without its quality check",
    "T-4 returned twice, or more than was sent",
    "T-5 RSI line and credit note",
)
"""Each rule of the audit: its id, and what it finds. `orders.audit.rules.registry` has the same words."""
UNCERTAIN = "uncertain"
STRENGTHS = ("must", "ask", "info", UNCERTAIN)
"""The finding counts, asks something, only informs, or says that a row set aside or an incomplete file stands in the way."""
OTHER_GROUNDS = ("law", "ours", "our reading", "flow", "silent")
"""What a finding can rest on besides clauses and gaps."""
DUTY_STATUSES = ("open", "partly done", "done", "uncertain", "question")
"""The statuses of a duty."""
CLAIMS = ("orders", "cancellations", "documents", "returns")
"""What a file can claim to hold completely."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file that a system exports, as features write it.

    Attributes:
        file: its name.
        system: as a mapping of the audit names it.
        rows: what each row is: `cancellations` or `orders`; None for documents.
        targets: the columns of the mapping that its columns fill.
        table: the declaration of its columns.
        words: of a column, the meanings of its words where they differ from them.
        fixed: columns of the mapping that have one value in all rows.
    """

    file: str
    system: str
    rows: str | None
    targets: Mapping[str, str]
    table: Table
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)

    def words_of(self, column: str) -> Mapping[str, str]:
        """Return the words of *column* with their meanings; nothing for a column of other values."""
        words = next(declared.kind.words for declared in self.table.columns if declared.name == column)
        return self.words.get(column) or {word: word for word in words}


@dataclass(frozen=True, slots=True)
class FilledExport:
    """An export with its rows as texts, and what it claims to hold: what, from which day, to which day."""

    export: Export
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    claim: tuple[str, str, str] | None = None


_WHO = {"the seller": "seller", "Ajio": "Ajio", "the customer": "customer"}
_OMS = tuple(map(str, (Stage.CREATED, Stage.UNFULFILLABLE, Stage.FULFILLABLE, Stage.PROCESSING, Stage.COMPLETED, Stage.CANCELLED)))
_WMS = tuple(map(str, (Stage.PROCESSING, Stage.PACKED, Stage.READY_TO_DISPATCH, Stage.COMPLETED, Stage.CANCELLED)))


def _word_column(name: str, *words: str, kind: str | None = None) -> Column:
    return Column(name, Kind(kind or name, words=words), required=False, nothing=NOTHING)


def _free_columns(*names: str) -> list[Column]:
    return [Column(name, AS_IN_THE_FILE, required=False, nothing=NOTHING) for name in names]


def _order_column(*, required: bool = True) -> Column:
    return Column("order", TEXT, required=required, nothing=NOTHING)


_DOCUMENT_TARGETS = {
    "document": "kind", "number": "number", "dated": "dated", "value": "value", "for invoice": "original", "order": "order",
}  # fmt: skip
_RETURN_TARGETS = {"order": "order", "number": "number", "units": "units", "unit": "unit", "quality check": "quality_check"}
_RETURN_COLUMNS = (*_free_columns("number", "units", "unit"), _word_column("quality check", *map(str, QualityCheck)))

ASSURE = Export(
    "assure.csv",
    "Assure OMS",
    "cancellations",
    {
        "order": "order",
        "location": "location",
        "units": "units",
        "units cancelled": "units_cancelled",
        "by": "canceller",
        "OMS status": "oms_status",
        "WMS status": "wms_status",
        "posted": "posted",
        "e-invoice": "invoice",
        "e-invoiced": "invoiced",
        "pushed": "pushed",
        "released": "released",
        "packed": "packed",
        "cancelled": "cancelled",
        "result": "result",
    },
    Table(
        (
            _order_column(),
            *_free_columns("location", "units", "units cancelled"),
            _word_column("by", *_WHO),
            _word_column("OMS status", *_OMS),
            _word_column("WMS status", *_WMS),
            *_free_columns("posted", "e-invoice", "e-invoiced", "pushed", "released", "packed", "cancelled"),
            _word_column("result", "carried out", "failed", "packing error"),
        )
    ),
    {"by": _WHO},
)
"""Requests to cancel, as Assure OMS exports them."""
AJIO = Export(
    "ajio.csv",
    "Ajio",
    "orders",
    {
        "order": "order",
        "forward PO": "po",
        "placed": "created",
        "units": "units",
        "shipped": "units_shipped",
        "cancelled": "units_cancelled",
        "by the customer": "by_customer",
        "by the seller": "by_seller",
        "status": "channel_status",
    },
    Table(
        (
            _order_column(),
            *_free_columns("forward PO", "placed", "units", "shipped", "cancelled", "by the customer", "by the seller"),
            _word_column(
                "status", "processing", "ready to ship", "shipped", "delivered", "cancelled", "returned", kind="status of an order"
            ),
        )
    ),
)
"""Orders, as Ajio's report for sellers has them, with the units cancelled until now."""
ERP = Export(
    "daybook.csv",
    "client's ERP",
    None,
    {**_DOCUMENT_TARGETS, "status": "status", "shared with Ajio": "shared", "channel": "channel"},
    Table(
        (
            Column("document", Kind("document of the ERP", words=("invoice", "credit note", "inward PO", "GRN"))),
            *_free_columns("number", "dated", "value", "for invoice"),
            _order_column(required=False),
            _word_column("status", "valid", "draft", "void", "cancelled", kind="status of a document"),
            _word_column("shared with Ajio", "yes", "no"),
            _word_column("channel", "Ajio", "other", kind="sales channel"),
        )
    ),
)
"""Documents of the client's ERP."""
PORTAL = Export(
    "portal.csv",
    "IRP",
    None,
    {**_DOCUMENT_TARGETS, "IRN": "irn_status"},
    Table(
        (
            Column("document", Kind("document at the portal", words=("invoice", "credit note"))),
            *_free_columns("number", "dated", "value"),
            _order_column(required=False),
            _word_column("IRN", "valid", "cancelled"),
        )
    ),
)
"""E-invoices and credit notes at the government's portal, with the state of each IRN."""
VMS = Export(
    "vms.csv",
    "VMS report",
    "cancellations",
    {"order": "order", "by": "canceller", "posted": "posted", "cancelled": "cancelled", "e-invoice": "invoice"},
    Table((_order_column(), _word_column("by", *_WHO), *_free_columns("posted", "cancelled", "e-invoice"))),
    {"by": _WHO},
)
"""Rows of the VMS report of orders cancelled after posting."""
RSI = Export(
    "rsi.csv",
    "RSI",
    None,
    {**_RETURN_TARGETS, "dated": "dated"},
    Table((_order_column(), *_free_columns("dated"), *_RETURN_COLUMNS)),
    fixed={"kind": "RSI"},
)
"""Lines of the return sales invoice report."""
WAREHOUSE_RETURNS = Export(
    "returns.csv",
    "WMS",
    None,
    {**_RETURN_TARGETS, "received": "dated"},
    Table((_order_column(), *_free_columns("received"), *_RETURN_COLUMNS)),
    fixed={"kind": "return"},
)
"""Returned units, as the warehouse reports them."""
EXPORTS = (ASSURE, AJIO, ERP, PORTAL, VMS, RSI, WAREHOUSE_RETURNS)


def grounds_in(text: str) -> list[str]:
    """Parse a list of what a finding rests on: ids of the register, and words such as *law*.

    Raises:
        CellError: it has another text.
    """
    book = load_rulebook()
    allowed = [*(clause.id for clause in book.clauses), *(gap.id for gap in book.gaps), *OTHER_GROUNDS]
    grounds = ids_in(text)
    for ground in grounds:
        if ground not in allowed:
            raise unknown_word("clause or gap", ground, allowed)
    return grounds


GROUNDS = Kind("list of clauses and gaps", grounds_in, sample="SC-ERP-FULL-3, GAP-28", cites=True)


def _optional_result(name: str, kind: Kind, nothing: str | None = NOTHING) -> Column:
    return Column(name, kind, required=False, nothing=nothing)


AUDIT_FINDINGS = Table(
    (
        _order_column(),
        Column("finding", Kind("finding", words=FINDING_WORDS)),
        Column("strength", Kind("strength", words=STRENGTHS)),
        Column("rests on", GROUNDS, required=False, nothing=NOTHING),
        Column("why", TEXT),
        _optional_result("document", TEXT),
        _optional_result("since", DAY),
    )
)
"""What an audit finds: one row for each finding, in the order of orders, rules and documents."""
SET_ASIDE = Table(
    (
        Column("file", Kind("file", words=tuple(export.file for export in EXPORTS))),
        Column("row", NUMBER),
        Column("reason", TEXT),
        Column("question", GROUNDS, required=False, nothing=NOTHING),
    )
)
"""Rows that an audit cannot use; row 1 of a file is its heading."""
VMS_CANCELLED = Table(
    (
        _order_column(required=False),
        *(_optional_result(name, DAY) for name in ("posted", "cancelled")),
        _optional_result("canceller", TEXT),
        _optional_result("stage", TEXT),
        _optional_result("units", NUMBER),
        _optional_result("e-invoices", TEXT),
        _optional_result("left out", TEXT),
    )
)
"""What the report of orders cancelled after posting should list, by day of cancellation; then orders left out, and why."""
VMS_RETURNED = Table(
    (
        _order_column(required=False),
        _optional_result("unit", TEXT),
        _optional_result("quality check", TEXT),
        _optional_result("received", DAY),
        _optional_result("e-invoices", TEXT),
        _optional_result("left out", TEXT),
    )
)
"""What the RSI report should list, by order and unit; then units left out, and why."""
AUDIT_DUTIES = Table(
    (
        _order_column(),
        _optional_result("task", words_of(TASKS), None),
        _optional_result("e-invoice", TEXT),
        Column("status", Kind("status of a duty", words=DUTY_STATUSES)),
        _optional_result("left", TEXT),
        _optional_result("days", NUMBER),
        _optional_result("standing", STANDING),
        _optional_result("reminder from", DAY),
        _optional_result("overdue from", DAY),
        _optional_result("done by", TEXT),
        _optional_result("rests on", GROUNDS),
    )
)
"""The duties on the day of the audit, in the order of orders, tasks and e-invoices."""
