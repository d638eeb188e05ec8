"""The Audit screen: columns that are offered masked and read only as chosen, results as the command writes them, and nothing left of a cancelled audit."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orders.intake.errors import IntakeError
from reports.audit.writing import FILES
from sop_cli.audits.choices import ChosenSource
from sop_cli.audits.chosen_mapping import UnconfirmedMappingError
from sop_cli.main import main
from sop_cli.web.audit_results import earlier_results
from sop_cli.web.screens import audit
from sop_cli.web.uploads import UploadError
from sop_cli.web.worker import answers
from sop_engine import SopError
from tests.sop_cli.audits.test_privacy import leaks, planted
from tests.support.audit_files import DUE, EXAMPLES
from tests.support.sent_files import CLAIMS, SETTINGS, Sent, chosen, files_in

ALIKE = """Channel Order ID,Order Qtty,Cancelled Quantity,Cancelled By,OMS Status,Posted At,E-Invoice No,E-Invoice At,Cancelled At,Result,Buyer Name,Remark,Remark
FN0003,1,1,AJIO,PROCESSING,04-06-2026 09:00,INV-003,04-06-2026 10:00,20-06-2026 13:00,SUCCESS,Zaqiel,1,2
FN0004,1,1,AJIO,PROCESSING,14-06-2026 09:00,INV-004,14-06-2026 10:00,20-06-2026 13:00,SUCCESS,Zaqiel,1,2
"""


def test_each_column_is_offered_with_its_reason_how_sure_it_is_and_masked_values(sent: Sent) -> None:
    sheet = sent.sheet(sent.send("orders.csv", ALIKE))

    columns = {column["letter"]: column for column in sheet["columns"]}
    assert columns["A"] == {
        "target": "order", "name": "Channel Order ID", "letter": "A", "reason": "exact name of the profile assure-cancellations",
        "samples": ["F••• (6 characters)", "F••• (6 characters)"], "how": "exact", "twice": False, "words": [], "zone": "",
    }  # fmt: skip
    assert (columns["B"]["target"], columns["B"]["how"]) == ("units", "alike")
    assert columns["B"]["reason"].startswith("alike (0.9")
    assert (columns["C"]["target"], columns["C"]["how"]) == ("units_cancelled", "synonym")
    assert (columns["L"]["target"], columns["L"]["how"], columns["L"]["twice"], columns["M"]["twice"]) == ("", "", True, True)
    assert "K" not in columns
    assert sheet["personal"] == ["Buyer Name"]
    assert not sheet["certain"]
    assert "Zaqiel" not in json.dumps(sheet)


@pytest.mark.slow
def test_what_is_not_exact_is_read_only_when_it_is_chosen_and_the_file_confirmed(sent: Sent) -> None:
    upload = sent.send("orders.csv", ALIKE)
    sheet = sent.sheet(upload)
    every = chosen(upload, sheet)
    exact = [chosen_column for chosen_column in every["columns"] if chosen_column["target"] not in {"units", "units_cancelled"}]

    unconfirmed = sent.error("audit.run", sources=[{**every, "confirmed": False}], **SETTINGS, replace=False)
    assert unconfirmed == "orders.csv: its columns are not confirmed; look at them, and confirm the file"
    assert not (sent.home / "build").exists()

    sent.result(
        "audit.run",
        sources=[{**every, "columns": exact, "left_out": ["units_cancelled"]}],
        **{**SETTINGS, "name": "without"},
        replace=False,
    )
    sent.result("audit.run", sources=[every], **{**SETTINGS, "name": "with"}, replace=False)

    units = {}
    for name in ("without", "with"):
        with duckdb.connect(str(sent.home / "build/audits" / name / "audit.duckdb"), read_only=True) as database:
            units[name] = database.sql("SELECT units, units_cancelled FROM requests").fetchall()
    assert units == {"without": [(None, None)] * 2, "with": [(1, 1)] * 2}


def test_a_required_column_that_is_left_out_is_an_error_at_the_file(sent: Sent) -> None:
    upload = sent.send("orders.csv", ALIKE.replace("Channel Order ID", "Order Code"))
    source = chosen(upload, sent.sheet(upload))
    source["columns"] = [chosen_column for chosen_column in source["columns"] if chosen_column["target"] != "order"]

    message = sent.error("audit.run", sources=[{**source, "left_out": ["order"]}], **SETTINGS, replace=False)

    assert message == "orders.csv: its mapping has no column for `order`; name the column in the mapping"
    assert not (sent.home / "build").exists()


def test_another_column_can_be_chosen_by_its_letter_if_its_name_stands_twice(sent: Sent) -> None:
    text = "Order Qty,Channel Order ID,Cancelled Qty,Note,Note,Cancelled At\n1,FN0001,1,x,seller,04-06-2026 08:45\n"
    upload = sent.send("orders.csv", text)
    source = chosen(upload, sent.sheet(upload))
    source["columns"].append({"target": "location", "name": "", "letter": "E"})

    sent.result("audit.run", sources=[source], **{**SETTINGS, "name": "letter"}, replace=False)

    assert 'location = {letter = "E"}' in sent.result("audit.mapping", sources=[source], settings={"invoicing": "ERP"})["text"]
    twice = {**source, "columns": [*source["columns"], {"target": "location", "name": "Order Qty", "letter": "A"}]}
    assert "two columns are chosen for `location`" in sent.error("audit.run", sources=[twice], **SETTINGS, replace=False)


@pytest.mark.slow
def test_an_audit_writes_what_the_command_writes(sent: Sent) -> None:
    sources = sent.examples()
    result = sent.result("audit.run", sources=sources, **SETTINGS, replace=False)

    assert (result["against"], result["due"], result["due_value"], result["set_aside"]) == (2, 3, "₹12,800.00", 8)
    assert result["name"] == "2026-07-15"
    assert [duty["order"] for duty in result["oldest"]] == ["FN0001", "FN0008", "FN0009"]
    saved = sent.result("audit.mapping", sources=sources, settings=SETTINGS["settings"])
    assert saved["present"] is None
    sent.result("audit.save", sources=sources, settings=SETTINGS["settings"], digest=None)
    assert (sent.home / "audit.toml").read_text(encoding="utf-8") == saved["text"]
    for name in CLAIMS:
        (sent.home / name).write_bytes((EXAMPLES / name).read_bytes())
    assert main(["audit", "--out", "by-command"]) == 3

    by_page, by_command = files_in(sent.home / "build/audits/2026-07-15"), files_in(sent.home / "by-command")
    assert by_page.keys() == by_command.keys() == FILES.keys()
    for name in FILES.keys() - {"audit.duckdb"}:
        assert by_page[name] == by_command[name], name


def test_a_mapping_that_another_program_has_changed_is_not_replaced(sent: Sent) -> None:
    upload = sent.send("orders.csv", DUE)
    sources = [chosen(upload, sent.sheet(upload))]
    asked = {"sources": sources, "settings": {"invoicing": "ERP"}}
    sent.result("audit.save", **asked, digest=None)
    saved = sent.result("audit.mapping", **asked)
    assert saved["present"]["text"] == saved["text"]
    (sent.home / "audit.toml").write_text("# mine\n")

    assert "has changed since you saw it" in sent.error("audit.save", **asked, digest=saved["present"]["digest"])
    assert "has changed since you saw it" in sent.error("audit.save", **asked, digest=None)
    assert (sent.home / "audit.toml").read_text() == "# mine\n"
    sent.result("audit.save", **asked, digest=sent.result("audit.mapping", **asked)["present"]["digest"])
    assert (sent.home / "audit.toml").read_text(encoding="utf-8") == saved["text"]


@pytest.mark.slow
def test_a_result_is_replaced_only_if_that_is_said_and_never_one_with_notes(sent: Sent) -> None:
    upload = sent.send("orders.csv", DUE)
    sources = [chosen(upload, sent.sheet(upload))]
    sent.result("audit.run", sources=sources, **SETTINGS, replace=False)
    folder = sent.home / "build/audits/2026-07-15"
    before = files_in(folder)

    for settings in (SETTINGS, {**SETTINGS, "name": "2026-07-15"}):
        message = sent.error("audit.run", sources=sources, **settings, replace=False)
        assert "there is a result 2026-07-15 already" in message
    assert files_in(folder) == before
    sent.result("audit.run", sources=sources, **SETTINGS, replace=True)
    (folder / "worklist.xlsx").write_bytes(b"with notes")
    assert "choose it as the earlier audit and another name" in sent.error("audit.run", sources=sources, **SETTINGS, replace=True)
    assert (folder / "worklist.xlsx").read_bytes() == b"with notes"


@pytest.mark.slow
def test_an_earlier_audit_is_compared(sent: Sent) -> None:
    upload = sent.send("orders.csv", DUE)
    sources = [chosen(upload, sent.sheet(upload), complete={"from": "2026-06-01", "to": "2026-06-30", "of": "cancellations"})]
    sent.result("audit.run", sources=sources, **{**SETTINGS, "name": "june"}, replace=False)

    later = sent.result("audit.run", sources=sources, **{**SETTINGS, "settings": {"as_of": "2026-07-31"}, "since": "june"}, replace=False)

    assert later["since"]["as_of"] == "2026-07-15"
    assert later["since"]["older"] > 0
    assert [folder.name for folder in earlier_results()] == ["2026-07-31", "june"]
    assert [result["name"] for result in sent.result("audit.overview")["results"]] == ["2026-07-31", "june"]
    assert "not" in sent.error("audit.run", sources=sources, **{**SETTINGS, "since": "nothing"}, replace=False)


HOSTILE = ["../x", "/etc", "a/b", ".x", "-x", "x\n", "a" * 65, "<b>", "x\0", "..", "\u202ex", "C:"]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_the_name_of_a_result_leads_nowhere_else(sent: Sent, name: str) -> None:
    upload = sent.send("orders.csv", DUE)
    sources = [chosen(upload, sent.sheet(upload))]

    for key in ("name", "since"):
        assert "at most 64" in sent.error("audit.run", sources=sources, **{**SETTINGS, key: name}, replace=True)
    assert list(sent.home.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"file": "../../etc"}, "choose it again"),
        ({"profile": "none"}, "unknown profile"),
        ({"encoding": "rot13"}, "encoding"),
        ({"encoding": "nonsense"}, "encoding"),
        ({"sheet": "Sheet1"}, "has no sheets"),
        ({"formats": ["<img src=x>"]}, "unknown part"),
        ({"formats": [""]}, ""),
        ({"zone": "Mars"}, "unknown zone"),
        ({"complete": {"from": "2026-06-31", "to": "2026-06-30", "of": "orders"}}, "calendar"),
        ({"complete": {"from": "2026-07-01", "to": "2026-06-30", "of": "orders"}}, "not before it"),
        ({"complete": {"from": "2026-06-01", "to": "2026-06-30", "of": "all"}}, "unknown word"),
        ({"columns": [{"target": "orders", "name": "Channel Order ID"}]}, "unknown key"),
        ({"columns": [{"target": "order", "name": "None Such"}]}, "None Such"),
        ({"columns": [{"target": "order", "name": "", "letter": "ZZZZ"}]}, "ZZZZ"),
        ({"columns": [{"target": "order", "name": 'x"\n[audit]\nas_of = 1'}]}, "orders.csv"),
        ({"left_out": ["[audit]"]}, "unknown key"),
    ],
)
def test_a_choice_that_cannot_be_used_is_one_line_with_its_place(sent: Sent, change: dict[str, Any], message: str) -> None:
    upload = sent.send("orders.csv", DUE)
    source = {**chosen(upload, sent.sheet(upload)), **change}

    error = sent.error("audit.run", sources=[source], **SETTINGS, replace=False)

    assert message in error
    assert "\n" not in error
    assert str(sent.uploads.folder) not in error
    assert list(sent.home.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "encoding", "message"),
    [
        ("orders.csv", b"\xff\xfe\x00", None, ""),
        (
            "orders.csv",
            "Name\xe9".encode("cp1252") + b",b\n1,2\n",
            None,
            "not UTF-8 (byte 5); if it comes from Excel on Windows, choose cp1252",
        ),
        ("orders.zip", b"PK\x03\x04", None, "archive"),
        ("orders.xlsx", b"PK\x03\x04", None, ""),
        ("orders.csv", b"PK\x03\x04", None, "not text"),
        ("orders.csv", b"a,b,c\n1,2,3\n", "rot13", "encoding"),
        ("orders.csv", b"a,b,c\n1,2,3\n", "utf-16", "it is not utf-16"),
        ("orders.csv", DUE.encode("utf-16-le"), None, "if it is UTF-16, choose that as its encoding"),
        ("orders.parquet", b"PAR1", None, ""),
        ("events.ndjson", b"{", None, ""),
        ("orders.csv", b"\0" * 1000, None, ""),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(sent: Sent, name: str, content: bytes, encoding: str | None, message: str) -> None:
    offered = sent.result("audit.columns", file=sent.send(name, content), encoding=encoding)

    assert offered["sheets"] == []
    assert message in offered["error"]
    assert offered["error"]
    assert "\n" not in offered["error"]
    assert str(sent.uploads.folder) not in offered["error"]


def test_dates_that_could_be_of_two_forms_are_a_question(sent: Sent) -> None:
    upload = sent.send("orders.csv", DUE.replace("20-06-2026", "05-06-2026"))
    sheet = sent.sheet(upload)

    assert sheet["dates"]
    assert not sheet["certain"]
    assert sheet["questions"][0].endswith("; choose the form below")
    result = sent.result("audit.run", sources=[chosen(upload, sheet, formats=["mm-dd-yyyy HH:MM"])], **SETTINGS, replace=False)
    assert (result["rows"], result["set_aside"]) == (2, 0)


@pytest.mark.slow
def test_no_personal_token_of_200_is_in_any_answer(sent: Sent) -> None:
    """Of the columns, of each error, and of the result with all its files."""
    content, tokens = planted()
    headless = content.partition("\n")[2]
    responses: list[Any] = []

    def ask(method: str, **params: Any) -> dict[str, Any]:
        messages = list(answers(method, json.dumps(params)))
        responses.extend(messages)
        return dict(messages[-1])

    for name, text, encoding in (
        ("headless.csv", headless, None), ("wrong.csv", content.encode("utf-16-le") + b"\xff", None), ("odd.csv", content.replace(",", "\xe9").encode("cp1252"), None),
        ("other.csv", content, "utf-16"), ("quoted.csv", content.replace("\n", '"\n'), None), ("text.xlsx", content, None), ("text.ndjson", content, None),
    ):  # fmt: skip
        ask("audit.columns", file=sent.send(name, text), encoding=encoding)
    upload = sent.send("orders.csv", content)
    sheet = ask("audit.columns", file=upload, encoding=None)["result"]["sheets"][0]
    source = chosen(upload, sheet)
    remark = next(column for column in sheet["columns"] if column["name"] == "Unknown Remark")
    personal = {"target": "location", "name": "Customer Email", "letter": ""}
    for columns in (
        [*source["columns"], personal],
        [*source["columns"], {"target": "cancelled", "name": "Unknown Remark"}],
        [chosen_column for chosen_column in source["columns"] if chosen_column["target"] != "units"]
        + [{"target": "units", "name": remark["name"], "letter": ""}],
        [chosen_column for chosen_column in source["columns"] if chosen_column["target"] != "canceller"]
        + [{"target": "canceller", "name": remark["name"], "letter": ""}],
    ):
        ask("audit.run", sources=[{**source, "columns": columns}], **{**SETTINGS, "name": "other"}, replace=True)
        ask("audit.mapping", sources=[{**source, "columns": columns}], settings={"invoicing": "ERP"})
    ask("audit.run", sources=[{**source, "confirmed": False}], **SETTINGS, replace=False)
    done = ask("audit.run", sources=[source], **SETTINGS, replace=False)
    ask("audit.overview")

    assert "result" in done
    assert remark["samples"]
    assert len(responses) == 19
    assert not [message for message in responses if message.get("error", {}).get("kind") == "internal"]
    assert leaks(sent.home / "build", json.dumps(responses, ensure_ascii=False), tokens) == []


def test_a_file_of_two_sheets_and_an_event_log_are_offered_too(sent: Sent, tmp_path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - an extra

    rows = [line.split(",") for line in DUE.splitlines()]
    with xlsxwriter.Workbook(tmp_path / "two.xlsx") as book:
        for name in ("June", "July <b>"):
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
    upload = sent.send("two.xlsx", (tmp_path / "two.xlsx").read_bytes())
    offered = sent.result("audit.columns", file=upload, encoding=None)

    assert [sheet["sheet"] for sheet in offered["sheets"]] == ["June", "July <b>"]
    sources = [chosen(upload, sheet, formats=["dd-mm-yyyy HH:MM"]) for sheet in offered["sheets"]]
    assert sent.result("audit.run", sources=sources, **SETTINGS, replace=False)["rows"] == 4


def test_two_files_of_one_name_are_refused(sent: Sent) -> None:
    uploaded = [sent.send("orders.csv", DUE) for _ in range(2)]
    sources = [chosen(upload, sent.sheet(upload)) for upload in uploaded]

    assert "two files have this name" in sent.error("audit.run", sources=sources, **SETTINGS, replace=False)
    sent.uploads.discard(uploaded[0])
    assert "choose it again" in sent.error("audit.run", sources=sources, **SETTINGS, replace=False)
    assert "no file was chosen" in sent.error("audit.run", sources=[], **SETTINGS, replace=False)


def test_a_choice_is_of_the_types_that_it_names() -> None:
    with pytest.raises((SopError, TypeError, UploadError, IntakeError, UnconfirmedMappingError)):
        audit.audited([ChosenSource("x", "y", [], confirmed=True)], "", "", "", "", replace=False)
