"""A problem in a file: where, which rule it breaks, why, and what to do. Lint, gate and record share this one form."""

from msgspec import Struct


class Problem(Struct, frozen=True):
    """A problem at a place; `path` is relative to the folder of the features and empty where no file is concerned.

    The path of a module with sentences is relative to the folder of its package: ``steps/bindings/returns.py``.

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
        """Whether it is in a module with sentences and not in a feature file."""
        return self.path.endswith(".py")

    def at(self, file: str) -> str:
        """``file:12:3: rule: message; remedy``."""
        return f"{file}:{self.line}:{self.column}: {self.rule}: {self.message}; {self.remedy}"

    def __str__(self) -> str:
        return self.at(self.path)


def sort_key(problem: Problem) -> tuple[str, int, int, str, str, str]:
    """Sort key: path, line, column, then the texts."""
    return problem.path, problem.line, problem.column, problem.rule, problem.message, problem.remedy
