"""Selection by text and by tags."""

import pytest
from msgspec import to_builtins

from steps.language.examples import Example
from steps.language.selection import Selection, SelectionError, check_tags, tag_test


def instance(name: str, *tags: str, path: str = "a.feature", rule: str | None = None) -> Example:
    return Example(path, "Orders", rule, name, None, 3, None, tags, (), name)


ONE = instance("Packed", "@A", "@B")
TWO = instance("Straße", "@B", path="b.feature", rule="Of roads")
THREE = instance("Nothing")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("@A", [ONE]),
        ("A", [ONE]),
        ("not @A", [TWO, THREE]),
        ("@A or @B", [ONE, TWO]),
        ("@A and @B", [ONE]),
        ("not @A and @B", [TWO]),
        ("not (@A and @B)", [TWO, THREE]),
        ("@A or @B and @A", [ONE]),
        ("(@A or @B) and not @A", [TWO]),
        ("not not @A", [ONE]),
        ("@a", []),
    ],
)
def test_tags(expression, expected):
    assert list(Selection(tags=expression).choose([ONE, TWO, THREE])) == expected


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("", "expected a tag, got the end"),
        ("@A and", "expected a tag, got the end"),
        ("and @A", "expected a tag, got `and`"),
        ("@A @B", "expected `and` or `or`, got `@B`"),
        ("(@A", "a bracket is not closed"),
        ("@A)", "expected `and` or `or`, got `)`"),
        ("not " * 200 + "@A", "nested too deeply"),
        ("@A " * 400, "1,200 characters"),
    ],
)
def test_an_invalid_tag_expression_is_refused(expression, why):
    with pytest.raises(SelectionError, match="tag expression") as caught:
        tag_test(expression)

    assert why in str(caught.value)


def test_an_unknown_tag_is_no_empty_selection():
    check_tags("@A and not (B or @A)", ["@A", "@B"])
    with pytest.raises(SelectionError, match="unknown tag `@AA`; did you mean `@A`"):
        check_tags("@B or AA", ["@A", "@B"])


@pytest.mark.parametrize(
    ("keyword", "expected"),
    [("PACK", [ONE]), ("strasse", [TWO]), ("roads", [TWO]), ("b.feat", [TWO]), ("orders", [ONE, TWO, THREE]), ("(", [])],
)
def test_text_is_any_part_of_a_name(keyword, expected):
    assert list(Selection(keyword=keyword).choose([ONE, TWO, THREE])) == expected


def test_everything_asked_for_must_hold():
    selection = Selection(("b.feature",), "s", "@B")

    assert list(selection.choose([ONE, TWO, THREE])) == [TWO]
    assert to_builtins(selection.recorded()) == {"paths": ("b.feature",), "keyword": "s", "tags": "@B"}


def test_no_selection_is_everything():
    assert list(Selection().choose([ONE, TWO])) == [ONE, TWO]
    assert Selection().recorded() is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cafe\u0301", "Caf\u00e9"), ("CAF\u00c9", "cafe\u0301"), ("STRASSE", "Stra\u00dfe"), ("\u0130zmir", "i\u0307zmir"), ("I\u0307ZMIR", "\u0130zmir"),
        ("a\u0323\u0302", "A\u0302\u0323"), ("\ufb01le", "FILE"), ("\u2764", "I \u2764\ufe0f it"), ("\u03a3\u039f\u03a3", "\u03c3\u03bf\u03c2"),
    ],
)  # fmt: skip
def test_a_text_is_found_in_any_letter_case_and_unicode_form(text: str, name: str) -> None:
    assert list(Selection(keyword=text).choose([instance(name), instance("Other")])) == [instance(name)]
