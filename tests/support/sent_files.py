"""Files sent to a workbench, and what a person would choose of what it offers, without a browser."""

import urllib.request
from pathlib import Path
from typing import Any

from tests.support.workbench import RunningWorkbench

PIECE = 1 << 21


def send_file(workbench: RunningWorkbench, file: Path) -> str:
    """Send *file* in pieces as the page does, and return its id."""
    content = file.read_bytes()
    upload: str = workbench.ask("POST", "/api/uploads", {"name": file.name, "size": len(content)})[1]["id"]
    for offset in range(0, len(content), PIECE):
        headers = {"X-Sop-Token": workbench.token, "Content-Type": "application/octet-stream"}
        address = f"{workbench.url}/api/upload/{upload}?offset={offset}"
        request = urllib.request.Request(address, content[offset : offset + PIECE], headers, method="PUT")  # noqa: S310 - of this computer
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            assert response.status == 200
    return upload


def chosen(upload: str, sheet: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the choices of a person who reads each column of *sheet* as it is suggested, and confirms it; *more* are other choices."""
    columns = [column for column in sheet["columns"] if column["target"]]
    return {
        "file": upload,
        "sheet": sheet["sheet"],
        "profile": sheet["profile"],
        "columns": [
            {"target": suggested["target"], "name": "" if suggested["twice"] else suggested["name"], "letter": suggested["letter"]}
            for suggested in columns
        ],
        "confirmed": True,
        **more,
    }
