"""A problem in a file: place, violated rule, reason and remedy; used by lint, gate and run record."""

from msgspec import Struct
from msgspec.structs import replace

from sop_engine.versions import with_version


class Problem(Struct, frozen=True):
    """A problem at a place; `path` is relative to the features folder, and empty if the problem has no file.

    The path of a module with step definitions is relative to the folder of its package: ``steps/bindings/returns.py``.

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
    def in_python(self) -> bool:
        """Return whether it is in a module with step definitions, not in a feature file."""
        return self.path.endswith(".py")

    def at(self, file: str) -> str:
        """Return ``file:12:3: rule: message; remedy``."""
        return f"{file}:{self.line}:{self.column}: {self.rule}: {self.message}; {self.remedy}"

    def with_version_option(self) -> "Problem":
        """Return it with the version of this process in each command that the remedy names."""
        return replace(self, remedy=with_version(self.remedy))

    def __str__(self) -> str:
        return self.at(self.path)


def sort_key(problem: Problem) -> tuple[str, int, int, str, str, str]:
    """Return the sort key: path, line, column, then the texts."""
    return problem.path, problem.line, problem.column, problem.rule, problem.message, problem.remedy
