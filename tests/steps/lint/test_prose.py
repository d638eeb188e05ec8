"""Lines above the first step that look like steps, and ordinary sentences that do not."""

import pytest

from tests.support.lint_inputs import CANCEL, CASE, ERP, Input, check, findings, id_of, scenario

STEP = "the order is packed"
MARKS = [
    "→", "⇒", "✓", "✔", "✅", "☐", "☑", "◦", "➤", "▶", "►", "■", "★", "👉", "•", "‣", "·", "-", "+", ">", "~", "=>", "->", "\u2013", "①",
    "1.", "1)", "(1)", "1:", "1.2.", "a)", "a.", "(b)", "i.", "ii.", "iv)", "(iii)", "Step 1:", "Step two -", "Test step 3.", "[ ]", "[x]",
    "&bull;", "&#8226;", "&rarr;", "&middot;", "<li>", "<ul><li>", "<td>", "- [ ]", "→ 1.",
    "»", "\u203a", "Ⅱ", "Ⅳ.", "\u2010", "\u2015", "o", "x", "::", ";", "AC1", "a", "§§", "!",
]  # fmt: skip
CLAIMS = [
    "Make sure that {}", "Make sure {}", "Please make sure that {}", "Be sure that {}", "Confirm that {}", "Confirm {}", "Confirms that {}",
    "It should be so that {}", "It shall be refused", "The order should be refused", "The seller and Ajio should know", "There should be none",
    "I expect that {}", "We expect that {}", "You should see that {}", "I would expect a refusal", "We want nothing. It should be refused",
    "Provided that {}", "Provided {}", "Providing that {}", "Assuming {}", "Assuming that {}", "Presuming {}", "Supposing {}", "On condition that {}",
    "Granted that {}", "Assume that {}", "Suppose {}", "Let's assume that {}", "Imagine {}", "Check that {}", "Also check whether {}",
    "Please verify that {}", "Validate that {}", "Test that {}", "Prove that {}", "See that {}", "It is expected that {}", "It's assumed that {}",
    "Expected outcome: {}", "Actual result: {}", "Test steps: {}", "An order waits. Make sure that {}",
    "Make certain that {}", "Be certain that {}", "We then check that {}", "We will finally check that {}", "Double-check that {}",
    "Double check the order", "Cross-check that {}", "Recheck that {}", "Must be CANCELLED.", "Should be CANCELLED.", "Shall be refused.",
    "Must not be PACKED.", "Ought to be CANCELLED.", "There must not be an open duty.", "There has to be a report.", "The order must be CANCELLED.",
    "The order has to be CANCELLED.", "The order will be CANCELLED.", "I want the order to be CANCELLED.", "We need its units to be zero.",
    "We'd like that {}", "Test: {}", "Test 1: {}", "AC1: {}", "AC-2: {}", "Check: {}", "Requirement 3: {}", "Acceptance: {}", "Verified: {}",
    "Guarantee that {}", "Guarantee {}", "Require that {}", "Require {}", "Prove {}", "Establish that {}", "Establish {}", "Ascertain that {}",
    "Certify that {}", "We require that {}", "It is required that {}", "It is necessary that {}", "It's essential that {}", "Expect a few orders",
    "Verified that {}", "We have nothing; {}", "First, it waits; next, {}", "Suppose the seller cancels.", "Imagine the seller cancels.",
]  # fmt: skip
CONDITIONS = [
    "If the order is PACKED, it cannot be cancelled.", "If the order is PACKED it cannot be cancelled.", "If it is PACKED, the request is refused.",
    "If the order is packed, the request is refused.", "If the order is packed, then the request is refused.", "If it has left, then it is gone.",
    "If the order is PACKED,\nthe request is refused.", "Even if the order is PACKED, it stays.",
    "As soon as the order is PACKED, it cannot be cancelled.", "As soon as the order is packed.", "As soon as the order is packed, the order is PACKED.",
    "Once the order is PACKED, the seller cannot cancel it.", "Once the order is packed, then it cannot be cancelled.", "Once it is gone, then nothing can be done.",
    "Once the order is packed", "Whenever the order is PROCESSING, Ajio may cancel.", "Whenever the order is packed, the request is refused.",
    "Unless the order is PACKED, the seller can cancel it.", "Unless the order is packed, the request is allowed.", "Unless the order is packed.",
    "Unless it is still PROCESSING, nothing happens.", "Provided that the order is PACKED, the request is refused.", "Provided the order is PACKED, nothing follows.",
    "Provided that the order is packed, then the request is refused.", "Assuming that the order is CANCELLED, it is over.", "Until the order is PACKED, it can be cancelled.",
    "In case the order is PACKED, the request is refused.", "In the event that it is PACKED, the request is refused.", "As long as it is PROCESSING, it can be cancelled.",
    "Only if the order is PACKED, it stays.", "The moment the order becomes PACKED, it stays.", "Before the order is PACKED, it can be cancelled.",
    "After the order is packed, the request is refused.", "Every time the order is packed, the client has no open duty.", "An order waits. If it is PACKED, it stays.",
    "The request is refused if the order is packed.", "The client has no open duty once the order is packed.", "The request is allowed, unless the order is packed.",
    "No duty may be open.", "No open duty may remain.", "No unit may be left.", "Nothing may be open.", "None of the duties may be open.", "No credit note must be missing.",
    "No order has to be on hold.", "Neither duty may remain open.", "No duty is to be open.", "Finally, no duty may be open.",
]  # fmt: skip
CONDITIONS += [
    "Since the order is PACKED, it is refused.", "Because the order is PACKED, the request is refused.", "Where the order is PACKED, it stays.",
    "Now that the order is PACKED, it stays.", "From the moment the order is PACKED, it stays.", "The instant the order is PACKED, it stays.",
    "Should the order be PACKED, it is refused.", "With the order PACKED, nothing can be cancelled.", "Were the order to be PACKED, it would stay.",
    "Except when the order is PACKED, it can be cancelled.", "It is impossible if the order is PACKED.", "Nothing can be done once the order is PACKED.",
    "It can be cancelled, unless the order is PACKED.", "By the time the order is PACKED, it is too late.",
]  # fmt: skip
CLAIMS += [
    "No duty is open.", "There are no open duties.", "There is no open duty.", "There may be no open duty.", "There must be no open duty.",
    "Nobody may have an open duty.", "No one has an open duty.", "Open duties must not exist.", "An open duty may not remain.", "Every duty must be closed.",
    "All duties have to be done.", "Each unit must be cancelled.", "The stage must read PACKED.", "The stage must say PACKED.", "The order must become PACKED.",
    "Let the order be PACKED.", "Let there be an order.", "Take an order that is PACKED.", "Consider an order that is DISPATCHED.", "No unit is missing.",
]  # fmt: skip
AROUND = [
    "[Given] {}", "(Given {})", '"Given {}"', "\u201cGiven {}\u201d", "'Given {}'", "\u2018{}\u2019", "({}.)", '"{}."', "[{}]", "{{{}}}", "«{}»", "~~Given {}~~", "~~{}~~",
    "\u2014 {} \u2014", "Thus {}", "Hence, {}", "Therefore {}", "Consequently {}", "As a result, {}", "Accordingly, {}", "Todo: Then {}", "Note: {}", "N.B.: {}",
    "the  order  is  packed", "The order is PACKED and its e-invoice is pushed.", "The order is PACKED, and the order is CANCELLED.",
    "stage: PACKED", "Stage = PACKED", "PACKED -> refused", "PACKED → refused", "PACKED => refused",
]  # fmt: skip
KEYWORDS = [
    "GIVEN {}", "WHEN {}", "THEN {}", "AND {}", "GIVEN: {}", "**Given** {}", "__Then__ {}", "`When` {}", "<b>Given</b> {}", "<p>Given {}</p>",
    "Gegeben sei {}", "Angenommen {}", "Wenn {}", "Dann {}", "Étant donné {}", "Soit {}", "Quand {}", "Alors {}", "Dado {}", "Cuando {}",
    "Entonces {}", "Dato {}", "Allora {}", "Gegeven {}", "Wanneer {}", "Допустим {}", "Если {}", "Тогда {}", "假如{}", "もし{}", "Dann: {}",
    "An order waits. GIVEN {}",
]  # fmt: skip


@pytest.mark.parametrize(
    "line", [*(f"{mark} {STEP}" for mark in MARKS), *(line.format(STEP) for line in (*CLAIMS, *CONDITIONS, *AROUND, *KEYWORDS))]
)
def test_above_the_steps_of_a_scenario_it_looks_like_a_step(line: str) -> None:
    [(rule, at, column)] = findings(scenario(CASE, text=line))

    assert (rule, at, column) in {("step-like-prose", 4, 5), ("misspelt-keyword", 4, 5)}


@pytest.mark.parametrize("line", ["→ {}", "ii. {}", "Make sure that {}", "Dann {}", "GIVEN {}", "&bull; {}"])
def test_so_it_does_above_the_rows_of_examples(line: str) -> None:
    text = scenario(CASE.replace("PACKED", "<stage>"), examples=f"{line.format(STEP)}\n| stage |\n| PACKED |")

    assert [rule for rule, *_ in findings(text)] == ["step-like-prose"]


STORIES = {
    "capitals": ["GIVEN an order", "WHEN it is packed", "THEN it is refused"],
    "small letters": ["given an order", "when it is packed", "then it is refused"],
    "arrows": ["→ Given an order", "→ When it is packed", "→ Then it is refused"],
    "Roman numbers": ["i. Given an order", "ii. When it is packed", "iii. Then it is refused"],
    "HTML": ["<li>Given an order</li>", "<li>When it is packed</li>", "<li>Then it is refused</li>"],
    "German": ["Angenommen eine Bestellung", "Wenn sie gepackt ist", "Dann wird sie abgelehnt"],
    "French": ["Soit une commande", "Quand elle est emballée", "Alors elle est refusée"],
    "a list in German": ["- Angenommen eine Bestellung", "- Wenn sie gepackt ist", "- Dann wird sie abgelehnt"],
}


@pytest.mark.parametrize("story", STORIES)
def test_below_a_feature_a_story_of_steps_looks_like_steps(story: str) -> None:
    lines = "\n".join(f"  {line}" for line in STORIES[story])

    problems = findings(scenario(CASE).replace("Feature: F\n", f"Feature: F\n\n{lines}\n"))

    assert [(rule, line) for rule, line, _ in problems] == [("step-like-prose", line) for line in (3, 4, 5)]


DESCRIPTIONS = [
    "* If the order is PACKED, it is refused", "- Once the order is DISPATCHED, it stays", "1. Should the order be PACKED, it stays",
    "* Unless it is PACKED, it can be cancelled", "| the order | PACKED |", "| PACKED | refused |", "| stage | `PACKED` |", "Steps:", "**Steps:**", "Test steps:",
]  # fmt: skip


@pytest.mark.parametrize("line", DESCRIPTIONS)
def test_below_a_feature_it_looks_like_a_step(line: str) -> None:
    problems = findings(scenario(CASE).replace("Feature: F\n", f"Feature: F\n\n  {line}\n\n  The order stays.\n"))

    assert [(rule, line) for rule, line, _ in problems] == [("step-like-prose", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "* If in doubt, ask Ajio", "If the order is PACKED, it is refused.", "| stage | answer |\n  |---|---|\n  | PACKED | refused |",
        "| one | two |", "Steps: see the SOP.", "* PACKED is a stage", "* the order, which may be PACKED",
    ],
)  # fmt: skip
def test_below_a_feature_it_does_not(text: str) -> None:
    assert findings(scenario(CASE).replace("Feature: F\n", f"Feature: F\n\n  {text}\n")) == []


SENTENCES = [
    "Assuming the order is packed, it cannot be cancelled.", "Assuming the order is packed, it\ncannot be cancelled.",
    "Assuming that it is packed,\nthe order cannot be cancelled.", "Provided that the order is packed, the request is refused.",
    "Provided the box is closed, Ajio cannot cancel it.", "The request is refused,\nprovided that the order is packed.",
    "It is refused.", "The SOP says that it should be refused.", "The SOP says that the order\nshould be refused.",
    "The order that should be packed is late.", "It should be refused, but the engine allows it.", "You must ask Ajio.",
    "They check that the box is closed.", "We act on it.", "Results are in the log.", "Actual results differ.", "Steps are many.",
    "Provided e-invoices are listed.", "Granted requests are listed.", "Checks are made by the ERP.", "Tests of this are elsewhere.",
    "1.5 times as many orders.", "2026 was the year.", "½ of the orders are late.", "≥ 30 days are late.", "± 5 minutes are allowed.",
    "₹ 500 is the price.", "<stage> is what counts.", "*Packed* means that the box is closed.", "`PACKED` is a stage.",
    '"Packed" is a word.', "(This is an aside.)", "… and then some.", "© Ajio", "° is a sign.", "I. e. packed.",
    "Data are kept for a year.", "Date and time count.", "Dan packs the order.", "Men and women pack it.", "An order → a box.",
    "E-invoices are made.", "A part (a) is cancelled.", "As soon as it is packed, it leaves.", "So it is.",
    "We expect few such orders in practice.", "We expect most of them in May.", "It is expected by the SOP that nothing follows.",
    "It was verified by the client.", "No one should read this as a duty.", "This should be read beside GAP-02.", "It should be compared with GAP-02.",
    "The two should not be confused.", "Verified with the client in May.", "Expected times are long.", "Suppose it is Friday; the ERP then rests.",
    "Suppose it is Friday, the ERP rests.", "Imagine a seller in a hurry.", "Suppose a seller without a box.", "Imagine a busy Friday.",
    "→ is not used here.", "→ means that it is early.", "✓ stands for yes.", "■ marks an item.", "Ⅱ is a number.", "Must the client act?",
    "Should the SOP change, this changes.", "There must have been a reason.", "There may be an open duty.", "The client acts; the seller waits.",
    "Tests are elsewhere.", "Requirements differ.", "I want to know more.", "We need a report.", "AC is short for criterion.", "X cancels, Y waits.",
    "If in doubt, ask Ajio.", "If the SOP changes, this changes too.", "If it is late, the seller calls Ajio.", "As soon as Ajio knows it, the order ends.",
    "Once packed, orders leave within a day.", "Once a week, the report is read.", "Unless stated otherwise, times are in India.", "Until then nothing happens.",
    "If not, nothing follows.", "In case of doubt the SOP counts.", "Whenever the ERP is down, orders wait.", "Before noon, few orders leave.",
    "The seller calls if a box is open.", "Ajio waits until the box is closed.", "It can be cancelled as long as the box is open.", "The order is cancelled while it is PROCESSING.",
    "PACKED is a stage; if it is reached, the box is closed.", "No duty follows.", "No one may know.", "No order may be cancelled twice.", "Nothing may be inferred from this.",
    "No unit is left out.", "No clause may be read alone.", "The name may be empty.", "Nobody can be sure.", "After packing, nothing can be cancelled, then or later.",
    "Provided that it is packed, the order stays.", "If the order is on its way, it comes back.", "As long as the SOP is silent, we assume this.",
    "\u2014 an aside \u2014", "\u2013 and this, too \u2013", "None of this may be new to you.", "Suppose a parcel is lost: the SOP is silent.",
    "There must be a reason, but the SOP gives none.", "Since May, few orders are late.", "Because of this, Ajio asks.", "Where the SOP is silent, we ask.",
    "Now that this is clear, read on.", "With this, the order ends.", "Should the SOP be silent, we ask.", "Let us be clear.", "Take your time.",
    "Take a look at the report.", "Consider the seller's side.", "No answer is final.", "There are no examples of this.", "There is no clause about it.",
    "Every clause must be read.", "Each of them must be approved by Ajio.", "Open questions are listed.", "Nobody may read it otherwise.", "The final stages: COMPLETED and CANCELLED.",
    "See why the order is packed.", "Why the cancellation is refused is said in the SOP.", "How the order is packed does not matter.", "The (packed) order stays.",
    "The cancellation is refused and nobody knows why.", "PACKED and DISPATCHED are stages.", "Stages: see the SOP.", "Note: this is as practised.",
    "Guarantee periods differ.", "Established sellers know this.", "Double entries are rare.", "It is necessary to wait.", "O is a letter.",
]  # fmt: skip


@pytest.mark.parametrize("text", SENTENCES)
def test_an_ordinary_sentence_does_not(text: str) -> None:
    assert findings(scenario(CASE, text=text)) == []


@pytest.mark.parametrize(
    "reason", ["The request should be refused; the engine allows it.", "If the order is PACKED, the engine allows it."]
)
def test_the_reason_of_a_known_failure_may_say_what_should_be(reason: str) -> None:

    assert findings(scenario(CASE, head="@expected-to-fail", text=reason)) == []
    assert [rule for rule, *_ in findings(scenario(CASE, text=reason))] == ["step-like-prose"]


@pytest.mark.parametrize("line", ["Given an order", "When it is packed", "Then it is refused"])
def test_english_steps_in_prose_of_another_language(line: str) -> None:
    german = f"# language: de\nFunktion: F\n\n  Szenario: S\n    {line}\n    Angenommen an order invoiced through the client's ERP\n"

    assert ("step-like-prose", 5, 5) in findings(german)


PROSE = [
    Input("step-like-prose", "a bullet", scenario(CASE, text="▲- the order is PACKED"), scenario(CASE, text="The warehouse has packed it.")),
    Input("step-like-prose", "a number", scenario(CASE, text="▲1. The seller opens the screen"), scenario(CASE, text="The seller opens the screen.")),
    Input("step-like-prose", "a number in brackets", scenario(CASE, text="▲(2) ask Ajio"), scenario(CASE, text="In 2 of 3 cases it asks Ajio.")),
    Input("step-like-prose", "a letter", scenario(CASE, text="▲a) ask Ajio"), scenario(CASE, text="A part is not cancelled.")),
    Input("step-like-prose", "Expect", scenario(CASE, text="▲Expect the request to be refused."), scenario(CASE, text="One expects the request to be refused.")),
    Input("step-like-prose", "Expected, with a colon", scenario(CASE, text="▲Expected: refused"), scenario(CASE, text="The outcome is as the SOP says.")),
    Input("step-like-prose", "Verify that", scenario(CASE, text="▲Verify that nothing is left to do."), scenario(CASE, text="Nothing is left to do.")),
    Input("step-like-prose", "Precondition", scenario(CASE, text="▲Precondition: the order is on hold"), scenario(CASE, text="The order may be on hold.")),
    Input("step-like-prose", "a step sentence without its keyword", scenario(CASE, text="▲The order is PACKED."), scenario(CASE, text="The order is packed, that is.")),
    Input("step-like-prose", "a keyword in bold", scenario(CASE, text="▲**Given** the order is on hold"), scenario(CASE, text="The order is **on hold**.")),
    Input("step-like-prose", "a box to tick", scenario(CASE, text="▲[ ] it is refused"), scenario(CASE, text="It is [refused].")),
    Input("step-like-prose", "a typographic bullet", scenario(CASE, text="▲• it is refused"), scenario(CASE, text="It is refused, always.")),
    Input("step-like-prose", "a bullet in a Background",
          f"Feature: F\n\n  Background:\n    ▲- as practised\n    {ERP}\n\n  Scenario: S\n    Given the order is PACKED\n    {CANCEL}\n    Then the cancellation is refused\n",
          f"Feature: F\n\n  Background:\n    As practised.\n    {ERP}\n\n  Scenario: S\n    Given the order is PACKED\n    {CANCEL}\n    Then the cancellation is refused\n"),
    Input("step-like-prose", "a list of steps in a Rule",
          "Feature: F\n\n  Rule: R\n    - the order of a seller\n    ▲- the order is PACKED\n\n" + scenario(CASE).partition("\n\n")[2],
          "Feature: F\n\n  Rule: R\n    - the order of a seller\n    - an order of Ajio\n\n" + scenario(CASE).partition("\n\n")[2]),
]  # fmt: skip


@pytest.mark.parametrize("case", PROSE, ids=id_of)
def test_prose_is_reported_at_its_place(case: Input) -> None:
    check(case)
