"""Files sent to a workbench or to its workers, and what a person would choose of what it offers, without a browser."""

import json
import urllib.request
from pathlib import Path
from typing import Any

from sop_cli.web.uploads import Uploads
from sop_cli.web.worker import answers
from tests.support.audit_files import DUE, EXAMPLES
from tests.support.workbench import RunningWorkbench

PIECE = 1 << 21
CLAIMS = {
    "dev1-assure.csv": {"complete": {"from": "2026-06-01", "to": "2026-06-30", "of": "cancellations"}},
    "dev2-ajio-orders.csv": {
        "complete": {"from": "2026-06-01", "to": "2026-06-30", "of": "orders"},
        "encoding": "cp1252",
        "formats": ["dd/mm/yyyy"],
        "zone": "Asia/Kolkata",
    },
    "dev3-erp-daybook.csv": {"complete": {"from": "2026-04-01", "to": "2026-07-15", "of": "documents"}},
}
SETTINGS: dict[str, Any] = {"settings": {"invoicing": "ERP", "as_of": "2026-07-15"}, "since": "", "name": ""}


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


class Sent:
    """Files of a workbench in the folder *home*, as its workers have them."""

    def __init__(self, home: Path) -> None:
        self.home, self.uploads = home, Uploads()

    def send(self, name: str, content: bytes | str) -> str:
        data = content.encode() if isinstance(content, str) else content
        upload = self.uploads.begin(name, len(data))
        self.uploads.put(upload, 0, data)
        return upload

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Return the last message of a call, with its parameters as the page sends them."""
        *_, last = answers(method, json.dumps(params))
        return last

    def result(self, method: str, **params: Any) -> Any:
        last = self.call(method, **params)
        assert "result" in last, last
        return last["result"]

    def error(self, method: str, **params: Any) -> str:
        last = self.call(method, **params)
        assert last["error"]["kind"] == "input", last
        return str(last["error"]["message"])

    def sheet(self, upload: str, encoding: str | None = None) -> dict[str, Any]:
        offered = self.result("audit.columns", file=upload, encoding=encoding)
        assert offered["error"] == ""
        (sheet,) = offered["sheets"]
        return dict(sheet)

    def examples(self) -> list[dict[str, Any]]:
        """Send the three example files, and return what a client chooses of them."""
        choices = []
        for name, more in CLAIMS.items():
            upload = self.send(name, (EXAMPLES / name).read_bytes())
            choices.append(chosen(upload, self.sheet(upload, more.get("encoding")), **more))  # type: ignore[arg-type]
        return choices


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file() and not file.name.startswith(".")}


def many_orders(file: Path, number: int) -> Path:
    head, row = DUE.splitlines()
    file.write_text(
        "\n".join([head, *(row.replace("0003", f"{order:07}").replace("INV-003", f"INV-{order:07}") for order in range(number)), ""])
    )
    return file
