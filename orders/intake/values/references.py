"""References of credit notes that name several invoices in one cell, such as INV-9/INV-10, "INV-9, INV-10" or INV 9 and 10.

A slash stands between two numbers or in one, as in INV/24-25/0009: only the numbers of the run show which of the two it is. What is
nothing but numbers of the run names them. What is only like one, such as 10 in INV-9/10, may name it.
"""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.tables import Kind

_BETWEEN_NUMBERS = re.compile(r"[,;&+|\s]+")
_REFERENCE_WORDS: Final = frozenset({"AND", "INV", "INVOICE", "INVOICES", "BILL", "NO", "NOS", "SI", "TO"})
"""Words beside the numbers of a reference; nothing else that is no number may stand there."""
_DOCUMENT_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/-]*", re.IGNORECASE)
_LONGEST_NUMBER: Final = 16
"""Characters of the number of a document, at most (CGST rule 46)."""
_LAST_DIGITS = re.compile(r"(.*?)(\d+)")
_PERHAPS_SEVERAL: Final = r"[,;&+|\s]|[0-9]/[0-9A-Z]"
"""For RE2: what a reference to several documents has."""
_BETWEEN_WORD_AND_DIGITS = ("-", "/", "")
_LONGEST_LIST: Final = 200
"""Characters of a reference that is read, at most; a longer one is no number of a document."""
_MOST_PIECES: Final = 12
"""Pieces between slashes of one part of a reference, at most."""
_UNTIL: Final = "TO"
_LIST_OF_KEYS: Final = pa.list_(pa.string())
_MOST_IN_A_ROW: Final = 100
"""Numbers of a row such as INV-9 to INV-12, at most; of a longer one only the first and the last are taken."""


class NamedInvoices(NamedTuple):
    """The invoices that a reference names, and whether it certainly names all of them and nothing else."""

    numbers: tuple[str, ...]
    is_certain: bool


def is_list_of_documents(text: str) -> bool:
    """Return whether *text* is several numbers of documents and nothing else, but for words such as *and*."""
    parts = _parts_of(text) if len(text) <= _LONGEST_LIST else []
    several = len(parts) > 1 or any(len(part) > _LONGEST_NUMBER for part in parts)
    return several and all(_DOCUMENT_NUMBER.fullmatch(part) and _has_digit(part) and _has_possible_length(part) for part in parts)


def with_originals(documents: pa.Table, requests: pa.Table) -> pa.Table:
    """Return *documents* with the columns `originals` and `originals_certain`; without them if no original names several invoices."""
    references = _references_in(documents, documents, requests)
    if not references:
        return documents
    keys = documents["original_key"]
    places = pc.fill_null(pc.index_in(keys, value_set=pa.array(list(references), pa.string())), len(references))
    for name, values in (
        ("originals", pa.array([*(list(reference.numbers) for reference in references.values()), None], pa.list_(pa.string()))),
        ("originals_certain", pa.array([*(reference.is_certain for reference in references.values()), None], pa.bool_())),
    ):
        documents = documents.append_column(name, pa.chunked_array([values.take(chunk) for chunk in places.chunks], values.type))
    return documents


def with_originals_of_rows(rows: pa.Table, documents: pa.Table, requests: pa.Table) -> pa.Table:
    """Return *rows*, as `ROWS`, with the invoices that the original of a row set aside names, if there are several, in `named` too."""
    references = _references_in(rows, documents, requests)
    if not references:
        return rows
    of_row = pc.index_in(rows["original_key"], value_set=pa.array(list(references), pa.string()))
    places = np.flatnonzero(of_row.is_valid().to_numpy())
    has_named = "named" in rows.column_names
    earlier = rows["named"].cast(_LIST_OF_KEYS).combine_chunks() if has_named else pa.nulls(1, _LIST_OF_KEYS)
    lists = [
        sorted({*(names or ()), *reference.numbers})
        for names, reference in zip(
            earlier.take(pa.array(places if has_named else np.zeros(len(places), np.int64))).to_pylist(),
            (list(references.values())[number] for number in of_row.take(pa.array(places)).to_pylist()),
            strict=True,
        )
    ]
    indices = np.arange(len(of_row), dtype=np.int64) if has_named else np.zeros(len(of_row), np.int64)
    indices[places] = len(earlier) + np.arange(len(places))
    named = pa.concat_arrays([earlier, pa.array(lists, _LIST_OF_KEYS)]).take(pa.array(indices))
    return (rows.drop_columns(["named"]) if has_named else rows).append_column("named", named)


def _references_in(rows: pa.Table, documents: pa.Table, requests: pa.Table) -> dict[str, NamedInvoices]:
    """Return what each original of *rows* names that is no invoice itself, of those that *documents* and *requests* have."""
    if "original_key" not in rows.column_names or rows["original_key"].null_count == rows.num_rows:
        return {}
    keys = rows["original_key"]
    chunks = [chunk.filter(pc.match_substring_regex(chunk, _PERHAPS_SEVERAL)) for chunk in keys.chunks]
    texts = pa.chunked_array(chunks, keys.type).unique().cast(pa.string())
    texts = texts.filter(pc.invert(pc.is_in(texts, value_set=_known_among(texts, documents, requests))))
    candidates = pa.array(sorted({key for text in texts.to_pylist() if text is not None for key in _candidates(text)}), pa.string())
    invoices = frozenset(_known_among(candidates, documents, requests).to_pylist())
    given = (text for text in texts.to_pylist() if text is not None)
    return {text: reference for text in given if (reference := read_reference(text, invoices)) is not None}


def read_reference(text: str, invoices: AbstractSet[str]) -> NamedInvoices | None:
    """Return what the key *text* names of the numbers *invoices*; None if it is no number of several, and like none."""
    numbers: list[str] = []
    is_certain = True
    word = ""
    for part in (part for part in _BETWEEN_NUMBERS.split(text) if part.strip("/")):
        if part in _REFERENCE_WORDS:
            word = part
            continue
        pieces = part.strip("/").split("/")
        ways = list(islice(_ways(pieces, invoices), 2)) if len(pieces) <= _MOST_PIECES else []
        if len(ways) == 1 and word != _UNTIL:
            numbers += ways[0]
        else:
            is_certain = False
            first = numbers[-1:] if word == _UNTIL else []
            matches = (
                [key for way in ways for key in way] or _possible_numbers(pieces, word, numbers, invoices) or _with_hyphen(part, invoices)
            )
            numbers += [key for one in first for last in matches for key in _numbers_between(one, last) if key in invoices] + matches
    different = tuple(dict.fromkeys(numbers))
    if not different:
        return None
    return NamedInvoices(different, is_certain and len(different) == len(numbers) > 1)


def _ways(pieces: list[str], invoices: AbstractSet[str]) -> Iterator[list[str]]:
    """Yield each way in which *pieces* between slashes, put together again, are nothing but numbers of *invoices*."""
    if not pieces:
        yield []
    for end in range(1, len(pieces) + 1):
        number = "/".join(pieces[:end])
        if number in invoices:
            yield from ([number, *rest] for rest in _ways(pieces[end:], invoices))


def _possible_numbers(pieces: list[str], word: str, before: list[str], invoices: AbstractSet[str]) -> list[str]:
    """Return the *invoices* that *pieces* between slashes may name, after *word* and the numbers *before*."""
    matches: list[str] = []
    start = 0
    while start < len(pieces):
        ends = (end for end in range(len(pieces), start, -1) if "/".join(pieces[start:end]) in invoices)
        end = next(ends, 0)
        if end:
            matches.append("/".join(pieces[start:end]))
        else:
            matches += [key for key in _completed(pieces[start], word, [*before, *matches][-1:]) if key in invoices]
        start = end or start + 1
    return matches


def _with_hyphen(part: str, invoices: AbstractSet[str]) -> list[str]:
    """Return those of *invoices* in a row with a hyphen between the first and the last, as in INV-9-12 and INV/26-27/14-15."""
    for place in (place for place, sign in enumerate(part) if sign == "-"):
        first, end = part[:place], part[place + 1 :]
        last = next((key for key in (end, *_completed(end, "", [first])) if key in invoices), None)
        if first in invoices and last is not None:
            return [first, *(key for key in _numbers_between(first, last) if key in invoices), last]
    return []


def _numbers_between(first: str, last: str) -> list[str]:
    """Return the numbers between *first* and *last*, if they differ in their last digits only."""
    one, other = _LAST_DIGITS.fullmatch(first), _LAST_DIGITS.fullmatch(last)
    if one is None or other is None or one.group(1) != other.group(1) or int(other.group(2)) - int(one.group(2)) > _MOST_IN_A_ROW:
        return []
    return [f"{one.group(1)}{number:0{len(one.group(2))}}" for number in range(int(one.group(2)) + 1, int(other.group(2)))]


def _completed(piece: str, word: str, before: Iterable[str]) -> list[str]:
    """Return the numbers that *piece*, if it is digits alone, is the end of: after *word*, and with the beginning of those *before*."""
    if not piece.isdecimal():
        return []
    keys = [f"{word}{sign}{piece}" for sign in _BETWEEN_WORD_AND_DIGITS if word]
    for number in before:
        if (match := _LAST_DIGITS.fullmatch(number)) is not None:
            beginning, digits = match.groups()
            keys += [beginning + piece, beginning + digits[: -len(piece)] + piece, beginning + piece.zfill(len(digits))]
    return keys


def _candidates(text: str) -> set[str]:
    """Return all numbers that the key *text* can name."""
    parts = [part.strip("/") for part in _BETWEEN_NUMBERS.split(text)]
    pieces = [part.split("/") for part in parts if part and part not in _REFERENCE_WORDS]
    numbers = {
        "/".join(of_part[start:end]) for of_part in pieces for start in range(len(of_part)) for end in range(start + 1, len(of_part) + 1)
    }
    words = [part for part in parts if part in _REFERENCE_WORDS] or [""]
    digits = [piece for of_part in pieces for piece in of_part if piece.isdecimal()]
    hyphened = [(part[:place], part[place + 1 :]) for part in parts for place, sign in enumerate(part) if sign == "-"]
    numbers |= {key for pair in hyphened for key in (*pair, *_completed(pair[1], "", [pair[0]]))}
    first = {key for word in words for piece in digits for key in _completed(piece, word, numbers)}
    every = numbers | first | {key for piece in digits for key in _completed(piece, "", first)}
    is_row = _UNTIL in words or bool(hyphened)
    return every | {key for one in every for other in every for key in _numbers_between(one, other)} if is_row else every


def _known_among(keys: pa.Array, documents: pa.Table, requests: pa.Table) -> pa.Array:
    """Return those of *keys* that are the number of an invoice, or that a request names as one."""
    matches = [pa.array([], pa.string())]
    if not len(keys):
        return matches[0]
    for rows in documents.select(["kind", "number_key"]).to_batches() if "number_key" in documents.column_names else ():
        there = rows["number_key"].filter(pc.equal(rows["kind"].cast(pa.string()), Kind.INVOICE)).cast(pa.string())
        matches.append(there.filter(pc.is_in(there, value_set=keys, skip_nulls=True)))
    for rows in requests.select(["invoice_key"]).to_batches() if "invoice_key" in requests.column_names else ():
        there = rows["invoice_key"].cast(pa.string())
        matches.append(there.filter(pc.is_in(there, value_set=keys, skip_nulls=True)))
    return pa.concat_arrays(matches).unique()


def _parts_of(text: str) -> list[str]:
    """Return the numbers of a reference, without the words beside them."""
    parts = (part.strip("/") for part in _BETWEEN_NUMBERS.split(text))
    return [part for part in parts if part and part.upper() not in _REFERENCE_WORDS]


def _has_digit(text: str) -> bool:
    return any(sign.isdecimal() for sign in text)


def _has_possible_length(part: str) -> bool:
    """Return whether *part* is no longer than a number, or is several of one form between slashes."""
    if len(part) <= _LONGEST_NUMBER:
        return True
    pieces = part.split("/")
    for size in range(1, len(pieces)):
        numbers = ["/".join(pieces[start : start + size]) for start in range(0, len(pieces), size)]
        if len({_form(number) for number in numbers}) == 1 and all(len(number) <= _LONGEST_NUMBER for number in numbers):
            return True
    return False


def _form(number: str) -> str:
    return re.sub(r"\d+", "9", re.sub(r"[A-Za-z]+", "A", number))


def collapsed(text: str) -> str:
    """Return *text* with one space in place of several spaces and ends of lines."""
    return " ".join(text.split())
