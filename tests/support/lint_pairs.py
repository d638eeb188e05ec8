"""For every strictness rule files that break it once, each with the nearest good one.

In the bad files ▲ stands before the character that the finding must point at; it is taken out before linting.
"""

from textwrap import dedent
from typing import NamedTuple


class Pair(NamedTuple):
    """A rule, a file that breaks it once, and the nearest file that does not."""

    rule: str
    about: str
    bad: str
    good: str


def plain(body: str) -> str:
    """Return the text of one feature with *body* below it."""
    return "Feature: F\n\n" + dedent(body).strip("\n") + "\n"


def steps(*lines: str) -> str:
    """Return the text of a file of one scenario with these steps."""
    return "Feature: F\n\n  Scenario: S\n" + "".join(f"    {line}\n" for line in lines)


def outline(table: str, *lines: str, name: str = "S", keyword: str = "Scenario Outline") -> str:
    """Return the text of a file of one outline with these steps and one table of Examples."""
    rows = "".join(f"      {row.strip()}\n" for row in table.strip().splitlines())
    written = "".join(f"    {line}\n" for line in lines)
    return f"Feature: F\n\n  {keyword}: {name}\n{written}\n    Examples:\n{rows}"


CHECK = ("When the seller cancels", "Then it is allowed")
STAGED = ("Given the order is <stage>", *CHECK)
ABOUT_GAP_14 = steps(*CHECK).replace("Scenario: S", "Scenario: The reading of GAP-14")
WIDE = "| stage | " + " | ".join(f"c{n}" for n in range(2, 41)) + " |"
PAIRS = [
    Pair("duplicate-name", "in one feature",
         plain("""
           Scenario: S
             Then it is allowed
           ▲Scenario: S
             Then it is refused
         """),
         plain("""
           Scenario: S
             Then it is allowed
           Scenario: s
             Then it is refused
         """)),
    Pair("duplicate-name", "in two rules",
         plain("""
           Rule: A
             Scenario: S
               Then it is allowed
           Rule: B
             ▲Scenario:  S
               Then it is refused
         """),
         plain("""
           Rule: A
             Scenario: S
               Then it is allowed
           Rule: B
             Scenario: T
               Then it is refused
         """)),
    Pair("misspelt-keyword", "first step", steps("▲Gven the order is PACKED", *CHECK), steps("Given the order is PACKED", *CHECK)),
    Pair("misspelt-keyword", "later step", steps("Given an order", "▲Thn it is allowed", "Then it is allowed"),
         steps("Given an order", "Then it is allowed")),
    Pair("misspelt-keyword", "swapped letters", steps("▲Hwen the seller cancels", "Then it is allowed"), steps(*CHECK)),
    Pair("misspelt-keyword", "lower case", steps("▲given an order", *CHECK), steps("Given an order", *CHECK)),
    Pair("misspelt-keyword", "colon after the keyword", steps("▲Given: an order", *CHECK), steps("Given an order", *CHECK)),
    Pair("misspelt-keyword", "tab after the keyword", steps("▲Given\tan order", *CHECK), steps("Given an order", *CHECK)),
    Pair("misspelt-keyword", "ordinary word before a sentence that is bound", steps("▲The it is allowed", *CHECK),
         steps("The answer it gives is allowed", *CHECK)),
    Pair("misspelt-keyword", "prose that begins with a keyword's neighbour", steps("▲Wen the seller cancels", *CHECK),
         steps("Where the seller cancels, this holds.", "They read it. Any order will do.", *CHECK)),
    Pair("misspelt-keyword", "prose that runs on", steps("▲when the seller cancels", "Then it is allowed"),
         steps("This is what happens", "when the seller cancels", "", *CHECK)),
    Pair("misspelt-keyword", "scenario",
         plain("""
           ▲Scenaro: A
             Given an order
           Scenario: B
             Then it is allowed
         """),
         plain("""
           Scenario: A
             Then it is allowed
           Scenario: B
             Then it is refused
         """)),
    Pair("misspelt-keyword", "outline", outline("|stage|\n|PACKED|", *STAGED, keyword="▲Scenario Outine") + steps(*CHECK)[12:],
         outline("|stage|\n|PACKED|", *STAGED, keyword="Scenario Outline")),
    Pair("misspelt-keyword", "space before the colon", steps(*CHECK) + "\n  ▲Scenario : T\n", steps(*CHECK) + "\n  Scenario: T\n    Then it is allowed\n"),
    Pair("misspelt-keyword", "number before the colon",
         plain("""
           ▲Scenario 2: T
             Then it is allowed
           Scenario: S
             Then it is allowed
         """),
         plain("""
           Scenario: 2 T
             Then it is allowed
         """)),
    Pair("misspelt-keyword", "no colon",
         plain("""
           ▲Scenario A
             Given an order
           Scenario: B
             Then it is allowed
         """),
         plain("""
           Scenario tables like these are read row by row.
           Given the size of the SOP, there are many.
           Role: seller. Rules: as below. Note: see the gap.

           Scenario: B
             Then it is allowed
         """)),
    Pair("misspelt-keyword", "steps with no scenario above them",
         plain("""
           Rule: R
             ▲Given an order
             When the seller cancels
             Then it is allowed
             Scenario: S
               Then it is allowed
         """),
         plain("""
           Rule: R
             Given an order that is packed, the seller
             When in doubt asks.
             Scenario: S
               Then it is allowed
         """)),
    Pair("misspelt-keyword", "a story with no scenario above it, in words nobody has bound",
         plain("""
           Rule: R
             ▲Given a thing
             When it moves
             Then it has moved

             Scenario: S
               Then it is allowed
         """),
         plain("""
           Rule: R
             Given a thing
             that moves.
             When it moves

             Scenario: S
               Then it is allowed
         """)),
    Pair("misspelt-keyword", "a title after prose that runs on",
         plain("""
           These lines are about
           ▲Scenaro: A
             Then it is allowed
           Scenario: S
             Then it is allowed
         """),
         plain("""
           These lines are about this
           scenario: the first of two.

           Scenario: S
             Then it is allowed
         """)),
    Pair("misspelt-keyword", "the first line", "▲Featur: F\n", steps(*CHECK)),
    Pair("misspelt-keyword", "examples", outline("|stage|\n|PACKED|", *STAGED).replace("Examples:", "▲Exampels:"),
         outline("|stage|\n|PACKED|", *STAGED)),
    Pair("misspelt-keyword", "in French",
         "# language: fr\nFonctionnalité: F\n\n  ▲Scenario: A\n    Soit an order\n  Scénario: B\n    Alors it is allowed\n",
         "# language: fr\nFonctionnalité: F\n\n  Scénario: B\n    Alors it is allowed\n"),
    Pair("no-steps", "", plain("▲Scenario: S\n"), plain("Scenario: S\n  Then it is allowed")),
    Pair("no-then", "", "Feature: F\n\n  ▲Scenario: S\n    When the seller cancels\n", steps(*CHECK)),
    Pair("no-then", "a Then in the background does not count",
         plain("""
           Background:
             Then it is allowed
           ▲Scenario: S
             Given an order
         """),
         plain("""
           Background:
             Given an order
           Scenario: S
             Then it is allowed
             And it is refused
         """)),
    Pair("no-rows", "outline without Examples", steps(*CHECK).replace("Scenario:", "▲Scenario Outline:"), steps(*CHECK)),
    Pair("no-rows", "only a header", outline("|stage|", *STAGED).replace("Examples:", "▲Examples:"), outline("|stage|\n|PACKED|", *STAGED)),
    Pair("unknown-placeholder", "in a step", outline("|stage|\n|PACKED|", "Given the order is ▲<stagge>", *STAGED), outline("|stage|\n|PACKED|", *STAGED)),
    Pair("unknown-placeholder", "in the name", outline("|stage|\n|PACKED|", *STAGED, name="At ▲<state>"), outline("|stage|\n|PACKED|", *STAGED, name="At <stage>")),
    Pair("unknown-placeholder", "in a table", outline("|stage|\n|PACKED|", *STAGED, "And the tasks are", "  | a ▲<b> |"), outline("|stage|\n|PACKED|", *STAGED, "And the tasks are", "  | <stage> |")),
    Pair("unknown-placeholder", "in a doc string, where it is nearly a column",
         outline("|stage|\n|PACKED|", "Given the note", '  """', "  is ▲<stge>", '  """', *STAGED),
         outline("|stage|\n|PACKED|", "Given the note", '  """', "  is <b>bold</b>", '  """', *STAGED)),
    Pair("unknown-placeholder", "in a plain scenario", steps("Given the note", '  """', "  <b>", '  """', "Then the tasks are", "  | ▲<stage> |"), steps("Given the note", '  """', "  <b>", '  """', "Then the tasks are", "  | a < b, c > d |")),
    Pair("unused-column", "", outline("|stage|▲tint|\n|PACKED|red|", *STAGED), outline("|stage|tint|\n|PACKED|green|", "Given a <tint> order", *STAGED)),
    Pair("unused-column", "twice", outline("|stage|▲stage|\n|PACKED|PACKED|", *STAGED), outline("|stage|\n|PACKED|", *STAGED)),
    Pair("undefined-step", "", steps("Given an order", "▲When the seller dances", "Then it is allowed"), steps("Given an order", *CHECK)),
    Pair("undefined-step", "of another kind", steps("▲Given it is allowed", *CHECK), steps("Then it is allowed")),
    Pair("undefined-step", "And has the kind of the step before", steps("When the seller cancels", "▲And it is allowed", "Then it is allowed"), steps(*CHECK, "And it is refused")),
    Pair("undefined-step", "a wrong value", steps("▲Given the order is PACKD", *CHECK), steps("Given the order is PACKED", *CHECK)),
    Pair("undefined-step", "a wrong value in a cell", outline("|stage|\n|PACKED|\n|▲PACKD|", *STAGED), outline("|stage|\n|PACKED|\n|CREATED|", *STAGED)),
    Pair("undefined-step", "a wrong value in the only row", outline("|stage|\n|  ▲Packed |", *STAGED), outline("|stage|\n|  PACKED |", *STAGED)),
    Pair("undefined-step", "a comment behind a step", steps("▲Given an order # it is red", *CHECK), steps("# it is red", "Given an order", *CHECK)),
    Pair("undefined-step", "a comment behind an unknown step", steps("▲Given xyzzy # why", *CHECK), steps("# why", "Given an order", *CHECK)),
    Pair("undefined-step", "a comment without a space", steps("▲Given an order #red", *CHECK), steps("Given an order", "#red", *CHECK)),
    Pair("undefined-step", "a comment behind a value", steps("▲Given the order is PACKED  # at last", *CHECK), steps("Given the order is PACKED", "  # at last", *CHECK)),
    Pair("undefined-step", "a comment in a cell", outline("|stage|\n|▲PACKED # at last|", *STAGED), outline("|stage|\n# at last\n|PACKED|", *STAGED)),
    Pair("ambiguous-step", "", steps("▲Given a red order", *CHECK), steps("Given a green order", *CHECK)),
    Pair("unknown-tag", "on the feature", "@GAP-14 ▲@gap-1\n" + ABOUT_GAP_14, "@GAP-14\n" + ABOUT_GAP_14),
    Pair("unknown-tag", "a pytest mark is not among them", "▲@skip\n" + steps(*CHECK), "@SC-ERP-FULL\n" + steps(*CHECK)),
    Pair("unknown-tag", "on Examples", outline("|stage|\n|PACKED|", *STAGED, name="GAP-14").replace("    Examples", "    # tags\n    @GAP-14 ▲@x\n    Examples"),
         outline("|stage|\n|PACKED|", *STAGED, name="GAP-14").replace("    Examples", "    # tags\n    @GAP-14\n    Examples")),
    Pair("unexpected-table", "", steps("When the seller cancels", "  ▲| a |", "Then it is allowed"), steps("When the seller cancels", "Then the tasks are", "  | a |")),
    Pair("unexpected-table", "doc string", steps("When the seller cancels", '  ▲"""', "  a", '  """', "Then it is allowed"), steps("Given the note", '  """', "  a", '  """', *CHECK)),
    Pair("unexpected-table", "missing", steps("When the seller cancels", "▲Then the tasks are"), steps("Then the tasks are", "  | a |")),
    Pair("invisible-character", "zero width space", steps("Given the order is PACKED▲\u200b", *CHECK), steps("Given the order is PACKED", *CHECK)),
    Pair("invisible-character", "no-break space", steps("Given an▲\u00a0order", *CHECK), steps("Given an order", *CHECK)),
    Pair("invisible-character", "bidi override", steps("# ▲\u202eA", *CHECK), steps("# هذا نص", *CHECK)),
    Pair("invisible-character", "escape", steps("# ▲\x1b[31m", *CHECK), steps("# [31m", *CHECK)),
    Pair("invisible-character", "C1 control", steps("# ▲\x85", *CHECK), steps("# …", *CHECK)),
    Pair("invisible-character", "line separator", steps("# a▲\u2028b", *CHECK), steps("# a b", *CHECK)),
    Pair("invisible-character", "joiner between Latin letters", steps("# a▲\u200db", *CHECK), steps("# \u0915\u094d\u200d\u0937 and क्\u200cष and 👩\u200d👩\u200d👧 and ❤\ufe0f", *CHECK)),
    Pair("invisible-character", "joiner after an emoji", steps("# 👩▲\u200da", *CHECK), steps("# 👩\u200d👧a", *CHECK)),
    Pair("invisible-character", "carriage return inside a line", steps("# a▲\rb", *CHECK), steps("# a b", *CHECK)),
    Pair("mixed-script", "Cyrillic O", steps("# PR▲\u041eCESSING", *CHECK), steps("# PROCESSING and \u041e\u0431\u0440\u0430\u0431\u043e\u0442\u043a\u0430", *CHECK)),
    Pair("mixed-script", "Greek alpha", steps("# ▲\u0391llowed", *CHECK), steps("# \u03b1\u03b2\u03b3 Allowed \u00b5m", *CHECK)),
    Pair("open-row", "a last column without its end", steps("Then the tasks are", "  | a |", "  | b | ▲1999-01-01"), steps("Then the tasks are", "  | a |", "  | b |")),
    Pair("open-row", "a comment", steps("Then the tasks are", "  | a | ▲# why this row"), steps("Then the tasks are", "  # why this row", "  | a |")),
    Pair("open-row", "the heading alone", steps("Then the tasks are", "  | a | ▲b", "  | c | d |"), steps("Then the tasks are", "  | a | b |", "  | c | d |")),
    Pair("open-row", "an escaped end", steps("Then the tasks are", "  | a |", "  ▲| b \\|").replace("▲| ", "| ▲"), steps("Then the tasks are", "  | a |", "  | b \\\\|")),
    Pair("open-row", "a row of Examples", outline("|stage|\n|PACKED| ▲or so", *STAGED), outline("|stage|\n|PACKED|\t  ", *STAGED)),
    Pair("open-row", "a row that is too short by it", steps("Then the tasks are", "  | a | b |", "  | c | ▲d"), steps("Then the tasks are", "  | a | b |", "  | c | |")),
    Pair("unexpected-table", "a sentence of the second row that takes none",
         outline("|what|\n|rows of a table|\n|there is no order|", "Given <what>", "  ▲| order |", "  | A |", *CHECK),
         outline("|what|\n|rows of a table|", "Given <what>", "  | order |", "  | A |", *CHECK)),
    Pair("table-columns", "four columns where two are taken", steps(*CHECK, "And the duties are", "  | must | a | ▲b | c |"), steps(*CHECK, "And the duties are", "  | must | a |")),
    Pair("table-columns", "one column where two are taken", steps(*CHECK, "And the duties are", "  | ▲must |"), steps(*CHECK, "And the duties are", "  | must | a |")),
    Pair("table-columns", "no column", steps(*CHECK, "And the duties are", "  ▲|"), steps(*CHECK, "And the duties are", "  | may | b |")),
    Pair("table-columns", "a heading where none is taken", steps(*CHECK, "And the duties are", "  | ▲Force | Task |", "  | must | a |"), steps(*CHECK, "And the duties are", "  | may | Task |", "  | must | a |")),
    Pair("table-columns", "an unknown heading", steps("Given rows of a table", "  | order | ▲postd |", "  | A | - |", *CHECK), steps("Given rows of a table", "  | order | posted |", "  | A | - |", *CHECK)),
    Pair("table-columns", "a heading in capitals", steps("Given rows of a table", "  | order | ▲Posted |", "  | A | - |", *CHECK), steps("Given rows of a table", "  | posted | order |", "  | - | A |", *CHECK)),
    Pair("table-columns", "a doubled heading", steps("Given rows of a table", "  | order | ▲order |", "  | A | B |", *CHECK), steps("Given rows of a table", "  | order |", "  | A |", "  | B |", *CHECK)),
    Pair("table-columns", "an empty heading", steps("Given rows of a table", "  | order |▲ |", "  | A | |", *CHECK).replace("|▲ |", "| ▲|"), steps("Given rows of a table", "  | order |", "  | A |", *CHECK)),
    Pair("table-columns", "a missing column", steps("Given rows of a table", "  | ▲posted |", "  | - |", *CHECK), steps("Given rows of a table", "  | order |", "  | A |", *CHECK)),
    Pair("table-columns", "no heading", steps("Given rows of a table", "  | ▲A | - |", "  | B | - |", *CHECK), steps("Given rows of a table", "  | order | posted |", "  | A | - |", *CHECK)),
    Pair("table-columns", "a head without rows", steps("Given rows of a table", "  | ▲order | posted |", *CHECK), steps("Given rows of a table", "  | order | posted |", "  | A | - |", *CHECK)),
    Pair("table-columns", "a heading from a row of Examples", outline("|what|\n|posted|\n|▲postd|", "Given rows of a table", "  | order | <what> |", "  | A | - |", *CHECK),
         outline("|what|\n|posted|", "Given rows of a table", "  | order | <what> |", "  | A | - |", *CHECK)),
    Pair("table-cell", "an unknown word", steps(*CHECK, "And the duties are", "  | ▲should | a |"), steps(*CHECK, "And the duties are", "  | must | should |")),
    Pair("table-cell", "a word in capitals", steps(*CHECK, "And the duties are", "  | ▲Must | a |"), steps(*CHECK, "And the duties are", "  | must | A |")),
    Pair("table-cell", "an empty cell that needs a value", steps(*CHECK, "And the duties are", "  | must | ▲|"), steps(*CHECK, "And the duties are", "  | must | - |")),
    Pair("table-cell", "an empty cell where a dash means none", steps("Given rows of a table", "  | order | posted |", "  | A | ▲|", *CHECK), steps("Given rows of a table", "  | order | posted |", "  | A | - |", *CHECK)),
    Pair("table-cell", "an order twice", steps("Given rows of a table", "  | order |", "  | A |", "  | B |", "  | ▲A |", *CHECK), steps("Given rows of a table", "  | order |", "  | A |", "  | B |", "  | AA |", *CHECK)),
    Pair("table-cell", "a day that does not exist", steps("Given rows of a table", "  | order | posted |", "  | A | ▲2026-02-29 09:00 |", *CHECK), steps("Given rows of a table", "  | order | posted |", "  | A | 2028-02-29 09:00 |", *CHECK)),
    Pair("table-cell", "a time with a zone", steps("Given rows of a table", "  | order | posted |", "  | A | ▲2026-05-03 23:00Z |", *CHECK), steps("Given rows of a table", "  | order | posted |", "  | A | 2026-05-03 23:00 |", *CHECK)),
    Pair("table-cell", "a time from a row of Examples", outline("|at|\n|2026-05-03 23:59|\n|▲2026-05-03 24:00|", "Given rows of a table", "  | order | posted |", "  | A | <at> |", *CHECK),
         outline("|at|\n|2026-05-03 23:59|\n|2026-05-04 00:00|", "Given rows of a table", "  | order | posted |", "  | A | <at> |", *CHECK)),
    Pair("table-cell", "an empty cell from a row of Examples", outline("|at|\n|-|\n|▲|".replace("▲|", " ▲|"), "Given rows of a table", "  | order | posted |", "  | A | <at> |", *CHECK),
         outline("|at|\n|-|", "Given rows of a table", "  | order | posted |", "  | A | <at> |", *CHECK)),
    Pair("impossible-value", "a day in a step", steps("▲Given it is 2026-02-30", *CHECK), steps("Given it is 2026-03-30", *CHECK)),
    Pair("impossible-value", "a day from a row of Examples", outline("|day|\n|2026-04-30|\n|▲2026-04-31|", "Given it is <day>", *CHECK), outline("|day|\n|2026-04-30|\n|2026-05-31|", "Given it is <day>", *CHECK)),
    Pair("syntax", "ragged table", steps("Then the tasks are", "  | a | b |", "  ▲| a |"), steps("Then the tasks are", "  | a | b |", "  | a \\| | |")),
    Pair("syntax", "text after a step", steps("Given an order", "▲and so it goes on for long", "Then it is allowed").replace("and so", "thus"), steps("Given an order", "# thus", "Then it is allowed")),
    Pair("merge-conflict", "in the steps", steps("▲<<<<<<< HEAD", "Given an order", "=======", "Given a red order", ">>>>>>> other", *CHECK), steps("Given an order", *CHECK)),
    Pair("merge-conflict", "in a description", "Feature: F\n\n▲<<<<<<< HEAD\n  Mine.\n=======\n  Theirs.\n>>>>>>> other\n" + steps(*CHECK).partition("\n")[2],
         "Feature: F\n\n  Heading\n  =======\n  This is <<<<<<< or >>>>>>>.\n" + steps(*CHECK).partition("\n")[2]),
    Pair("merge-conflict", "the first mark is left", steps(*CHECK) + "\n▲<<<<<<< HEAD\n", steps(*CHECK)),
    Pair("merge-conflict", "the last mark is left", steps(*CHECK).replace("\n\n", "\n\n  This is it.\n▲>>>>>>> other\n"), steps(*CHECK).replace("\n\n", "\n\n  This is it.\n  > > > > > > > other\n")),
    Pair("merge-conflict", "with three versions", steps("▲<<<<<<< HEAD", "Given an order", "||||||| base", "=======", "Given a red order", ">>>>>>> other", *CHECK), steps("Given an order", *CHECK)),
    Pair("syntax", "a second feature", steps(*CHECK) + "\n▲Feature: G\n", steps(*CHECK, "# Feature: G")),
    Pair("syntax", "a second feature in another language", steps(*CHECK) + "\n▲Funktionalität: G\n", steps(*CHECK, "# Funktionalität: G")),
    Pair("misspelt-keyword", "a second feature below the name of the first", "Feature: E\n▲Feature: F\n" + steps(*CHECK).partition("\n")[2],
         "Feature: E\n# Feature: F\n" + steps(*CHECK).partition("\n")[2]),
    Pair("misspelt-keyword", "a Background inside a scenario", steps("▲Background:", *CHECK), "Feature: F\n  Background:\n    Given an order\n" + steps(*CHECK).partition("\n")[2]),
    Pair("syntax", "the country of a language", "▲# language: gr\nFeature: F\n", "# language: en\n" + steps(*CHECK)),
    Pair("syntax", "a keyword of another language", "# language: uk\n▲Feature: F\n", "# language: en\n" + steps(*CHECK)),
    Pair("syntax", "unknown language", "▲# language: frr\nFeature: F\n", "# language: en\n" + steps(*CHECK)),
    Pair("syntax", "doc string without an end", steps("Given the note", '  ▲"""', "  a", "Then it is allowed"), steps("Given the note", '  """', "  a", '  """', "Then it is allowed")),
    Pair("empty-feature", "nothing at all", "▲", steps(*CHECK)),
    Pair("empty-feature", "a comment only", "▲# nothing\n", "# something\n" + steps(*CHECK)),
    Pair("empty-feature", "no scenario", "▲Feature: F\n", steps(*CHECK)),
    Pair("empty-feature", "a rule without scenario", steps(*CHECK) + "\n  ▲Rule: R\n", steps(*CHECK) + "\n  Rule: R\n    Scenario: T\n      Then it is allowed\n"),
    Pair("regex-header", "", outline("|▲(a+)+|\n|PACKED|", "Given the order is <(a+)+>", *CHECK), outline("|the stage_1-a|\n|PACKED|", "Given the order is <the stage_1-a>", *CHECK)),
    Pair("duplicate-row", "", outline("|stage|\n|PACKED|\n▲|PACKED|", *STAGED), outline("|stage|\n|PACKED|\n|CREATED|", *STAGED)),
    Pair("first-step", "And", steps("▲And an order", *CHECK), steps("Given an order", *CHECK)),
    Pair("first-step", "after a background",
         plain("""
           Background:
             Given an order
           Scenario: S
             ▲* an order
             Then it is allowed
         """),
         plain("""
           Background:
             Given an order
             * an order
           Scenario: S
             Given an order
             * an order
             Then it is allowed
         """)),
    Pair("too-large", "step", steps(f"▲Given the order is {'A' * 300}", *CHECK), steps("Given the order is PACKED", *CHECK)),
    Pair("too-large", "line", steps("# " + "a" * 1994 + "▲b", *CHECK), steps("# " + "a" * 1994, *CHECK)),
    Pair("too-large", "rows", outline("|stage|\n" + "|PACKED|\n" * 2000 + "▲|CREATED|", *STAGED), outline("|stage|\n|PACKED|\n|CREATED|", *STAGED)),
    Pair("too-large", "rows of a table", steps("Then the tasks are", "  | a |", *["  | b |"] * 2000, "  ▲| c |"), steps("Then the tasks are", "  | a |", *["  | b |"] * 2000)),
    Pair("too-large", "lines", steps(*CHECK) + "\n" * 19995 + "▲\n", steps(*CHECK) + "\n" * 19995),
    Pair("too-large", "an outline once it is filled", outline("|stage|\n" + "\n".join(f"|{n:01900}|" for n in range(200)), "Given the note", '  """', "  " + "<stage>" * 100, '  """', *CHECK).replace("Scenario Outline", "▲Scenario Outline"),
         outline("|stage|\n|PACKED|", "Given the note", '  """', "  " + "<stage>" * 100, '  """', *CHECK)),
    Pair("too-large", "columns", outline(WIDE + "▲c41|\n|PACKED|" + "a|" * 40, *STAGED, "And the tasks are", *("  |" + f"<c{n}>|" for n in range(2, 42))),
         outline(WIDE + "\n|PACKED|" + "a|" * 39, *STAGED, "And the tasks are", *("  |" + f"<c{n}>|" for n in range(2, 41)))),
    Pair("idle-value", "", steps("▲Given a lamp of 0 watts", "When the light is switched on", "Then it glows"),
         steps("Given a lamp of 5 watts", "When the light is switched on", "Then it glows")),
    Pair("idle-value", "in every row", outline("|watts|\n|0|", "▲Given a lamp of <watts> watts", "When the light is switched on", "Then it glows"),
         outline("|watts|\n|0|\n|5|", "Given a lamp of <watts> watts", "When the light is switched on", "Then it glows")),
    Pair("unread-fact", "", steps("Given a light that is red", "▲And a power of 3", "When the light is switched on", "Then it glows"),
         steps("Given a light that is red", "When the light is switched on", "Then it glows")),
    Pair("doubled-fact", "", steps("Given a light that is red", "▲And a light that is blue", "When the light is switched on", "Then it glows"),
         steps("Given a light that is blue", "When the light is switched on", "Then it glows")),
    Pair("doubled-fact", "a value that is changed twice", steps("Given a power of 9", "And 1 of the power is used", "▲And 2 of the power is used", "Then the power is 6"),
         steps("Given a power of 9", "And half of the power is used", "And 2 of the power is used", "Then the power is 6")),
    Pair("late-fact", "", steps("Given half of the power is used", "▲And a power of 3", "Then the power is 1"),
         steps("Given a power of 3", "And half of the power is used", "Then the power is 1")),
    Pair("restated-fact", "", steps("Given a light that is red", "When the light is switched on", "Then it glows", "▲And the light is red"),
         steps("Given a light that is red", "When the light is switched on", "Then it glows")),
    Pair("step-order", "", steps("When the seller cancels", "▲Given an order", "Then it is allowed"), steps("Given an order", "When the seller cancels", "Then it is allowed")),
    Pair("no-version", "in no version", "@since-clients_v2 ▲@until-clients_v1\n" + steps(*CHECK), "@until-clients_v1\n" + steps(*CHECK)),
    Pair("no-version", "in no version, on a scenario", "@until-clients_v1\n" + steps(*CHECK).replace("  Scenario", "  ▲@since-clients_v2\n  Scenario"),
         "@until-clients_v2\n" + steps(*CHECK).replace("  Scenario", "  @since-clients_v2\n  Scenario")),
    Pair("no-version", "in every version", "▲@since-clients_v1\n" + steps(*CHECK), "@since-clients_v2\n" + steps(*CHECK)),
    Pair("unknown-tag", "the tag of a version that is misspelt", "▲@since-client_v2\n" + steps(*CHECK), "@since-clients_v2\n" + steps(*CHECK)),
    Pair("unknown-tag", "an id of a later version", "▲@SC-NEW-1\n" + steps(*CHECK), "@SC-NEW-1 @since-clients_v2\n" + steps(*CHECK)),
    Pair("unknown-tag", "no id, in a later version", "▲@skip @since-clients_v2\n" + steps(*CHECK), "@GAP-99 @since-clients_v2\n" + steps(*CHECK)),
    Pair("undefined-step", "words of a later version", steps("▲When the seller sings", *CHECK), "@since-clients_v2\n" + steps("When the seller sings", *CHECK)),
    Pair("no-then", "in a later version too", "@since-clients_v2\n" + steps("When the seller cancels").replace("Scenario", "▲Scenario"), "@since-clients_v2\n" + steps(*CHECK)),
    Pair("no-when", "", steps("Given a light that is red", "▲Then the light is red"), steps("Given a power of 3", "Then the power is 3")),
    Pair("doubled-example", "", steps(*CHECK) + "\n  ▲Scenario: T\n    When the seller cancels\n    Then it is allowed\n",
         steps(*CHECK) + "\n  Scenario: T\n    When the seller cancels\n    Then it is refused\n"),
    Pair("no-name", "", plain("▲Scenario:\n  Then it is allowed"), plain("Scenario: 1\n  Then it is allowed")),
    Pair("step-like-prose", "", steps("▲- Given an order that is early", *CHECK), steps("Of an early order:", *CHECK)),
    Pair("idle-tag", "", "▲@GAP-14\n" + steps(*CHECK), "@GAP-14\n" + ABOUT_GAP_14),
    Pair("wrong-reading", "", "▲@as-written\n" + steps(*CHECK), steps(*CHECK)),
]  # fmt: skip
