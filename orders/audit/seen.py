"""What a row says, in a few words: for findings and duties."""

from orders.audit.cancellations import Cancellations
from orders.audit.columns import NEVER, NONE, Evidence, day_at
from orders.audit.findings import Seen
from orders.audit.tables import WORDS, Observed

RESULTS = {int(Observed.YES): "carried out", int(Observed.NO): "not carried out"}


def words_of(name: str, bits: int) -> str:
    """Return a set of words as text: one word, several with *or*, or *unknown*."""
    words = [word for place, word in enumerate(WORDS[name]) if bits >> place & 1]
    return "unknown" if len(words) == len(WORDS[name]) else " or ".join(words)


def request_seen(evidence: Evidence, cancellations: Cancellations, place: int) -> Seen:
    """Return what the row of a request says."""
    row = int(cancellations.rows[place])
    requests = evidence.requests
    who = words_of("canceller", int(cancellations.canceller[place]))
    units, ordered = int(cancellations.units[place]), int(requests["units"][row])
    parts = [f"{'canceller unknown' if who == 'unknown' else who} cancels {_quantity(units, ordered)}"]
    if cancellations.start[place] != NEVER:
        parts.append(f"on {day_at(int(cancellations.start[place]))}")
    parts.append(f"stage {words_of('stage', int(cancellations.stage[place]))}")
    parts.append(f"e-invoice {words_of('e_invoice', int(cancellations.e_invoice[place]))}")
    result = "error at packing" if requests["packing_error"][row] else RESULTS.get(int(requests["carried_out"][row]))
    return Seen(int(requests["source"][row]), int(requests["row"][row]), ", ".join([*parts, *([result] if result else [])]))


def order_seen(evidence: Evidence, row: int, text: str) -> Seen:
    """Return *text* about a row of `REQUESTS`."""
    return Seen(int(evidence.requests["source"][row]), int(evidence.requests["row"][row]), text)


def _quantity(units: int, ordered: int) -> str:
    if units == NONE:
        return "an unknown quantity"
    return f"{units} of {ordered} units" if ordered not in (NONE, 1) else f"{units} unit" + ("" if units == 1 else "s")
