"""The temporary folder of files that the page sends: workers get it in an environment variable, and remove it if the server did not.

Loads nothing of the engine, so that a worker can begin whatever its registers say.
"""

import os
from pathlib import Path
from shutil import rmtree

UPLOADS_VARIABLE = "SOP_WORKBENCH_UPLOADS"
UPLOADS_NAME = "sop-workbench-uploads-"
"""Beginning of the name of the temporary folder."""
FILES, RESULTS = "files", "results"
"""Folders in it: of files by their ids, and of results of a workbench that is read only."""


def uploads_folder() -> Path | None:
    """Return the temporary folder of the server of this worker; None if there is none."""
    folder = os.environ.get(UPLOADS_VARIABLE, "")
    return Path(folder) if Path(folder).name.startswith(UPLOADS_NAME) else None


def remove_folder(folder: Path | None) -> None:
    """Remove the temporary folder; nothing that has another name."""
    if folder is not None and folder.name.startswith(UPLOADS_NAME) and not folder.is_symlink():
        rmtree(folder, ignore_errors=True)
