"""Accepted survivors: mutants that the features need not kill, each with a reason and a day on which that ends."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sop_engine import SopError

KEYS = {"mutant": str, "reason": str, "expires": date}


class AcceptedError(SopError):
    """A list of accepted survivors that cannot be used; one line for each reason."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A survivor that somebody accepted."""

    mutant: str
    reason: str
    expires: date


def read_accepted(file: Path, today: date) -> tuple[Accepted, ...]:
    """The survivors accepted in *file*; none where there is no such file.

    Raises:
        AcceptedError: the file cannot be read, a record is not one, or one has expired by *today*.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise AcceptedError(f"{file.as_posix()}: cannot be read as UTF-8 text ({error})") from None
    try:
        given = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise AcceptedError(f"{file.as_posix()}: not TOML: {error}") from None
    records = given.pop("survivor", [])
    findings = [f"`{key}`: unknown; only [[survivor]] records are read" for key in given]
    if not isinstance(records, list):
        findings.append("`survivor`: write [[survivor]]")
        records = []
    accepted = []
    for number, record in enumerate(records, start=1):
        wrong = list(_wrong(record, today))
        findings += [f"survivor {number}: {reason}" for reason in wrong]
        if not wrong:
            accepted.append(Accepted(**record))
    if findings:
        raise AcceptedError("\n".join(f"{file.as_posix()}: {finding}" for finding in findings))
    return tuple(accepted)


def _wrong(record: object, today: date) -> Iterator[str]:
    if not isinstance(record, Mapping):
        yield "must be a table; write [[survivor]]"
        return
    for key in sorted(record.keys() - KEYS.keys()):
        yield f"`{key}`: unknown; a survivor has {', '.join(KEYS)}"
    for key, kind in KEYS.items():
        value = record.get(key)
        if type(value) is not kind or (isinstance(value, str) and not value.strip()):
            yield f"`{key}`: must be {'a day such as 2027-01-31' if kind is date else 'a text'}"
        elif isinstance(value, date) and value < today:
            yield f"expired on {value}: {record.get('mutant')}; pin it with an example, or decide on it again"
