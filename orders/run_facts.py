"""What a rule has to know of all rows of a run, also where it sees only a part of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

Signs = Mapping[tuple[int, str], tuple[int, int]]
"""For a source and a kind of document: how many of its documents with a value are negative, and how many there are."""


@dataclass(frozen=True)
class RunFacts:
    """Facts of a run that are not of one order.

    Attributes:
        requesting: sources that have a row in `REQUESTS`.
        naming_outside: sources of which a row says that the SOP does not apply to its order.
        of_kind: for each kind of document the sources that have one.
        valued: sources of which a document has a value.
        signs: signs of the values of each source.
    """

    requesting: frozenset[int] = frozenset()
    naming_outside: frozenset[int] = frozenset()
    of_kind: Mapping[str, frozenset[int]] | None = None
    valued: frozenset[int] = frozenset()
    signs: Signs = field(default_factory=dict)

    def kinds(self, kind: str) -> frozenset[int]:
        """Return the sources that have a document of *kind*."""
        return (self.of_kind or {}).get(kind, frozenset())


def run_facts(requests: pa.Table, documents: pa.Table) -> RunFacts:
    """Return the facts of the rows of *requests* and *documents*, without those after the day of the audit."""
    of_kind: dict[str, frozenset[int]] = {}
    if documents.num_rows:
        pairs = pa.table({"kind": documents["kind"].cast(pa.string()), "source": documents["source"]}).group_by(["kind", "source"])
        for pair in pairs.aggregate([]).to_pylist():
            of_kind[pair["kind"]] = of_kind.get(pair["kind"], frozenset()) | {pair["source"]}
    return RunFacts(
        requesting=_sources_of(requests),
        naming_outside=_sources_with(requests, "outside"),
        of_kind=of_kind,
        valued=_sources_with(documents, "value_paise"),
        signs=_signs_of(documents),
    )


def joined_facts(parts: Iterable[RunFacts]) -> RunFacts:
    """Return the facts of all rows of several parts."""
    every = list(parts)
    kinds = {kind for facts in every for kind in facts.of_kind or ()}
    return RunFacts(
        requesting=frozenset().union(*(facts.requesting for facts in every)),
        naming_outside=frozenset().union(*(facts.naming_outside for facts in every)),
        of_kind={kind: frozenset().union(*(facts.kinds(kind) for facts in every)) for kind in sorted(kinds)},
        valued=frozenset().union(*(facts.valued for facts in every)),
        signs=_joined_signs(facts.signs for facts in every),
    )


def _sources_of(table: pa.Table) -> frozenset[int]:
    return frozenset(table["source"].unique().to_pylist()) if table.num_rows else frozenset()


def _sources_with(table: pa.Table, name: str) -> frozenset[int]:
    """Return the sources of the rows of *table* that have a value in the column *name*."""
    if name not in table.column_names or table[name].null_count == table.num_rows:
        return frozenset()
    return _sources_of(table.select(["source"]).filter(pc.is_valid(table[name])))


def _signs_of(documents: pa.Table) -> Signs:
    if not {"negative", "value_paise"} <= {*documents.column_names} or documents["negative"].null_count == documents.num_rows:
        return {}
    given = documents.filter(pc.and_kleene(pc.is_valid(documents["negative"]), pc.greater(documents["value_paise"], 0)))
    table = pa.table({"source": given["source"], "kind": given["kind"].cast(pa.string()), "negative": given["negative"].cast(pa.int64())})
    counts = table.group_by(["source", "kind"]).aggregate([("negative", "sum"), ("negative", "count")]).to_pylist()
    return {(count["source"], count["kind"]): (count["negative_sum"], count["negative_count"]) for count in counts}


def _joined_signs(parts: Iterable[Signs]) -> Signs:
    below: Counter[tuple[int, str]] = Counter()
    total: Counter[tuple[int, str]] = Counter()
    for signs in parts:
        for key, (negative, count) in signs.items():
            below[key] += negative
            total[key] += count
    return {key: (below[key], total[key]) for key in sorted(total)}
