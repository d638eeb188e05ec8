"""The result of a cancellation in a report with a row for each order or line: an empty one is open, and without a column the quantity says it."""

import pytest

from tests.support.intake import read

MAPPING = """system = "Assure OMS"
rows = "{rows}"
dates = {{ format = "dd-mm-yyyy HH:MM", zone = "Asia/Kolkata" }}
[source.columns]
order = "Order"
units = "Ordered"
units_cancelled = "Taken"
cancelled = "Asked"
{result}
"""
RESULT = 'result = { column = "Outcome", words = { SUCCESS = "carried out", ERROR = "failed", PENDING = "unknown" } }'


@pytest.mark.parametrize("rows", ["orders", "lines"])
@pytest.mark.parametrize(("result", "expected"), [(RESULT, [1, 2, 0, 0]), ("", [1, 1, 1, 1])], ids=["with-results", "without"])
def test_an_empty_or_unknown_result_is_open(tmp_path, rows, result, expected):
    content = "Order,Ordered,Taken,Asked,Outcome\n" + "".join(
        f"L{number},1,1,04-06-2026 12:00,{outcome}\n" for number, outcome in enumerate(("SUCCESS", "ERROR", "", "PENDING"))
    )

    assert read(tmp_path, content, MAPPING.format(rows=rows, result=result)).requests["carried_out"].to_pylist() == expected
