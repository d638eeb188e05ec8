"""The zone that the name of a column declares, offered to a person who confirms it."""

from sop_cli.audits.offered_columns import offered_columns
from tests.support.intake import lines, orders


def test_a_column_is_offered_with_the_zone_behind_its_name(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(
        lines(*orders(3)).replace("Cancelled At", "Cancelled At (UTC)").replace("Posted At", "POSTED AT (IST)"), encoding="utf-8"
    )

    (sheet,) = offered_columns(file, None)["sheets"]

    assert {column["name"]: (column["target"], column["zone"]) for column in sheet["columns"] if column["zone"]} == {
        "POSTED AT (IST)": ("posted", "Asia/Kolkata"),
        "Cancelled At (UTC)": ("cancelled", "UTC"),
    }
