"""Personal data: two hundred tokens in every slot of a file, and none of them in a table or message."""

import random

import pytest

from orders.intake.errors import IntakeError
from orders.intake.mapping.suggestion import suggest
from orders.intake.mapping.writing import mapping_text
from tests.support.intake import ASSURE, HEADER, lines, messages, orders, read, states

PERSONAL = "Customer Name,Shipping Address Line 1,Billing City,Buyer Phone,E-Mail Address,Mobile No,Remarks"
KINDS = (
    "Zq{:03}lakshmi",
    "{:03} Zqroad, Pune",
    "Zqtown{:03}",
    "9{:03}4567{:02}",
    "zq{:03}@example.in",
    "+91 9{:03}0 12345",
    "=HYPERLINK(zq{:03})",
)


def tokens():
    """Two hundred tokens, which are found in no other text."""
    return [KINDS[number % len(KINDS)].format(number, number % 100) for number in range(200)]


def everything(intake):
    """Every text of every table."""
    return "\n".join(str(table.to_pylist()) for table in (intake.rows, intake.requests, intake.documents, intake.sources))


@pytest.mark.parametrize("damage", ["none", "ragged", "quotes", "dates", "words"])
def test_no_personal_token_passes_the_parser(tmp_path, damage):
    chance, personal_tokens, rows = random.Random(1), tokens(), []  # noqa: S311
    for number, row in enumerate(orders(40)):
        personal = [f'"{personal_tokens[(number * 7 + slot) % 200]}"' for slot in range(7)]
        match damage:
            case "ragged":
                personal = personal[: chance.randrange(7)] + personal[:3]
            case "quotes":
                personal[0] = personal[0].removesuffix('"')
            case "dates":
                row = row.replace("04-06-2026 11:00", personal_tokens[number % 200].replace(",", " "))  # noqa: PLW2901
            case "words":
                row = row.replace("SELLER", personal_tokens[number % 200].replace(",", " "))  # noqa: PLW2901
        rows.append(",".join([row, *personal]))
    text = everything(read(tmp_path, lines(*rows, header=f"{HEADER},{PERSONAL}")))

    assert [token for token in personal_tokens if token in text] == []
    assert "FN0001" in text


def test_no_sample_of_a_suggestion_has_a_token(tmp_path):
    personal_tokens = tokens()
    rows = [
        ",".join([row, *(f'"{personal_tokens[(number * 7 + slot) % 200]}"' for slot in range(7))]) for number, row in enumerate(orders(40))
    ]
    file = tmp_path / "orders.csv"
    file.write_text(lines(*rows, header=f"{HEADER},{PERSONAL}"), encoding="utf-8")

    text = mapping_text(suggest(file))

    assert [token for token in personal_tokens if token in text] == []


def test_no_error_of_a_file_has_a_token(tmp_path):
    with pytest.raises(IntakeError) as caught:
        read(tmp_path, lines("zqasha,9876543210,zq@example.in", header="Zq Name,Phone,Mail"))

    assert "zq" not in str(caught.value).casefold()
    assert "9876543210" not in str(caught.value)


def test_an_e_mail_address_for_an_order_is_no_key(tmp_path):
    text = everything(read(tmp_path, lines(orders(1)[0].replace("FN0001", "asha@example.in"))))

    assert "asha@" not in text.casefold()
    assert "a••• (15 characters)" in text


@pytest.mark.parametrize("name", ["Zebulon Quark", "FN1008 Zebulon Quark", "zebulon.quark", "Zébulon\u3000Quark", "ज़ेबुलोन क्वार्क"])
def test_a_name_for_an_order_is_no_key(tmp_path, name):
    intake = read(tmp_path, lines(*(row.replace("FN0001", name) for row in orders(2))))

    assert intake.requests.column("order_key").to_pylist() == ["FN0002"]
    assert name not in everything(intake)
    assert name.upper() not in everything(intake)


NAMES, PHONES = ("Zebulon Quark", "Zebulon"), ("Zq Street 9", "9876-501-234", "(987) 650-1234", "9876501234x", "+91-9876501234")


@pytest.mark.parametrize(
    ("place", "token"),
    [
        (7, "Zebulon Quark"),
        (7, "Zq Street 9"),
        (7, "(987) 650-1234"),
        (7, "+91-9876501234"),
        *((place, token) for place in (1, 3, 4, 6, 8) for token in (*NAMES, *PHONES)),
    ],
)
def test_what_has_slipped_into_another_column_is_masked(tmp_path, place, token):
    cells = orders(1)[0].split(",")
    cells[place] = token

    intake = read(tmp_path, lines(",".join(cells)))

    assert states(intake) == {1: "header", 2: "set aside"}
    assert token not in everything(intake)


@pytest.mark.parametrize(
    ("place", "token"), [(3, "SELER"), (4, "PARTIALLY SHIPPED"), (6, "31-Jun-2026 9 AM"), (1, "2x Pcs"), (7, "INV 2026 00017/AB")]
)
def test_a_mistake_that_cannot_be_a_name_is_shown(tmp_path, place, token):
    cells = orders(1)[0].split(",")
    cells[place] = token

    assert token in messages(read(tmp_path, lines(",".join(cells))))[0]


def test_a_shifted_cell_is_no_order(tmp_path):
    """A comma in a name without quotes moves the name into the column of the order."""
    header = "Customer Name," + HEADER
    rows = [f"Asha,{orders(1)[0]}", f"Zqrao, Asha,{orders(1, 2)[0]}", f"Asha,{orders(1, 3)[0]},more"]

    text = everything(read(tmp_path, lines(*rows, header=header)))

    assert "asha" not in text.casefold()
    assert "zqrao" not in text.casefold()


@pytest.mark.parametrize("token", ["12 Zqbury Road Zqtown", "12 zqbury road", "Zebulon", "Zebulon Quark", "9876 501 234"])
def test_what_is_no_number_of_a_document_is_not_kept_with_the_row_that_is_set_aside(tmp_path, token):
    """The table of rows had the key of an address in a column of numbers, and messages a name of one word."""
    book = "Date,Particulars,Voucher Type,Voucher No.,Original Invoice,Order No,Value\n4-Jun-26,Ajio B2B,Credit Note,{},{},FN1,700.00\n"
    for cells in ((token, "INV-1"), ("CN-1", token)):
        intake = read(tmp_path, book.format(*cells), 'profile = "tally-daybook"\n')

        assert states(intake) == {1: "header", 2: "set aside"}
        assert token.upper() not in everything(intake).upper()


@pytest.mark.parametrize("original", ["INV-1 and INV-2", "INV-A", "for INV-1, order of Zebulon"])
def test_a_row_set_aside_names_what_its_cell_has_beside_personal_words(tmp_path, original):
    """The credit note of INV-A is in a row set aside, so INV-A must not be called without one."""
    book = "Date,Particulars,Voucher Type,Voucher No.,Original Invoice,Order No,Value\n4-Jun-26,Ajio B2B,Sales,{},,FN1,700.00\n"
    number = original.split(",")[0].split(" and ")[0].removeprefix("for ")
    aside = f'31-Jun-26,Ajio B2B,Credit Note,CN-1,"{original}",,700.00\n'
    rows = read(tmp_path, book.format(number) + aside, 'profile = "tally-daybook"\n').rows.to_pylist()

    assert number in {rows[2]["original_key"], *(rows[2].get("named") or ())}
    assert "zebulon" not in str(rows).casefold()


@pytest.mark.parametrize(
    ("column", "token"),
    [
        ("Fulfilment Location Name", "zebulon@mail.example"),
        ("Fulfilment Location Name", "+91 98765 01234"),
        ("PO", "zebulon@mail.example"),
        ("PO", "12 Zqbury Road Zqtown"),
    ],
)
def test_a_location_or_purchase_order_is_nothing_personal(tmp_path, column, token):
    """The table of requests in the DuckDB file had it."""
    rows = [f"{row},{cell}" for row, cell in zip(orders(2), (token, "D7"), strict=True)]
    keys = f'{ASSURE}[source.columns]\n{"po" if column == "PO" else "location"} = "{column}"\n'
    intake = read(tmp_path, lines(*rows, header=f"{HEADER},{column}"), keys)

    assert states(intake) == {1: "header", 2: "set aside"}
    assert token not in everything(intake)


@pytest.mark.parametrize("name", ["zebulon@mail.example", "call +91 98765 01234"])
def test_something_personal_in_the_header_is_not_shown(tmp_path, name):
    """It was listed with the columns that are not read."""
    intake = read(tmp_path, lines(*(f"{row},x" for row in orders(2)), header=f"{HEADER},{name}"))
    ((_, shown),) = intake.columns[0].not_read

    assert shown.endswith(f"({len(name)} characters)")
    assert name not in str(intake.columns)
