"""What the Audit screen can do besides suggested columns: tables that no profile fits, saved mappings, and the life of one order."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sop_cli.main import main
from sop_cli.web.screens.audit import METHODS
from tests.support.audit_files import DUE, EXAMPLES
from tests.support.hostile_text import PAYLOADS
from tests.support.sent_files import SETTINGS, Sent, chosen, files_in

OWN = """Report of our shop,,,,,,,
No,Pieces,Taken out,By whom,State,Day,End,Customer Name
FN0003,1,1,VENDOR,PROCESSING,20.06.2026 13:00,OK,Zaqiel Orz
FN0004,2,2,Anil Kumar,PROCESSING,14.06.2026 11:00,OK,Zaqiel Orz
"""
TARGETS = {
    "No": "order",
    "Pieces": "units",
    "Taken out": "units_cancelled",
    "By whom": "canceller",
    "State": "oms_status",
    "Day": "cancelled",
}
WORDS = {"canceller": {"VENDOR": "seller"}}


def own_choice(upload: str, sheet: dict[str, Any], kind: dict[str, Any], targets: dict[str, str], **more: Any) -> dict[str, Any]:
    """Return what a person chooses for a table of their own, as the page sends it."""
    return {
        "file": upload, "sheet": sheet["sheet"], "profile": "", "encoding": None, "confirmed": True, "left_out": [],
        "columns": [{"target": target, "name": name, "words": WORDS.get(target, {})} for name, target in targets.items()],
        "formats": ["dd.mm.yyyy HH:MM"], "zone": sheet["zone"], "complete": None, "values": kind["fixed"],
        "more": {"system": kind["system"], "header": sheet["header"], "delimiter": sheet["delimiter"], **kind["more"]},
    } | more  # fmt: skip


def kind_named(sent: Sent, name: str) -> dict[str, Any]:
    return next(kind for kind in sent.result("audit.overview")["kinds"] if kind["name"] == name)


def test_a_table_that_no_profile_fits_is_shown_as_it_stands_without_names(sent: Sent) -> None:
    sheet = sent.sheet(sent.send("own.csv", OWN))

    columns = {column["name"]: column for column in sheet["columns"]}
    assert (sheet["own"], sheet["profile"], sheet["header"], sheet["delimiter"], sheet["rows"]) == (True, "", 2, ",", 4)
    assert sheet["personal"] == ["Customer Name"]
    assert list(columns) == list(OWN.splitlines()[1].split(","))[:-1]
    assert columns["By whom"]["words"] == ["VENDOR"]
    assert columns["End"]["words"] == ["OK"]
    assert columns["Day"]["forms"] == ["dd.mm.yyyy HH:MM"]
    assert {column["target"] for column in sheet["columns"]} == {""}
    assert "Anil" not in json.dumps(sheet)
    assert "Zaqiel" not in json.dumps(sheet)


def test_a_table_that_no_profile_fits_is_audited_as_the_command_does_with_the_saved_mapping(sent: Sent) -> None:
    upload = sent.send("own.csv", OWN)
    source = own_choice(upload, sent.sheet(upload), kind_named(sent, "requests to cancel"), TARGETS)
    source["values"] = {"result": "carried out", "invoicing": "ERP"}
    asked = {"sources": [source], "settings": {"as_of": "2026-07-15", "stock_in_erp": True, "reading": "as-written"}}

    result = sent.result("audit.run", **asked, since="", name="own", replace=False)
    assert (result["rows"], result["set_aside"]) == (4, 1)
    sent.result("audit.save", **asked, digest=None)
    mapping = tomllib.loads(Path("audit.toml").read_text())
    assert mapping["audit"]["stock_in_erp"] is True
    (written,) = mapping["source"]
    assert (written["system"], written["rows"], written["header"]) == ("Assure OMS", "cancellations", 2)
    assert written["columns"]["canceller"] == {"column": "By whom", "words": {"VENDOR": "seller"}}
    assert written["columns"]["result"] == {"value": "carried out"}
    Path("own.csv").write_text(OWN)
    assert main(["audit", "--out", "by-command", "--reading", "as-written"]) == 3
    by_page, by_command = files_in(Path("build/audits/own")), files_in(Path("by-command"))
    for name in ("findings.csv", "duties.csv", "rows.csv"):
        assert by_page[name].decode() == by_command[name].decode(), name


@pytest.mark.parametrize("name", [
    "requests to cancel", "requests to cancel, a row for each line or unit", "orders, or lines of orders", "e-invoices and other invoices", "credit notes", "debit notes", "returns",
    "documents of several kinds, which a column names", "lines of the return sales invoice (RSI) report", "inward purchase orders", "goods receipt notes (GRN)",
])  # fmt: skip
def test_each_kind_of_table_can_be_saved_and_comes_back_as_it_was(sent: Sent, name: str) -> None:
    upload = sent.send("own.csv", OWN)
    kind = kind_named(sent, name)
    targets = {"No": "order"} if kind["kind"] == "orders" else {"No": "number", "Day": "dated", "State": "kind"}
    if "kind" in kind["fixed"]:
        del targets["State"]
    source = own_choice(upload, sent.sheet(upload), kind, targets, complete={"from": "2026-06-01", "to": "2026-06-30", "of": kind["claim"]})
    days = {"days_from_order_to_invoice": 10}
    text = sent.result("audit.mapping", sources=[source], settings={"days": days})["text"]

    back = sent.result("audit.saved", file=sent.send("audit.toml", text))
    (saved,) = back["sources"]
    assert back["settings"] == {"invoicing": "unknown", "as_of": "", "stock_in_erp": False, "days": days}
    assert (saved["file"], saved["profile"], saved["more"], saved["complete"]) == ("own.csv", "", source["more"], source["complete"])
    assert {target: column["names"] or column["value"] for target, column in saved["columns"].items()} == {
        **{target: [column] for column, target in targets.items()}, **kind["fixed"],
    }  # fmt: skip


def test_what_the_page_does_not_show_of_a_saved_mapping_is_kept(sent: Sent) -> None:
    text = """
[audit]
invoicing = { column = "Model", words = { X = "RMS" } }
[[source]]
file = "orders.csv"
profile = "assure-cancellations"
total = { where = { "Channel Order ID" = ["Sum"] } }
personal = { columns = ["Ship Contact"] }
empty = "NA"
[source.columns]
units = false
cancelled = { column = "Ended", format = ["iso", "dd-mm-yy"], zone = "UTC" }
location = { letter = "c" }
result = { words = { FINE = "carried out" } }
"""
    saved = sent.result("audit.saved", file=sent.send("audit.toml", text))
    (source,) = saved["sources"]
    assert saved["settings"]["invoicing"] == {"column": "Model", "words": {"X": "RMS"}}
    assert source["columns"]["units"] is None
    assert source["columns"]["cancelled"] == {
        "names": ["Ended"],
        "letter": "",
        "value": None,
        "words": {},
        "formats": ["iso", "dd-mm-yy"],
        "zone": "UTC",
    }
    assert source["columns"]["location"]["letter"] == "C"
    assert source["columns"]["result"]["words"] == {"FINE": "carried out"}
    upload = sent.send("orders.csv", DUE)
    choice = chosen(upload, sent.sheet(upload)) | {"more": source["more"], "complete": None}

    written = tomllib.loads(sent.result("audit.mapping", sources=[choice], settings=saved["settings"])["text"])
    assert written["audit"]["invoicing"] == saved["settings"]["invoicing"]
    assert {key: written["source"][0][key] for key in ("total", "personal", "empty")} == source["more"]


@pytest.mark.parametrize("content", ["", "[audit", "[[source]]\nfile = 1", "[[source]]\nfile='a.csv'\nprofile='x<y>'", *PAYLOADS[::40]])
def test_a_saved_mapping_that_cannot_be_used_is_one_line(sent: Sent, content: str) -> None:
    try:
        upload = sent.send("audit.toml", content.encode(errors="surrogatepass") or b" ")
    except UnicodeEncodeError:
        pytest.skip("no file can have this text")

    error = sent.error("audit.saved", file=upload)
    assert "\n" not in error
    assert str(sent.uploads.folder) not in error


@pytest.mark.parametrize(("change", "message"), [
    ({"more": {"system": "Assure", "header": 2}}, "unknown word"),
    ({"more": {}}, "`system` is missing"),
    ({"more": {"system": "Assure OMS", "columns": "x"}}, "given twice"),
    ({"more": {"system": "Assure OMS", "nothing": "x"}}, "unknown key"),
    ({"more": {"system": "Assure OMS", "header": 99}}, "no row 99"),
    ({"values": {"order": "x", "result": "perhaps"}}, "column and a value for all rows"),
    ({"values": {"result": "perhaps"}}, "unknown word"),
    ({"formats": []}, "no form of dates"),
    ({"zone": ""}, "have no zone"),
])  # fmt: skip
def test_a_choice_for_a_table_of_ones_own_is_checked_as_in_a_mapping_file(sent: Sent, change: dict[str, Any], message: str) -> None:
    upload = sent.send("own.csv", OWN)
    source = own_choice(upload, sent.sheet(upload), kind_named(sent, "requests to cancel"), TARGETS) | change

    error = sent.error("audit.run", sources=[source], **SETTINGS, replace=False)
    assert message in error
    assert "\n" not in error
    assert not Path("build").exists()


def test_a_file_of_a_known_export_can_be_read_as_another_table_and_from_another_row(sent: Sent) -> None:
    upload = sent.send("orders.csv", f"x,y,z\n{DUE}")

    assert sent.sheet(upload)["profile"] == "assure-cancellations"
    (own,) = sent.result("audit.columns", file=upload, encoding=None, profile="", header=1)["sheets"]
    assert [column["name"] for column in own["columns"]] == ["x", "y", "z"]
    assert "cannot be in row 31" in sent.result("audit.columns", file=upload, encoding=None, profile="", header=31)["error"]
    assert "unknown profile" in sent.result("audit.columns", file=upload, encoding=None, profile="nothing")["error"]


def test_sheets_that_no_profile_fits_are_offered_beside_those_that_one_fits(sent: Sent, tmp_path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - an extra

    with xlsxwriter.Workbook(tmp_path / "two.xlsx") as book:
        for name, text in (("June", DUE), ("Ours", OWN)):
            sheet = book.add_worksheet(name)
            for number, line in enumerate(text.splitlines()):
                sheet.write_row(number, 0, line.split(","))
    offered = sent.result("audit.columns", file=sent.send("two.xlsx", (tmp_path / "two.xlsx").read_bytes()), encoding=None)

    assert [(sheet["sheet"], sheet["own"]) for sheet in offered["sheets"]] == [("June", False), ("Ours", True)]


def test_what_is_assumed_names_what_to_do_on_the_page_and_not_an_option(sent: Sent) -> None:
    upload, empty = sent.send("orders.csv", DUE), sent.send("daybook.csv", "Date,Voucher Type,Voucher No.,Value\n")
    sources = [chosen(upload, sent.sheet(upload)), chosen(empty, sent.sheet(empty))]

    result = sent.result("audit.run", sources=sources, settings={}, since="", name="", replace=False)
    assumed = "\n".join(result["assumed"])
    assert "choose another one in “Day of the audit”" in assumed
    assert "choose it in “Where e-invoices are made”" in assumed
    assert "daybook.csv has a header and no rows, and nothing is concluded from that" in assumed
    assert "tick “It holds everything of some days” at the file" in assumed
    assert [source["is_without_evidence"] for source in result["sources"]] == [False, True]
    for option in ("--", "audit.toml", "`"):
        assert option not in assumed
    assert "choose another one in “Day of the audit”" in Path(f"build/audits/{result['name']}/audit.html").read_text()


def test_an_order_of_a_result_is_explained_as_the_command_does(sent: Sent, capsys: pytest.CaptureFixture[str]) -> None:
    sources = sent.examples()
    sent.result("audit.run", sources=sources, **SETTINGS, replace=False)
    for name in ("audit.toml", "dev1-assure.csv", "dev2-ajio-orders.csv", "dev3-erp-daybook.csv"):
        Path(name).write_bytes((EXAMPLES / name).read_bytes())
    assert main(["audit", "--out", "by-command", "--explain", "FN0009"]) == 3
    printed = capsys.readouterr().out

    life = sent.result("audit.explain", name="2026-07-15", order=" fn0009 ")
    assert life["order"] == "FN0009"
    assert [answer["answer"] for answer in life["answers"]] == ["fails at packing"]
    for part in ("events", "documents", "duties", "findings"):
        assert life[part]
        for line in life[part]:
            assert f"  {line['when']:18} {line['what']}" in printed
    assert not life["set_aside"]
    assert sent.result("audit.explain", name="2026-07-15", order="FN0010")["set_aside"]


def test_an_order_that_cannot_be_explained_is_one_line(sent: Sent) -> None:
    upload = sent.send("orders.csv", DUE)
    sent.result("audit.run", sources=[chosen(upload, sent.sheet(upload))], **{**SETTINGS, "name": "june"}, replace=False)

    assert sent.error("audit.explain", name="june", order="FN0004").endswith("no file of this audit names it; did you mean `FN0003`?")
    assert "no order is named" in sent.error("audit.explain", name="june", order=" ")
    assert "there is no result `../june` any more" in sent.error("audit.explain", name="../june", order="FN0003")
    for text in PAYLOADS[::60]:
        assert "\n" not in sent.error("audit.explain", name="june", order=text.replace("\n", " "))
    page = Path("build/audits/june/audit.json")
    head = page.read_text()
    page.write_text(head.replace('"sha256": "', '"sha256": "0', 1))
    assert "the rulebook has changed since the audit june; audit the files again" in sent.error(
        "audit.explain", name="june", order="FN0003"
    )
    page.write_text("{")
    assert "is not as this program writes it" in sent.error("audit.explain", name="june", order="FN0003")
    page.write_text(head)
    Path("build/audits/june/audit.duckdb").write_bytes(b"nothing")
    assert "its tables cannot be read" in sent.error("audit.explain", name="june", order="FN0003")
    assert "audit.explain" in METHODS


def own_sheet(sent: Sent, text: str) -> dict[str, Any]:
    return sent.sheet(sent.send("own.csv", text))


@pytest.mark.parametrize(("first", "doubt"), [
    ("SELLER,Kurta,done", "it has “SELLER”, which stands below it in the same column too"),
    ("Anil,Flat 402,Delhi\nRavi,12 MG Road,Pune", "a row above it has as many cells"),
    ("AJIO,Saree,open", "it has only words, as the rows below it have"),
])  # fmt: skip
def test_a_first_row_of_words_like_the_rows_below_is_marked_as_doubtful(sent: Sent, first: str, doubt: str) -> None:
    sheet = own_sheet(sent, f"{first}\nSELLER,Shirt,done\nCUSTOMER,Shirt,late\n")

    assert doubt in sheet["doubt"]


@pytest.mark.parametrize("text", [
    OWN,
    "No,By whom\nFN0003,By whom\n",
    "No,By whom\nFN0003,VENDOR\nNo,By whom\nFN0004,VENDOR\n",
    "No,By whom\n",
])  # fmt: skip
def test_a_row_of_names_above_ids_or_dates_is_not_in_doubt(sent: Sent, text: str) -> None:
    assert own_sheet(sent, text)["doubt"] == ""


def test_a_heading_with_three_digits_is_a_name_where_its_column_has_another_form(sent: Sent) -> None:
    sheet = own_sheet(sent, "No,Ref 123,Day\nFN0003,77,20.06.2026\nFN0004,78,21.06.2026\n")

    assert [column["name"] for column in sheet["columns"]] == ["No", "Ref 123", "Day"]
    assert (sheet["header"], sheet["doubt"]) == (1, "")


@pytest.mark.parametrize("text", [
    "FN0003,SELLER,20.06.2026\nFN0004,SELLER,21.06.2026\n",
    "Anil,Flat 402,Delhi\nRavi,120 MG Road,Pune\nMeena,Sector 900,Agra\n",
    "INV-001,Sales\nINV-002,Sales\n",
    "Anil,INV-001,Sales\nRavi,INV-002,Sales\n",
    "Anil,anil123@example.com,77\nRavi,r@example.com,78\n",
])  # fmt: skip
def test_a_row_with_an_id_an_address_or_a_date_gives_no_names(sent: Sent, text: str) -> None:
    offered = sent.result("audit.columns", file=sent.send("own.csv", text), encoding=None)
    assert "it has no header" in offered["error"]
