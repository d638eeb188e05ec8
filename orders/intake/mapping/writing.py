"""A suggested mapping as a TOML file, with the reason and samples of each column as comments."""

from collections.abc import Sequence
from datetime import date

import tomlkit

from orders.audit.tables import Claim, Kind
from orders.intake.mapping.reading import zone_text
from orders.intake.mapping.source_mapping import CANCELLATIONS, SourceMapping
from orders.intake.mapping.suggestion import SuggestedSource

RETURNING = (Kind.RETURN, Kind.RSI)
REMARK = (
    "Suggested mapping. Check each source, answer its questions, and set confirmed = true.\n"
    "A column is written here only where its name is not exact in the profile; any key of the profile can be overridden."
)


def mapping_text(sources: Sequence[SuggestedSource], invoicing: str | None = None, as_of: date | None = None) -> str:
    """Return the mapping file of *sources*.

    Args:
        sources: the suggestions; their files are named without folder.
        invoicing: how e-invoices are made; None writes a question.
        as_of: day of the audit.
    """
    document = tomlkit.document()
    for line in REMARK.splitlines():
        document.add(tomlkit.comment(line))
    audit = tomlkit.table()
    if invoicing is None:
        audit.add(tomlkit.comment("Where is the e-invoice made? ERP (the client's) or RMS. While unknown, both are taken as possible."))
    audit.add("invoicing", invoicing or "unknown")
    if as_of is not None:
        audit.add("as_of", as_of)
    document.add("audit", audit)
    listed = tomlkit.aot()
    for source in sources:
        listed.append(_source_table(source))
    document.add("source", listed)
    return tomlkit.dumps(document)


def _source_table(source: SuggestedSource) -> tomlkit.items.Table:
    table = tomlkit.table()
    mapping = source.mapping
    table.add("file", mapping.file.name)
    for key, value in (("sheet", mapping.sheet), ("profile", mapping.profile), ("encoding", mapping.encoding)):
        if value is not None:
            table.add(key, value)
    table.add("confirmed", mapping.is_confirmed)
    for question in source.questions:
        table.add(tomlkit.comment(f"question: {question}"))
    claim = f'complete = {{ from = 2026-06-01, to = 2026-06-30, of = "{claim_of(mapping)}" }}'
    table.add(tomlkit.comment(f"{claim}  # what absence from this file proves"))
    columns = tomlkit.table()
    for suggestion in source.suggestions:
        samples = ", ".join(suggestion.samples) or "no values"
        columns.add(
            tomlkit.comment(f"{suggestion.target}: column {suggestion.letter} {suggestion.column!r}, {suggestion.reason}; {samples}")
        )
        if not suggestion.is_exact:
            column = mapping.columns[suggestion.target]
            if column.words or column.formats or column.zone is not None:
                inline = tomlkit.inline_table()
                inline.append("column", suggestion.column)
                if column.zone is not None:
                    inline.append("zone", zone_text(column.zone))
                columns.add(suggestion.target, inline)
            else:
                columns.add(suggestion.target, suggestion.column)
    table.add("columns", columns)
    return table


def claim_of(mapping: SourceMapping) -> Claim:
    """Return what a file of this kind can hold all of."""
    if mapping.has_documents:
        return Claim.RETURNS if mapping.columns["kind"].value in RETURNING else Claim.DOCUMENTS
    return Claim.CANCELLATIONS if mapping.rows == CANCELLATIONS else Claim.ORDERS
