"""Strict reading of tables of TOML: unknown keys with the nearest known one, and values of the wrong type, are refused."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from orders.intake.errors import IntakeError
from sop_engine.errors import did_you_mean, kind_of
from sop_engine.text import quoted

_TYPE_WORDS = {str: "a text", int: "a whole number", bool: "true or false", dict: "a table", list: "a list", date: "a date like 2026-06-30"}


class TomlTable:
    """A table of a TOML file, at *place*, such as ``audit.toml, source 1, columns``."""

    def __init__(self, place: str, values: object, keys: Iterable[str] | None = None) -> None:
        self.place = place
        if not isinstance(values, Mapping):
            raise IntakeError(place, f"expected a table, got {kind_of(values)}", "write it like [section] or { key = value }")
        self.values: Mapping[str, Any] = values
        if keys is not None:
            names = list(keys)
            for key in values:
                if key not in names:
                    raise IntakeError(place, f"unknown key {quoted(str(key))}", did_you_mean(str(key), names))

    def get(self, key: str, kind: type, default: Any = None) -> Any:
        """Return the value of *key*, which must be of *kind*; *default* if there is none."""
        if key not in self.values:
            return default
        value = self.values[key]
        wrong_date = kind is date and isinstance(value, datetime)
        if not isinstance(value, kind) or wrong_date or (kind is int and isinstance(value, bool)):
            kind_in_words = "another date" if isinstance(value, date) else kind_of(value)
            raise IntakeError(self.place, f"`{key}` must be {_TYPE_WORDS[kind]}, got {kind_in_words}", f"write {_TYPE_WORDS[kind]}")
        return value

    def word(self, key: str, words: Iterable[str], default: str | None = None) -> Any:
        """Return the value of *key*, which must be one of *words*."""
        value = self.get(key, str, default)
        names = [str(word) for word in words]
        if value is not None and value not in names:
            raise IntakeError(self.place, f"`{key}` has the unknown word {quoted(value)}", did_you_mean(value, names))
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Return the texts of *key*, written as one text or as a list."""
        if key not in self.values:
            return None
        value = self.values[key]
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise IntakeError(self.place, f"`{key}` must be a text or a list of texts, got {kind_of(value)}", "write each text in quotes")
        return tuple(texts)

    def table(self, key: str, keys: Iterable[str] | None = None) -> "TomlTable":
        """Return the table of *key*; an empty one if there is none."""
        return TomlTable(f"{self.place}, {key}", self.values.get(key, {}), keys)
