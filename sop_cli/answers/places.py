"""Places of the registers and the features that a command may write."""

from dataclasses import dataclass
from pathlib import Path

from sop_cli.paths import FEATURES
from sop_engine import SopError
from sop_engine.engine import FOLDER
from sop_engine.versions import GAPS, shipped


class PlaceError(SopError):
    """There is no specification here that can be written."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of the rulebook and of the features."""

    rulebook: Path
    features: Path

    @property
    def register(self) -> Path:
        """The register of gaps."""
        return self.rulebook / GAPS


def places() -> Places:
    """Return the folder of the rulebook that this process reads, and that of the features in the working directory.

    Raises:
        PlaceError: there are no features here, or the rulebook is that of a program somewhere else.
    """
    rulebook, features = Path(str(FOLDER)), Path(FEATURES)
    program = Path(str(shipped()))
    here = Path("sop_engine", "rulebook", rulebook.name) if rulebook.is_relative_to(program) else rulebook
    if not (here / GAPS).is_file() or not features.is_dir():
        raise PlaceError(f"there is no `{here.as_posix()}` and no `{FEATURES}` here; run the command in the folder of the project")
    if here.resolve() != rulebook.resolve():
        raise PlaceError(f"this program reads the rulebook in `{rulebook.as_posix()}`, not the one here; run the program of this folder")
    return Places(here, features)
