"""The page of an audit: its figures, what each section has, links that lead somewhere, and texts that stay texts."""

import re
from html import unescape

import pytest

from orders.intake.source_columns import SourceColumns
from reports.audit import content
from reports.audit.content import audit_page
from reports.audit.order_life import life_lines, order_life
from reports.html.errors import ReportError
from tests.support.audit_samples import material


def page(**more: object) -> str:
    return audit_page(material(**more)).decode()


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("</style>")[2])).split())


def section(html: str, name: str) -> str:
    return words("</style>" + html.partition(f'<section id="{name}"')[2].partition("</section>")[0])


def test_the_three_figures_and_the_oldest_duties_come_first() -> None:
    html = page()
    figures = re.findall(r'<span class="number">([^<]*)</span>', html)
    first = html.partition('class="answer"')[2].partition("</section>")[0]

    assert figures == ["1", "3", "3"]
    assert "oldest: 501 days, order FN0017" in words("</style>" + first)
    assert [re.sub(r"<[^>]+>", "", order) for order in re.findall(r'<th scope="row">(.*?)</th>', first)] == ["FN0017", "FN0008", "FN0003"]


def test_only_what_is_done_is_shown_as_done() -> None:
    text = section(page(), "duties")

    assert re.findall(r"✓ done by (\S+ [^ ]+ [^ ]+ [^ ]+)", text) == ["CN-001 6 Jul 2026"]
    assert "₹10,000.00 of ₹2,10,000.00" in text


def test_each_finding_stands_below_the_text_of_its_clause() -> None:
    html = page()

    assert "SC-ERP-FULL-3 1 Once WMS shows the order PACKED" in section(html, "against")
    assert "GAP-28 1 By when must the client make the credit note" in section(html, "corrections")
    assert "FN0013" in section(html, "systems")
    assert "Not certain from these files 1 FN0010" in section(html, "questions")
    assert "FN0001 R-1 · info" in section(html, "information")


def test_a_total_that_does_not_add_up_is_said_and_one_that_does_agrees() -> None:
    assert "the total ₹12,500.00 agrees (₹10,400.00 used, ₹2,100.00 set aside)" in section(page(), "sources")
    sources = material().sources
    plain = sources.to_pylist()
    plain[1]["totals"][0]["said"] = 9_900_000
    assert "the total says ₹99,000.00, the rows add up to ₹12,500.00: the file may be cut off" in section(
        page(sources=sources.from_pylist(plain, sources.schema)), "sources"
    )


def test_what_is_not_read_of_a_file_is_said() -> None:
    unread = SourceColumns((), (("F", "Warehouse"), ("L", "<b>Outcome")), ("result",), ("invoice",))
    html = page(columns=(unread,))

    assert "<dt>Not read</dt><dd>F “Warehouse”, L “&lt;b&gt;Outcome”</dd>" in html
    assert "<dt>No column for</dt><dd>result</dd>" in html
    assert "<dt>Empty in every row</dt><dd>invoice</dd>" in html
    assert "<dt>Not read</dt>" not in page()


def test_equal_reasons_are_one_entry_with_their_number() -> None:
    rows = material().rows
    plain = rows.to_pylist()
    reason = dict(plain[10]["reasons"][0])
    for place in (5, 6):
        plain[place] |= {
            "state": "set aside",
            "reasons": [reason | {"text": f"3{place}-06-2026", "message": f'"3{place}-06-2026" is no date'}],
        }
    plain[7] |= {"state": "set aside", "reasons": [reason | {"text": "x", "message": '"x" is no date'}]}

    assert "dev1-assure.csv rows, first 6 3 rows" in section(page(rows=rows.from_pylist(plain, rows.schema)), "aside")


@pytest.mark.parametrize("spoil", ["<script>alert(1)</script>", "&amp;", '"><img src=x>', "\x00\ud800", "{{ 7 * 7 }}", "--><b>"])
def test_texts_of_the_files_stay_texts(spoil: str) -> None:
    html = page(spoil=spoil.encode("utf-8", "replace").decode(), explained=(f"{spoil.encode('utf-8', 'replace').decode()}FN0002",))

    assert set(re.findall(r"<(script|img|b)\b", html)) <= {"b"}
    assert "49FN" not in html
    assert html.count("<b>") == page(explained=("FN0002",)).count("<b>")


def test_every_link_leads_to_a_place_of_the_page() -> None:
    html = page()
    places = re.findall(r'\bid="([^"]+)"', html)

    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(places)
    assert re.findall(r'(?:href|src)="(?!#)[^"]*"', html) == []


def test_a_long_list_says_how_many_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "SHOWN", 0)

    assert "1 more are in duties.csv" in section(page(), "duties")
    assert "SC-ERP-FULL-3 1 Once" in section(page(), "against")


def test_the_life_of_an_order_has_its_events_answer_documents_and_duties() -> None:
    text = "\n".join(life_lines(order_life(" fn0002", material())))

    for line in (
        "order FN0002",
        "  4 Jun 2026 10:00   e-invoice generated: INV-002  [dev1-assure.csv row 3]",
        "  answer          allowed",
        "  6 Jul 2026         credit note CN-001 ₹1,400.00 for INV-002  [dev3-erp-daybook.csv row 10]",
    ):
        assert line in text.splitlines()
    assert "done by CN-001 on 6 Jul 2026" in text


def test_an_order_that_no_file_names_is_refused_with_the_nearest() -> None:
    with pytest.raises(ReportError, match=r"order `FN002`: no file of this audit names it; did you mean `FN0002`\?"):
        order_life("FN002", material())


def test_an_explained_order_comes_first_on_the_page() -> None:
    assert section(page(explained=("FN0005",)), "orders").partition("ORDER . ")[2].startswith("FN0005")


def test_an_audit_without_findings_says_so() -> None:
    one = material()
    html = page(
        **{name: getattr(one, name).slice(0, 0) for name in ("findings", "duties", "requests", "documents")},
        rows=one.rows.slice(0, 2),
        sources=one.sources.slice(1, 1),
    )

    assert re.findall(r'<span class="number">([^<]*)</span>', html) == ["0", "0", "0"]
    assert "every row was read" in words(html)
    assert "no request was carried out or turned away against it" in words(html)
