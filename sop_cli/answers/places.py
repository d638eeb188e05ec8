"""Places of the registers and the features that a command may write."""

import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from sop_cli.paths import FEATURES
from sop_engine import SopError
from sop_engine.reader import DEFAULT, GAPS, VARIABLE

RULEBOOK = Path("sop_engine", "rulebook", DEFAULT)


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
    """Return the folders in the working directory.

    Raises:
        PlaceError: the working directory is not the project's folder, or not that of this program.
    """
    rulebook, features = RULEBOOK, Path(FEATURES)
    if not (rulebook / GAPS).is_file() or not features.is_dir():
        raise PlaceError(f"there is no `{rulebook.as_posix()}` and no `{FEATURES}` here; run the command in the folder of the project")
    if os.environ.get(VARIABLE):
        raise PlaceError(f"the environment variable `{VARIABLE}` names another rulebook than the one here; unset it")
    own = Path(str(files("sop_engine") / "rulebook" / DEFAULT))
    if own.resolve() != rulebook.resolve():
        raise PlaceError(f"this program reads the rulebook in `{own.as_posix()}`, not the one here; run the program of this folder")
    return Places(rulebook, features)
