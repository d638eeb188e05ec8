"""Shipped profiles: the columns of known exports, as TOML files with their source and confidence."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from orders.audit.tables import System
from orders.intake.errors import IntakeError
from orders.intake.mapping.strict import TomlTable
from sop_engine.errors import did_you_mean
from sop_engine.input_files import read_toml
from sop_engine.text import quoted

PROFILE_FOLDER = Path(__file__).parents[1] / "profiles"
CONFIDENCES = {
    "vendor": "the vendor's or the state's own page",
    "code": "independent public code or documents that agree",
    "weak": "one weak source",
    "ours": "defined by this project",
}
"""Words for how sure the facts of a profile are."""
_OWN_KEYS = ("title", "source", "confidence")
_KEYS = (*_OWN_KEYS, "system", "dates", "numbers", "rows", "empty", "columns", "required", "total", "delimiter", "encoding", "personal")


@dataclass(frozen=True, slots=True)
class Profile:
    """A shipped profile: its name, what it is of, where its facts come from and how sure they are (a key of `CONFIDENCES`)."""

    name: str
    title: str
    source: str
    confidence: str
    system: str
    table: TomlTable

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Return for each column of the mapping its names in the file."""
        columns = self.table.values.get("columns", {})
        names_by_target = {}
        for target, value in columns.items():
            names = value.get("column", ()) if isinstance(value, dict) else value
            names_by_target[target] = (names,) if isinstance(names, str) else tuple(names)
        return names_by_target


@cache
def profiles() -> dict[str, Profile]:
    """Return the shipped profiles by name."""
    return {file.stem: _profile(file) for file in sorted(PROFILE_FOLDER.glob("*.toml"))}


def profile_named(name: str, place: str) -> Profile:
    """Return a shipped profile.

    Raises:
        IntakeError: there is none of this *name*; *place* is where it is named.
    """
    if name not in profiles():
        raise IntakeError(place, f"unknown profile {quoted(name)}", did_you_mean(name, profiles()))
    return profiles()[name]


def _profile(file: Path) -> Profile:
    table = TomlTable(f"profile {file.stem}", read_toml(file, "install the program again"), _KEYS)
    return Profile(
        file.stem,
        table.get("title", str),
        table.get("source", str),
        table.word("confidence", CONFIDENCES),
        table.word("system", System),
        TomlTable(table.place, {key: value for key, value in table.values.items() if key not in _OWN_KEYS}),
    )
