"""Amounts in two columns, one for each side of a ledger, as Tally has them: debits are positive, credits negative."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from orders.intake.files.sheet import Batch
from orders.intake.values.ids import NO_VALUE
from orders.intake.values.text_columns import as_text

_SIDES = re.compile(r"(dr|debit)( amount| amt)?")
_OTHER_SIDE = {"dr": "cr", "debit": "credit"}
_ZERO = r"^\s*0*(?:\.0*)?\s*$"
_CREDIT = r"(?i)cr\.?\s*$"


def credit_place(names: Sequence[str], places: Mapping[str, int]) -> int | None:
    """Return the place of the column of credits if the value is taken from that of debits; None if it is not, or there is none.

    Args:
        names: of the columns of the sheet, as they are compared.
        places: of the columns of the mapping.
    """
    match = _SIDES.fullmatch(names[places["value"]]) if "value" in places else None
    if match is None:
        return None
    name = _OTHER_SIDE[match[1]] + (match[2] or "")
    return names.index(name) if name in names else None


def with_both_sides(batch: Batch, debit: int, credit: int) -> Batch:
    """Return *batch* with the amounts of both columns in that of debits; a row with an amount on each side has none that can be read."""
    if credit not in batch.columns:
        return batch
    debits, credits_ = (pc.replace_substring_regex(as_text(batch.columns[place]), _ZERO, "") for place in (debit, credit))
    no_debit, no_credit = pc.equal(debits, ""), pc.invert(pc.match_substring_regex(credits_, "[0-9]"))  # a header again has words
    is_marked = pc.match_substring_regex(credits_, _CREDIT)
    negative = pc.if_else(is_marked, credits_, pc.binary_join_element_wise("-", credits_, ""))
    both = pc.binary_join_element_wise(debits, credits_, " and ")
    values = pc.if_else(no_credit, as_text(batch.columns[debit]), pc.if_else(no_debit, negative, both))
    kinds = dict(batch.kinds)
    if credit in kinds and debit in kinds:
        kinds[debit] = np.where(kinds[credit] == NO_VALUE, NO_VALUE, kinds[debit])
    return replace(batch, columns={**batch.columns, debit: values}, kinds=kinds)
