"""The example files of an audit in a folder, with a mapping that says what a client knows of them."""

import shutil
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "samples" / "audit"
MAPPING = (EXAMPLES / "audit.toml").read_text(encoding="utf-8")
ALLOWED = """Channel Order ID,Order Qty,Cancelled Qty,Cancelled By,OMS Status,WMS Status,Posted At,E-Invoice No,E-Invoice At,Pushed At,Cancelled At,Result
FN0007,3,1,SELLER,FULFILLABLE,,,,,,04-06-2026 08:45,SUCCESS
FN0008,3,1,SELLER,FULFILLABLE,,,,,,15-06-2026 08:45,SUCCESS
"""
"""Requests that the SOP allows, and after which there is nothing to do."""


DUE = """Channel Order ID,Order Qty,Cancelled Qty,Cancelled By,OMS Status,WMS Status,Posted At,E-Invoice No,E-Invoice At,Pushed At,Cancelled At,Result
FN0003,1,1,AJIO,PROCESSING,,04-06-2026 09:00,INV-003,04-06-2026 10:00,04-06-2026 10:05,20-06-2026 13:00,SUCCESS
"""
"""A request after which a credit note is due."""


def make_exports(folder: Path) -> None:
    """Write two exports into *folder*, with nothing to do and with a credit note due, and a mapping for each."""
    folder.mkdir()
    for name, content in (("allowed", ALLOWED), ("due", DUE)):
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
        (folder / f"{name}.toml").write_text(
            MAPPING.partition('\n[[source]]\nfile = "dev2')[0].replace("dev1-assure", name), encoding="utf-8"
        )


def make_examples(folder: Path) -> Path:
    """Copy the three example files and their mapping to *folder*, and return the mapping."""
    shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
    return folder / "audit.toml"
