"""A second opinion on every case, written from the SOP and not from the rulebook.

Plain nested ifs over strings, one function per heading of the document, so that a reader can hold it
beside the source and tick off line by line. It shares no code and no data with the engine. Comments name the
line of the source document, or the gap whose chosen reading decides.

Tasks are pairs of (modality, task) in the order of the SOP; ``None`` means that the reading leaves them open.
"""

Tasks = tuple[tuple[str, str], ...] | None
Answer = tuple[str, Tasks]

ASK_AJIO = ("must", "ask-ajio-to-cancel")
CANCEL_IN_ASSURE = ("must", "cancel-in-assure")
REPORT = ("may", "download-report")
CREDIT_NOTE = ("must", "credit-note")
SHARING = ("need-not", "share-credit-note")


def decide(  # noqa: C901, PLR0911, PLR0913 (nested ifs, as plain as they come)
    canceller: str, scope: str, invoicing: str, stage: str, e_invoice: str, reading: str
) -> Answer:
    """Outcome and tasks of one case under one reading."""
    practised = reading == "as-practised"
    if stage == "CANCELLED":
        if practised:
            return "without effect", ()  # GAP-37
        return "unspecified", None  # no line looks at an earlier cancellation
    if stage in {"CREATED", "UNFULFILLABLE"}:
        if not practised:
            return "unspecified", None  # lines 23 and 47 start at FULFILLABLE
        stage = "FULFILLABLE"  # GAP-35
    if stage in {"READY_TO_DISPATCH", "COMPLETED"}:
        if not practised:
            return "unspecified", None  # no line names a status after PACKED
        stage = "PACKED"  # GAP-36
    if invoicing == "RMS":
        return _rms(canceller, stage, practised=practised)
    if canceller == "seller":
        if scope == "full":
            return _seller_full_erp(stage, e_invoice, practised=practised)
        return _seller_partial_erp(stage, e_invoice)
    if scope == "full":
        return _ajio_full_erp(stage, e_invoice, practised=practised)
    return _ajio_partial_erp(stage, e_invoice, practised=practised)


def _seller_full_erp(stage: str, e_invoice: str, *, practised: bool) -> Answer:  # noqa: PLR0911 (as above)
    """Lines 21 to 43."""
    if stage == "PACKED":
        return "refused", ()  # line 43
    if stage == "FULFILLABLE":  # line 23
        if e_invoice == "pushed":
            if practised:
                return "allowed", (REPORT, CREDIT_NOTE, SHARING)  # GAP-02
            return "allowed", None  # line 23 counts two situations, and this is neither
        if e_invoice == "generated":  # line 25
            return "allowed", (REPORT, CREDIT_NOTE, SHARING)  # lines 27 and 29
        return "allowed", ()  # lines 31 and 33
    # PROCESSING, line 35
    if e_invoice == "pushed":  # line 37
        return "allowed", (REPORT, CREDIT_NOTE, SHARING)  # lines 39 and 41
    if not practised:
        return "allowed", None  # line 37 is the only situation given
    if e_invoice == "generated":
        return "allowed", (REPORT, CREDIT_NOTE, SHARING)  # GAP-04
    return "allowed", ()  # GAP-03


def _seller_partial_erp(stage: str, e_invoice: str) -> Answer:
    """Lines 45 to 57; both readings agree here."""
    if stage == "FULFILLABLE":
        if e_invoice == "not posted":  # line 53
            return "allowed", ()  # line 55, and GAP-07 confirms it; no step is listed
        return "fails on screen", ()  # lines 47, 49 and 51
    return "refused", ()  # line 57: from PROCESSING on, so PACKED as well


def _ajio_full_erp(stage: str, e_invoice: str, *, practised: bool) -> Answer:
    """Lines 79 to 95."""
    if stage == "PACKED":
        return "refused", ()  # line 95, second sentence
    # FULFILLABLE and PROCESSING: line 95, first sentence
    if e_invoice == "not posted":
        if practised:
            return "allowed", ()  # GAP-09
        return "allowed", None  # line 83 speaks of posted orders only
    if e_invoice == "posted":  # lines 83 and 91
        return "allowed", ()  # line 93
    return "allowed", (REPORT, CREDIT_NOTE, SHARING)  # lines 85, 87 and 89


def _ajio_partial_erp(stage: str, e_invoice: str, *, practised: bool) -> Answer:
    """Lines 97 to 109."""
    if stage == "PACKED":
        return "refused", None  # line 101, first sentence; what to do then: GAP-11
    steps = (ASK_AJIO, CANCEL_IN_ASSURE)  # lines 103 and 105
    if not practised or stage == "FULFILLABLE":
        # Lines 107 and 109 carry no condition; GAP-12 has the steps taken at packing time.
        return "fails at packing", (*steps, REPORT, CREDIT_NOTE, SHARING)
    # PROCESSING as practised: GAP-13
    if e_invoice == "not posted":
        return "fails at packing", steps
    if e_invoice == "posted":
        return "fails at packing", (*steps, REPORT)
    return "fails at packing", (*steps, REPORT, CREDIT_NOTE, SHARING)


def _rms(canceller: str, stage: str, *, practised: bool) -> Answer:
    """Lines 59 to 71 and 111 to 119: whole or in part makes no difference."""
    if stage != "PACKED":
        return "allowed", ()  # lines 63, 69, 115 and 119; GAP-15 and GAP-16
    if canceller == "seller":
        return "refused", ()  # lines 65 and 71
    if practised:
        return "refused", ()  # GAP-14
    return "unspecified", None  # lines 115 and 119 set an end and do not say what follows
