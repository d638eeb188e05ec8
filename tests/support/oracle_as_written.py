"""A second reading of the SOP as written: one plain function, from the source text alone.

It imports nothing of the engine. The numbers are lines of the source document; a comment quotes at most six words in a row.

Conventions, which are ours and not the text's:

- A refusal and a failure on screen leave nothing to do: ``[]``.
- A section under RMS that allows a cancellation is complete as an instruction while there is no e-invoice: ``[]``.
  With an e-invoice it says nothing of it: ``None``, open. No section under ERP is completed like this.
- CANCELLED is open everywhere: unspecified, ``None``.
- An e-invoice state implies the ones before it: a generated or pushed invoice belongs to an order that was posted.
- Each task has the force of its own verb ("can" is may), also below a heading that says that the steps are to be performed.
- The steps of Ajio's partial cancellation under ERP fall due when packing fails, all others now.

Rulings on the stages:

- "After PACKED" covers READY_TO_DISPATCH and COMPLETED too; "till" or "upto" PACKED covers every earlier stage.
- "No support" without a stage covers all stages; "once moved in PROCESSING" covers PROCESSING and later.
- A stage that a sentence names as its condition is not widened: before FULFILLABLE the text is silent on the seller under ERP.
- Exactly at PACKED the text's "after" applies, and its "till" has ended: an order of that stage is packed, 65 and 71 put the same
  limit as "after packing", and 95 has "upto packing" beside "after the order is PACKED". No third state is left between the two.
- "Till" alone is the end of a permission, not a refusal: where no sentence is about the time after (115, 119), it is unspecified.
"""

from typing import NamedTuple

STAGES = ("CREATED", "UNFULFILLABLE", "FULFILLABLE", "PROCESSING", "PACKED", "READY_TO_DISPATCH", "COMPLETED", "CANCELLED")
E_INVOICES = ("not posted", "posted", "generated", "pushed")
BEFORE_PACKED = STAGES[:4]
FROM_PROCESSING = STAGES[3:7]
FROM_PACKED = STAGES[4:7]

NOW = "now"
WHEN_PACKING_FAILS = "when packing fails"


class Task(NamedTuple):
    """One task, with its force and when it falls due."""

    modality: str
    task: str
    when: str


class Answer(NamedTuple):
    """What the text says of one case.

    `tasks` is ``[]`` for nothing to do and ``None`` where the text leaves it open. The lines are those of the source that the
    outcome and the tasks rest on; a convention alone has no line.
    """

    outcome: str
    tasks: list[Task] | None
    outcome_lines: tuple[int, ...] = ()
    tasks_lines: tuple[int, ...] = ()


class ReturnAnswer(NamedTuple):
    """What the text says of one returned unit: the tasks it names in its order, and how far it binds the seller to them.

    `tasks` is ``None`` where the force is open; `named` are then the tasks that the text mentions, `alternatives` those of them
    that it sets against each other, `manner` how they are done.
    """

    tasks: list[Task] | None
    named: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, ...], ...] = ()
    manner: str = ""
    lines: tuple[int, ...] = ()


def as_written(canceller: str, scope: str, invoicing: str, stage: str, e_invoice: str) -> Answer:
    """Return the outcome and the tasks that the text itself gives for a case."""
    if stage == "CANCELLED":
        return unspecified()  # no line names an order that is cancelled already
    if invoicing == "RMS":
        return _under_rms(canceller, scope, stage, e_invoice)
    section = {
        ("seller", "full"): _seller_full_under_erp,
        ("seller", "partial"): _seller_partial_under_erp,
        ("Ajio", "full"): _ajio_full_under_erp,
        ("Ajio", "partial"): _ajio_partial_under_erp,
    }[canceller, scope]
    return section(stage, e_invoice)


def unspecified() -> Answer:
    """Return the answer to a case that no line covers."""
    return Answer("unspecified", None)


def refused(*lines: int) -> Answer:
    """Return a refusal by the lines; by convention it leaves nothing to do."""
    return Answer("refused", [], lines)


def report_and_credit_note(when: str) -> list[Task]:
    """Return the steps of lines 27 and 29, in the same words in 39 and 41, 87 and 89, 107 and 109."""
    return [
        Task("may", "download-report", when),  # "Clients can download reports"
        Task("must", "credit-note", when),  # "have to manually generate"
        Task("need-not", "share-credit-note", when),  # "no need to share it"
    ]


def _seller_full_under_erp(stage: str, e_invoice: str) -> Answer:
    """Return the answer of lines 19 to 43."""
    if stage == "FULFILLABLE":
        return _seller_full_at_fulfillable(e_invoice)
    if stage == "PROCESSING":
        # 35: "allowed till order is PACKED", whatever the e-invoice; the steps have one case.
        if e_invoice == "pushed":  # 37: "generated in ERP and pushed"
            return Answer("allowed", report_and_credit_note(NOW), (35,), (37, 39, 41))
        return Answer("allowed", None, (35,))  # nothing like 31 and 33 stands here
    if stage in FROM_PACKED:  # 43: "no full order seller cancellation supported"
        return refused(43)
    return unspecified()  # CREATED, UNFULFILLABLE: 23 and 35 name other stages as their condition


def _seller_full_at_fulfillable(e_invoice: str) -> Answer:
    """Return the answer of lines 23 to 33: allowed whatever the e-invoice, then two cases for the tasks."""
    # 23: "FULFILLABLE then Full order cancellation is"
    if e_invoice == "generated":  # 25: "generated in ERP but not pushed"
        return Answer("allowed", report_and_credit_note(NOW), (23,), (25, 27, 29))
    if e_invoice in {"not posted", "posted"}:  # 31: "still not generated"; 33: "No action to be made"
        return Answer("allowed", [], (23,), (31, 33))
    return Answer("allowed", None, (23,))  # pushed is in neither of the two cases


def _seller_partial_under_erp(stage: str, e_invoice: str) -> Answer:
    """Return the answer of lines 45 to 57."""
    if stage == "FULFILLABLE":
        if e_invoice == "not posted":  # 53: "not posted to ERP"; 55: "supported here", and not a word of tasks
            return Answer("allowed", None, (53, 55))
        # 47: "allow the seller/user to request", "can result in error on UI"; 49: "posted to ERP"; 51: "not supported here"
        return Answer("fails on screen", [], (47, 49, 51))
    if stage in FROM_PROCESSING:  # 57: "not supported once order"
        return refused(57)
    return unspecified()  # CREATED, UNFULFILLABLE: 47 names FULFILLABLE as its condition, 57 begins later


def _ajio_full_under_erp(stage: str, e_invoice: str) -> Answer:
    """Return the answer of lines 79 to 95."""
    if stage in FROM_PACKED:  # 95: "there will be no Ajio Business"
        return refused(95)
    # 95: "can happen at Ajio upto packing", at every earlier stage and whatever the e-invoice.
    if e_invoice == "not posted":  # 83: "If Increff has posted", so its scenarios are not for this order
        return Answer("allowed", None, (95,))
    if e_invoice == "posted":  # 91: "still not generated"; 93: "No action to be made"
        return Answer("allowed", [], (95,), (83, 91, 93))
    # 85: "E-Invoice is generated in ERP", pushed or not
    return Answer("allowed", report_and_credit_note(NOW), (95,), (83, 85, 87, 89))


def _ajio_partial_under_erp(stage: str, _e_invoice: str) -> Answer:
    """Return the answer of lines 97 to 109, in which nothing depends on the e-invoice."""
    if stage in FROM_PACKED:  # 101: "no support for handling Partial"; its "during packing" is over
        return refused(101)
    # 101: "during packing an error will be"; "below steps need to be performed"
    steps = [
        Task("must", "ask-ajio-to-cancel", WHEN_PACKING_FAILS),  # 103: "Ask the Ajio team to cancel"
        Task("must", "cancel-in-assure", WHEN_PACKING_FAILS),  # 105: "Cancel these orders from Assure"
        *report_and_credit_note(WHEN_PACKING_FAILS),
    ]
    return Answer("fails at packing", steps, (101,), (101, 103, 105, 107, 109))


def _under_rms(canceller: str, scope: str, stage: str, e_invoice: str) -> Answer:
    """Return the answer of lines 59 to 71 and 111 to 119: four sections alike, but the seller's two also say what follows packing."""
    allowed_line, after_line = {
        ("seller", "full"): (63, 65),
        ("seller", "partial"): (69, 71),
        ("Ajio", "full"): (115, None),
        ("Ajio", "partial"): (119, None),
    }[canceller, scope]
    if stage in BEFORE_PACKED:  # 63, 69: "allowed till order is PACKED"; 115, 119: "allowed here till order is PACKED"
        exists = e_invoice in {"generated", "pushed"}
        return Answer("allowed", None if exists else [], (allowed_line,))
    if after_line is None:  # no line after 115 or 119 says more; 95 stands in model 1
        return unspecified()
    return refused(after_line)  # 65, 71: "After packing there is no support"


def return_as_written(quality_check: str) -> ReturnAnswer:
    """Return what lines 121 to 127 say of a returned unit that passed its quality check, failed it, or is missing.

    The text knows no quality check. A unit that passed is surely "successfully processed"; of the others it does not say whether
    they are, so that everything about them is open.
    """
    if quality_check not in {"pass", "fail", "missing"}:
        raise ValueError(quality_check)
    if quality_check != "pass":
        return ReturnAnswer(None)
    # 125: "have to do below tasks manually", against "can" three times in 127: get the report, use it "just for reference", or else
    # for PO and GRN. In the lists above a "can" stands beside a "have to"; here no task is left that the "have to" could be about.
    return ReturnAnswer(
        None,
        named=("rsi-report", "use-as-reference", "inward-po", "grn"),
        alternatives=(("use-as-reference",), ("inward-po", "grn")),
        manner="by hand",
        lines=(125, 127),
    )
