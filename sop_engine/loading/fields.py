"""Fields of a register's records: each is checked, and what is wrong with it is a finding with its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from sop_engine.errors import RulebookError, did_you_mean

WordEnum = TypeVar("WordEnum", bound=StrEnum)


@dataclass
class FieldReader:
    """Reads fields of records; `findings` are the reasons against the register called *name*, `lines` those in which its records begin."""

    name: str
    findings: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def stop_if_refused(self) -> None:
        """Raise `RulebookError` with all findings, if there are any."""
        if self.findings:
            raise RulebookError(self.name, self.findings)

    def records(self, table: Mapping[str, object], kind: str, file: str) -> Iterator[dict[str, object]]:
        """Yield the records of one *kind* that have an id; none at all, or one without an id, is a finding."""
        entries = table.get(kind)
        if not isinstance(entries, list) or not entries:
            self.findings.append(f"{file}: has no [[{kind}]] record")
            return
        for record in entries:
            if not isinstance(record, dict) or not isinstance(record.get("id"), str):
                self.findings.append(f"{file}: a [[{kind}]] record has no id")
                continue
            yield record

    def location(self, identifier: str, file: str) -> str:
        """Return file and line of a record, as ``file:line``."""
        return f"{file}:{self.lines.get(identifier, 1)}"

    def keys(self, record: Mapping[str, object], allowed: set[str], location: str) -> None:
        """Add a finding for each key of *record* that is not *allowed*."""
        self.findings.extend(
            f"{location}: unknown key `{key}` in `{record.get('id', '')}`; {did_you_mean(key, sorted(allowed))}"
            for key in record
            if key not in allowed
        )

    def text(self, record: Mapping[str, object], key: str, location: str, *, needed: bool = False) -> str:
        """Return a text; empty, with a finding, if it is none."""
        value = record.get(key, "")
        if not isinstance(value, str) or (needed and not value):
            self.findings.append(f"{location}: `{key}` must be a text")
            return ""
        return value

    def texts(self, record: Mapping[str, object], key: str, location: str) -> list[str]:
        """Return a list of texts; empty, with a finding, if it is none."""
        value = record.get(key, [])
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            self.findings.append(f"{location}: `{key}` must be a list of texts")
            return []
        return value

    def tables(self, record: Mapping[str, object], key: str, location: str) -> list[dict[str, object]]:
        """Return the tables below a record; none, with a finding, if they are written otherwise."""
        value = record.get(key, [])
        if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
            self.findings.append(f"{location}: `{key}` must be written as [[gap.{key}]]")
            return []
        return value

    def word(self, words: type[WordEnum], value: object, key: str, location: str) -> WordEnum | None:
        """Return the word of *words* that *value* is; None, with a finding, if it is none."""
        try:
            return words(str(value))
        except ValueError:
            self.findings.append(f"{location}: unknown {key} `{value}`; {did_you_mean(str(value), [str(word) for word in words])}")
            return None

    def is_word(self, words: tuple[str, ...], value: object, key: str, location: str) -> bool:
        """Return whether *value* is one of *words*; if it is not, that is a finding."""
        if str(value) in words:
            return True
        self.findings.append(f"{location}: unknown {key} `{value}`; {did_you_mean(str(value), words)}")
        return False
