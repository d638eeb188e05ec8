"""`sop audit` on the example files: figures, exit statuses, mappings, and one line for each mistake with nothing written."""

import json
import re
from pathlib import Path

import pytest
from openpyxl import Workbook

from orders.day_bounds import BOUND_KEYS
from orders.log.export.formats import read_log
from sop_cli.exit_status import FAILURE, MISUSE, SUCCESS
from sop_cli.main import main
from tests.support.audit_files import ALLOWED, MAPPING, make_examples
from tests.support.export_sets import FOLDER as SETS
from tests.support.export_sets import sections, write_exports

ASIDE = 3
FOLDER = "build/audits/2026-07-15"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_examples(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(name: str) -> str:
    return Path(FOLDER, name).read_text(encoding="utf-8")


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The only error of a call that writes nothing."""
    before = sorted(Path().rglob("*"))
    assert main(["audit", *arguments]) == MISUSE
    printed = capsys.readouterr()
    lines = [line for line in printed.err.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, printed.err
    assert printed.out == ""
    assert [path for path in sorted(Path().rglob("*")) if path not in before] == []
    return lines[0]


@pytest.mark.slow
def test_the_three_files_give_the_figures_of_the_specification(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit"]) == ASIDE
    printed = capsys.readouterr().out
    html = read("audit.html")

    assert re.findall(r'<span class="number">([^<]*)</span>', html) == ["2", "3", "8"]
    assert "      2  against the SOP\n      3  credit notes due, ₹12,800.00\n      2  other duties\n" in printed
    assert "dev1-assure.csv              18 rows: 12 used, 4 set aside, 1 total, 1 header" in printed
    assert "the total row 19 says 34 in “Order Qty”, the rows add up to 29: the file may be cut off" in printed
    oldest = [line.split()[0] for line in printed.partition("the oldest credit notes due\n")[2].splitlines()[:3]]
    assert oldest == ["FN0001", "FN0008", "FN0009"]
    assert f"{FOLDER}/worklist.xlsx" in printed


@pytest.mark.slow
def test_the_json_is_printed_and_is_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--json"]) == ASIDE
    printed = capsys.readouterr().out

    assert printed == read("audit.json")
    assert {duty["order"] for duty in json.loads(printed)["duties"] if duty["status"] == "done"} == {"FN0002", "FN0003"}


@pytest.mark.slow
def test_the_order_of_files_and_rows_changes_only_numbers_of_rows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--json"]) == ASIDE
    first = json.loads(capsys.readouterr().out)
    mapping = MAPPING.split("[[source]]")
    (folder / "audit.toml").write_text("[[source]]".join([mapping[0], *reversed(mapping[1:])]), encoding="utf-8")
    text = (folder / "dev1-assure.csv").read_bytes().decode("utf-8-sig").splitlines()
    (folder / "dev1-assure.csv").write_bytes("\r\n".join([text[0], *reversed(text[1:-1]), text[-1], ""]).encode("utf-8-sig"))
    assert main(["audit", "--json", "--out", "other"]) == ASIDE
    second = json.loads(capsys.readouterr().out)

    def facts(plain: dict[str, list[dict[str, object]]]) -> list[object]:
        found = [
            (one["reference"], one.get("status"), one.get("rule"), one["text"] if "rule" in one else one["days"])
            for name in ("duties", "findings")
            for one in plain[name]
        ]
        return sorted(re.sub(r"row \d+", "row", str(one)) for one in found)

    assert facts(second) == facts(first)
    assert second["figures"] == first["figures"]


@pytest.mark.slow
def test_one_file_alone_with_nothing_to_do_is_exit_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "audit.toml").unlink()
    (folder / "allowed.csv").write_text(ALLOWED, encoding="utf-8")

    assert main(["audit", "allowed.csv", "--as-of", "2026-07-15"]) == SUCCESS
    assert "      0  against the SOP\n      0  credit notes due\n" in capsys.readouterr().out


@pytest.mark.slow
def test_open_duties_without_rows_set_aside_are_exit_1(folder: Path) -> None:
    lines = (folder / "dev1-assure.csv").read_text(encoding="utf-8-sig").splitlines()
    (folder / "due.csv").write_text("\n".join(lines[place] for place in (0, 3)) + "\n", encoding="utf-8")
    (folder / "audit.toml").unlink()

    assert main(["audit", "due.csv", "--as-of", "2026-07-15"]) == FAILURE


@pytest.mark.slow
def test_strict_writes_nothing_and_lists_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--strict"]) == MISUSE
    printed = capsys.readouterr()

    assert not Path("build").exists()
    assert 'dev1-assure.csv row 11, column G "Posted At": "31-06-2026 09:00" is no date' in printed.err
    assert "error: 8 rows cannot be read; correct what is listed" in printed.err


def test_a_name_with_a_line_end_does_not_break_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("audit.toml").unlink()
    header, _, row = ALLOWED.splitlines()
    Path("a\nb.csv").write_text(f'{header},"Re\nmark"\n{row},x\n', encoding="utf-8")
    assert main(["audit", "a\nb.csv", "--as-of", "2026-07-15"]) == SUCCESS
    printed = capsys.readouterr().out

    assert "  a b.csv                      2 rows: 1 used, 1 header\n" in printed
    assert "not read: M “Re mark”\n" in printed


def test_a_hint_is_not_followed_by_a_semicolon(capsys: pytest.CaptureFixture[str]) -> None:
    file = Path("dev1-assure.csv")
    file.write_text(file.read_text(encoding="utf-8-sig").replace("SELLER", "SELER", 1), encoding="utf-8")
    assert main(["audit", "--strict"]) == MISUSE

    assert '"SELER" is an unknown word; did you mean `SELLER`? correct the cell' in capsys.readouterr().err


def test_a_sheet_that_is_not_read_is_named_and_stops_a_strict_audit(capsys: pytest.CaptureFixture[str]) -> None:
    Path("audit.toml").unlink()
    header, *rows = [line.split(",") for line in ALLOWED.splitlines()]
    book = Workbook()
    for page, lines in ((book.active, [header, *rows]), (book.create_sheet("p2"), rows)):
        for cells in lines:
            page.append(cells)
    book.save("allowed.xlsx")
    unread = "allowed.xlsx, sheet p2 with 2 rows is not read: no [[source]] names it and has its header"

    assert main(["audit", "allowed.xlsx", "--as-of", "2026-07-15", "--strict"]) == MISUSE
    printed = capsys.readouterr()
    assert unread in printed.err
    assert "error: 1 sheet not read" in printed.err
    assert not Path("build").exists()

    assert main(["audit", "--as-of", "2026-07-15"]) == ASIDE
    assert f"assumed: {unread}\n" in capsys.readouterr().out


def test_a_file_with_only_a_header_says_nothing_unless_it_holds_everything(capsys: pytest.CaptureFixture[str]) -> None:
    """It may be a failed export: only one that claims to be complete shows that there was nothing."""
    Path("audit.toml").unlink()
    Path("allowed.csv").write_text(f"{ALLOWED.splitlines()[0]}\n", encoding="utf-8")
    silent = "allowed.csv has a header and no rows, and nothing is concluded from that: export it again"

    assert main(["audit", "allowed.csv", "--as-of", "2026-07-15"]) == ASIDE
    printed = capsys.readouterr().out
    assert f"assumed: {silent}, or, if there was nothing, set `complete` in audit.toml\n" in printed
    assert "empty in every row" not in printed
    assert main(["audit", "--as-of", "2026-07-15", "--strict", "--out", "strict"]) == MISUSE
    printed = capsys.readouterr().err
    assert silent in printed
    assert "error: 1 file without rows" in printed
    assert not Path("strict").exists()

    mapping = Path("audit.toml").read_text(encoding="utf-8")
    Path("audit.toml").write_text(mapping.replace("# complete", "complete"), encoding="utf-8")
    assert main(["audit", "--as-of", "2026-07-15", "--strict"]) == SUCCESS
    assert "so there were no requests to cancel from 1 Jun 2026 to 30 Jun 2026\n" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1252"])
def test_a_file_in_a_declared_encoding_is_read(capsys: pytest.CaptureFixture[str], encoding: str) -> None:
    Path("audit.toml").unlink()
    Path("allowed.csv").write_bytes(f"{ALLOWED.splitlines()[0]},Ré\n{ALLOWED.splitlines()[2]},é\n".encode(encoding))
    before = refused(capsys, "allowed.csv", "--as-of", "2026-07-15")

    assert f"--encoding {encoding}" in before
    assert main(["audit", "allowed.csv", "--as-of", "2026-07-15", "--encoding", encoding]) == SUCCESS
    assert f'encoding = "{encoding}"' in Path("audit.toml").read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_order_is_explained_as_text_and_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--explain", "fn0009"]) == ASIDE
    printed = capsys.readouterr().out

    assert printed.startswith("order FN0009\n")
    assert "answer          fails at packing" in printed
    assert "must ask Ajio to cancel the order by hand: open  [AC-ERP-PART-1.1]" in printed
    assert "<summary>FN0009</summary>" in read("audit.html")


@pytest.mark.slow
def test_without_a_mapping_one_is_suggested_and_the_second_call_uses_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "audit.toml").unlink()
    assert main(["audit", "dev1-assure.csv", "--as-of", "2026-07-15"]) == ASIDE
    printed = capsys.readouterr()
    written = (folder / "audit.toml").read_text(encoding="utf-8")

    assert "suggested mapping written to audit.toml" in printed.err
    assert "assumed: where e-invoices are made is unknown" in printed.out
    assert "FN0001" not in written
    (folder / "audit.toml").write_text(written.replace('"unknown"', '"ERP"'), encoding="utf-8")
    assert main(["audit", "dev1-assure.csv", "--as-of", "2026-07-15"]) == ASIDE
    assert "where e-invoices" not in capsys.readouterr().out
    assert (folder / "audit.toml").read_text(encoding="utf-8") == written.replace('"unknown"', '"ERP"')


@pytest.mark.slow
def test_bounds_of_days_that_are_ours_are_said_with_the_key_that_sets_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each where the audit has files that it can matter for, and everywhere that assumptions stand."""
    main(["audit"])
    printed, every = capsys.readouterr().out, json.loads(read("audit.json"))["assumed"]
    said = [sentence for sentence in every if "ours, not the SOP's" in sentence]

    assert [key for key in BOUND_KEYS if any(key in sentence for sentence in said)] == list(BOUND_KEYS)
    assert all(f"assumed: {sentence}" in printed for sentence in said)
    assert all(sentence.partition(":")[0] in read("audit.html") for sentence in said)
    text = MAPPING.replace("[audit]", "[audit]\ndays_from_order_to_invoice = 21")
    (folder / "audit.toml").write_text(text, encoding="utf-8")
    main(["audit", "--out", "other"])
    assert "assumed: an e-invoice is made at most 21 days after its order: ours" in capsys.readouterr().out
    main(["audit", "dev1-assure.csv", "--out", "one"])
    assert "ours, not the SOP's" not in capsys.readouterr().out


@pytest.mark.slow
def test_rows_of_other_channels_have_their_number_in_each_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_exports(folder, sections((SETS / "48-channels.txt").read_text(encoding="utf-8")))
    main(["audit", "--as-of", "2026-07-15"])
    document, said = (
        json.loads(read("audit.json")),
        "5 rows of other sales channels, left out: 3 A••• (6 characters), 2 F••• (8 characters)",
    )

    assert said in capsys.readouterr().out
    assert said in read("audit.html")
    assert "of each document as “channel”, or" in read("audit.html")
    assert document["figures"]["rows_of_other_channels"] == 5
    assert [sum(channel["rows"] for channel in source.get("other_channels", [])) for source in document["sources"]] == [0, 0, 5, 0]


@pytest.mark.slow
def test_the_life_of_an_order_says_that_a_credit_note_has_no_state(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = sections((SETS / "63-notes-of-a-register.txt").read_text(encoding="utf-8"))
    write_exports(folder, {heading: text.replace("Cr,Draft", "Cr,") for heading, text in parts.items()})
    main(["audit", "--explain", "K6", "--explain", "K5"])
    printed = capsys.readouterr().out

    assert "credit note CN-7 ₹700.00 for INV-6 (no state: is it made?)" in printed
    assert "credit note CN-6 ₹700.00 for INV-5  [register.csv" in printed


@pytest.mark.slow
def test_a_suggestion_with_a_question_stops_and_says_what_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "audit.toml").unlink()
    assert main(["audit", "dev2-ajio-orders.csv", "--encoding", "cp1252", "--yes"]) == MISUSE
    printed = capsys.readouterr().err

    assert 'question: column B: every value fits `dd/mm/yyyy` and `mm/dd/yyyy`, and "04/06/2026"' in printed
    assert "error: dev2-ajio-orders.csv: the suggested mapping has questions that must be answered; check audit.toml" in printed
    assert not Path("build").exists()
    assert refused(capsys, "--yes") != ""


@pytest.mark.slow
def test_a_mapping_that_is_not_confirmed_stops_unless_it_is_accepted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = MAPPING.replace('profile = "tally-daybook"', 'profile = "tally-daybook"\nconfirmed = false')
    (folder / "audit.toml").write_text(text, encoding="utf-8")

    assert "dev3-erp-daybook.csv is not confirmed; check it and set confirmed = true, or add --yes" in refused(capsys)
    assert main(["audit", "--yes"]) == ASIDE
    said = "the mapping of dev3-erp-daybook.csv is not confirmed; it was accepted with --yes"
    assert f"assumed: {said}" in capsys.readouterr().out
    assert said in read("audit.html")
    assert said in json.loads(read("audit.json"))["assumed"]


@pytest.mark.slow
def test_a_simulated_log_is_an_input_like_any_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--set", "run.days=2", "--set", "run.warm_up_days=0", "--set", "ajio.orders_per_day=40", "-r", "1", "--no-report"]
    assert main(["simulate", "ordinary_week_erp", *small, "--format", "parquet", "--out", "logs"]) == SUCCESS
    (folder / "audit.toml").unlink()
    capsys.readouterr()
    status = main(["audit", "logs/log-base-0000.parquet"])
    printed = capsys.readouterr()

    assert status in (SUCCESS, FAILURE), printed.err
    (out,) = Path("build/audits").iterdir()
    assert json.loads((out / "audit.json").read_text(encoding="utf-8"))["figures"]["rows_set_aside"] == 0
    assert {row.event for row in read_log(out / "events.parquet").log.rows()} >= {"created", "posted", "cancellation", "dispatched"}


@pytest.mark.slow
def test_the_next_month_says_what_changed_and_keeps_notes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit"]) == ASIDE
    day_book = folder / "dev3-erp-daybook.csv"
    lines = day_book.read_text(encoding="utf-8").splitlines()
    day_book.write_text(
        "\n".join([*lines[:-1], '13-Jul-26,Ajio B2B,Credit Note,CN-008,INV-009,FN0009,"-1,400.00"']) + "\n", encoding="utf-8"
    )
    capsys.readouterr()
    assert main(["audit", "--since", FOLDER, "--out", "build/audits/next"]) == ASIDE
    plain = json.loads(Path("build/audits/next/audit.json").read_text(encoding="utf-8"))

    assert "since 2026-07-15: 1 closed" in capsys.readouterr().out
    assert [(entry["order"], entry["how"]) for entry in plain["since"]["closed"]][:1] == [("FN0009", "done by CN-008 on 2026-07-13")]


MISTAKES = {
    "no file": ([], "no file named"),
    "missing file": (["nothing.csv"], r"nothing\.csv: it cannot be read \(no such file"),
    "missing mapping": (["--mapping", "x.toml"], "x.toml"),
    "bad day": (["--as-of", "15-07-2026"], "'--as-of': `15-07-2026` is no day; write year, month and day, such as 2026-07-15"),
    "day of no calendar": (["--as-of", "2026-02-30"], "`2026-02-30` is no day"),
    "day of a week": (["--as-of", "2026-W29-3"], "`2026-W29-3` is no day"),
    "another form of a day": (["--as-of", "20260715"], "`20260715` is no day"),
    "unknown reading": (["--reading", "as-writen"], "as-written"),
    "no earlier audit": (["--since", "."], r"it has no audit\.json; name the folder of an earlier audit"),
    "folder of others": (["--out", "."], "is not empty and was not written by this program"),
    "unknown order": (["--explain", "FN008"], "no file of this audit names it; did you mean"),
    "number of an e-invoice": (["--explain", "inv-003"], "order `inv-003`: this is the number of a document; name its order: FN0003"),
    "number of a note": (["--explain", "CN-006"], "this is the number of a document; name its order: FN0003"),
}


@pytest.mark.parametrize(("arguments", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    if not arguments:
        (folder / "audit.toml").unlink()

    assert re.search(said, refused(capsys, *arguments))


BAD_FILES = {
    "empty file": (b"", "the file is empty"),
    "zip": (b"PK\x03\x04" + b"\0" * 60, "zip"),
    "unknown header": (b"a,b,c\n1,2,3\n", "no shipped profile has three names of its header"),
    "other encoding": ("Channel Order ID,Order Qty,Cancelled By\ncafé,1,SELLER\n".encode("cp1252"), "add --encoding cp1252"),
}


@pytest.mark.parametrize(("content", "said"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_cannot_be_read_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str) -> None:
    (folder / "audit.toml").unlink()
    (folder / "bad.csv").write_bytes(content)

    assert said in refused(capsys, "bad.csv")


def test_two_files_of_one_name_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "audit.toml").unlink()
    make_examples(folder / "june")

    assert "two files have this name; rename one" in refused(capsys, "dev1-assure.csv", "june/dev1-assure.csv")


def test_two_files_of_one_name_are_refused_with_a_mapping_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second took the place of the first, whose orders were in no output."""
    make_examples(folder / "june")

    assert "two files have this name; rename one" in refused(capsys, "june/dev1-assure.csv", "dev1-assure.csv")


def test_the_profiles_are_listed_with_their_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--profiles"]) == SUCCESS
    printed = capsys.readouterr().out

    assert "tally-daybook" in printed
    assert "independent public code or documents that agree" in printed


def test_the_profiles_are_listed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The option was ignored: the list was printed as text."""
    assert main(["audit", "--profiles", "--json"]) == SUCCESS
    profiles = {profile["name"]: profile for profile in json.loads(capsys.readouterr().out)}

    assert profiles["tally-daybook"]["confidence"] == "code"
    assert "Original Invoice" in profiles["tally-daybook"]["columns"]["original"]
    assert {"title", "system", "confidence_text", "source"} <= profiles["event-log"].keys()
