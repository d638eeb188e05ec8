"""Every error of the simulator, and its wording."""

from collections.abc import Sequence

from sop_engine import SopError


class ExperimentError(SopError):
    """An experiment was refused; `findings` has one line for each reason."""

    def __init__(self, findings: Sequence[str]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(self.findings))


class UnknownExperimentError(SopError):
    """No experiment of this name comes with the program, and no such file exists."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(f"there is no experiment `{name}`; {hint}, or give the path of a .toml file")
