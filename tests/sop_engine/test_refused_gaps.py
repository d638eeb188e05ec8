"""Registers of gaps that are refused, in exact words and with the line."""

from pathlib import Path

import pytest

from tests.support.small_registers import GAPS, reasons_of_refusal, write

READING_2 = '[[gap.alternative]]\nreading = 2\nchosen = "the second"\n\n'
ANSWER_2 = '[gap.answer]\nreading = 2\nby = "A"\non = 2026-12-01\n\n'
SECOND = '[[gap]]\nid = "GAP-02"'
IN_GAPS = {
    "a reading is not there": (
        ('title = "A question"', 'title = "A question"\nreading = 3'),
        ["gaps.toml:2: `reading` of `GAP-01` must be the number of one of its 2 `readings`"],
    ),
    "an alternative has no number": (
        (SECOND, '[[gap.alternative]]\nchosen = "the second"\n\n' + SECOND),
        ["gaps.toml:2: `reading` of `GAP-01` must be the number of one of its 2 `readings`"],
    ),
    "a reading is decided twice": (
        (SECOND, READING_2 + READING_2 + SECOND),
        ["gaps.toml:2: `GAP-01` decides reading 2 twice; remove one, or correct its `reading`"],
    ),
    "an answer names a reading that cannot be tried": (
        (SECOND, ANSWER_2 + SECOND),
        ["gaps.toml:2: `GAP-01` is answered with a `reading` that cannot be tried; none of its readings can be; state `reading` first"],
    ),
    "an answer has no day": (
        (SECOND, READING_2 + ANSWER_2.replace("2026-12-01", '"2026-12-01"') + SECOND),
        ["gaps.toml:2: `on` in the answer to `GAP-01` must be a date, such as 2026-12-01"],
    ),
    "an answer has no name": (
        (SECOND, READING_2 + ANSWER_2.replace('"A"', '""') + SECOND),
        ["gaps.toml:2: `by` must be a text"],
    ),
    "a key of an answer is unknown": (
        (SECOND, READING_2 + ANSWER_2.replace("by = ", 'who = "B"\nby = ') + SECOND),
        ["gaps.toml:2: unknown key `who` in `GAP-01`; expected one of `by`, `evidence`, `id`, `on`, `reading`, `remark`"],
    ),
    "a key is unknown": (
        ('title = "Another"', 'title = "Another"\ntile = ""'),
        ["gaps.toml:26: unknown key `tile` in `GAP-02`; did you mean `title`?"],
    ),
    "a key of a resolution is unknown": (
        ('outcome = "refused"', 'outcome = "refused"\nzzz = ""'),
        [
            "gaps.toml:2: unknown key `zzz` in ``; expected one of `actor`, `due`, `instead_of`, `like`, `manner`, `modality`, `outcome`, `over`, `restates`, `rests_on`, `system`, `task`, `tasks`, `when`"
        ],
    ),
    "its texts are missing": (
        ('title = "Another"\nkind = "choice"\naspect = "data"\nnearest = "R-1"\nchosen = "so"\nwhy = "because"\nquestion = "How?"\n', ""),
        [f"gaps.toml:26: `{key}` must be a text" for key in ("title", "kind", "aspect", "nearest", "chosen", "why", "question")],
    ),
    "cases are no number": (
        ("cases = 16", 'cases = "many"'),
        ["gaps.toml:2: `cases` must be a whole number", "gaps.toml:2: `GAP-01` has a `when` but no number of `cases`; add `cases`"],
    ),
    "cases are not said": (("cases = 16\n", ""), ["gaps.toml:2: `GAP-01` has a `when` but no number of `cases`; add `cases`"]),
    "a fact of returns is unknown": (
        ('on = "return"', 'on = "return"\nwhen = { stage = "PACKED" }\ncases = 1'),
        ["gaps.toml:26: unknown fact `stage`; expected one of `quality_check`"],
    ),
    "what it is about is a number": (('on = "return"', "on = 1"), ["gaps.toml:26: `on` must be a text"]),
    "a resolution has no cases to resolve": (
        ('when = { stage = "CREATED", canceller = "seller" }\n', ""),
        ["gaps.toml:2: `GAP-01` has a resolution but no `when`; add the cases that it resolves"] * 2,
    ),
    "the outcome of a resolution is unknown": (
        ('outcome = "refused"', 'outcome = "refusd"'),
        ["gaps.toml:2: unknown outcome `refusd`; did you mean `refused`?"],
    ),
    "readings are one text": (
        ('readings = ["the first", "the second"]', 'readings = "the first"'),
        ["gaps.toml:2: `readings` must be a list of texts"],
    ),
    "what is left open is a number": (
        ('leaves_open = ["tasks"]', "leaves_open = [1]"),
        ["gaps.toml:2: `leaves_open` must be a list of texts"],
    ),
    "resolutions are texts": (
        ('on = "return"', 'on = "return"\nresolution = ["x"]'),
        ["gaps.toml:26: `resolution` must be written as [[gap.resolution]]"],
    ),
    "a disposition is not a table": (
        ('[[gap.disposition]]\nquality_check = "pass"\nstock = "saleable"\noffline_claim = false\n', "disposition = 1\n"),
        ["gaps.toml:26: `disposition` must be written as [[gap.disposition]]"],
    ),
    "a key of a disposition is unknown": (
        ("offline_claim = false", "offline_claim = false\ncolour = 1"),
        ["gaps.toml:26: unknown key `colour` in ``; expected one of `offline_claim`, `quality_check`, `stock`"],
    ),
    "a disposition says nothing": (
        ('quality_check = "pass"\nstock = "saleable"\noffline_claim = false\n', ""),
        [
            "gaps.toml:26: unknown quality_check `None`; expected one of `not recorded`, `pass`, `fail`, `missing`",
            "gaps.toml:26: `stock` must be a text",
            "gaps.toml:26: `offline_claim` must be true or false",
        ],
    ),
}


@pytest.mark.parametrize("name", IN_GAPS)
def test_a_register_of_gaps_that_does_not_fit_is_refused(name: str, tmp_path: Path) -> None:
    (before, after), expected = IN_GAPS[name]
    assert GAPS.count(before) == 1, "the test breaks one place"

    assert reasons_of_refusal(write(tmp_path, gaps=GAPS.replace(before, after))) == expected
