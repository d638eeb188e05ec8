"""A problem in a file: where, which rule it breaks, why, and what to do. Lint, gate and record share this one form."""

from msgspec import Struct


class Problem(Struct, frozen=True):
    """A problem at a place; `path` is relative to the folder of the features and empty where no file is concerned.

    Line and column count from 1, columns in characters. `suggestion` is text that the author may have meant.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str
    remedy: str
    suggestion: str | None = None

    @property
    def place(self) -> tuple[str, int, int]:
        """Path, line and column: the order in which problems are listed."""
        return self.path, self.line, self.column

    def __str__(self) -> str:
        """``path:line:column: rule: message; remedy``."""
        return f"{self.path}:{self.line}:{self.column}: {self.rule}: {self.message}; {self.remedy}"
