"""A copy of the registers that the commands about records write, in a folder of its own, with the features of the project."""

from pathlib import Path

import pytest

from sop_cli.main import main
from sop_engine.reader import CLAUSES, GAPS

ROOT = Path(__file__).parents[2]
RULEBOOK = ROOT / "sop_engine" / "rulebook" / "clients_v1"


class RegisterCopy:
    """Copied registers, and the commands that work on them in this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder / "clients_v1"
        self.folder.mkdir()
        self.capsys = capsys
        for name in (CLAUSES, GAPS):
            (self.folder / name).write_bytes((RULEBOOK / name).read_bytes())

    @property
    def contents(self) -> dict[str, bytes]:
        """The content of each file in the folder."""
        return {file.name: file.read_bytes() for file in sorted(self.folder.iterdir())}

    def sop(self, *arguments: str) -> tuple[int, str, str]:
        """Return exit status, output and errors of a command."""
        status = main(arguments)
        return status, *self.capsys.readouterr()
