"""A copy of the registers that the commands about records write, in a folder of its own, with the features of the project."""

from pathlib import Path

import pytest

from sop_cli.main import main
from sop_engine.versions import CLAUSES, GAPS

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

    def require_refusal(self, arguments: list[str], message: str) -> None:
        """Assert that a command that would write is refused with one printable error that has *message*, and that nothing changed."""
        before = self.contents
        status, out, err = self.sop(*arguments, "--yes")
        assert status == 2
        assert message in err
        assert (out, err.count("error: "), "\x1b" in err) == ("", 1, False)
        assert self.contents == before
