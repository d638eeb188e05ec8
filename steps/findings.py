"""Findings: what is wrong with a feature file, where, and what to do about it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong. Line and column count from 1, columns in characters; *suggestion* is text the author may have meant."""

    path: str
    line: int
    column: int
    rule: str
    message: str
    remedy: str
    suggestion: str | None = field(default=None, compare=False)

    def to_plain(self) -> dict[str, str | int | None]:
        """The finding as JSON-ready values, field by field."""
        return {
            "path": self.path, "line": self.line, "column": self.column, "rule": self.rule,
            "message": self.message, "remedy": self.remedy, "suggestion": self.suggestion,
        }  # fmt: skip

    def text(self, folder: str = "features") -> str:
        """``features/x.feature:12:3: rule: message; remedy``, one line, safe to print."""
        place = f"{folder}/{self.path}" if folder else self.path
        return visible(f"{place}:{self.line}:{self.column}: {self.rule}: {self.message}; {self.remedy}")

    def __str__(self) -> str:
        return self.text()


def visible(text: str) -> str:
    r"""*text* with every character that a terminal would obey or hide written out: ``\x1b``, ``\u200b``."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def quoted(text: str, limit: int = 80) -> str:
    """*text* in backticks, shortened, for a message."""
    seen = visible(text)
    return f"`{seen}`" if len(seen) <= limit else f"`{seen[: limit - 1]}…`"
