"""A second opinion on every case, written from the SOP and not from the rulebook.

Plain nested ifs over strings, one function per heading of the document, so that a reader can compare it
with the source line by line. It shares no code and no data with the engine. Comments name the
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

EARLY = {"CREATED", "UNFULFILLABLE"}
PACKED = {"PACKED", "READY_TO_DISPATCH", "COMPLETED"}
"""PACKED and what comes after it."""


def decide(  # noqa: PLR0911, PLR0913 (nested ifs, as plain as they come)
    canceller: str, scope: str, invoicing: str, stage: str, e_invoice: str, reading: str
) -> Answer:
    """Return outcome and tasks of one case under one reading."""
    practised = reading == "as-practised"
    if stage == "CANCELLED":
        if practised:
            return "without effect", ()  # GAP-37
        return "unspecified", None  # no line looks at an earlier cancellation
    if invoicing == "RMS":
        return _rms(canceller, stage, e_invoice, practised=practised)
    if canceller == "Ajio":
        if scope == "full":
            return _ajio_full_erp(stage, e_invoice, practised=practised)
        return _ajio_partial_erp(stage, e_invoice, practised=practised)
    if stage in EARLY:
        if not practised:
            return "unspecified", None  # lines 23 and 47 name FULFILLABLE as their condition
        stage = "FULFILLABLE"  # GAP-35
    if scope == "full":
        return _seller_full_erp(stage, e_invoice, practised=practised)
    return _seller_partial_erp(stage, e_invoice)


def _seller_full_erp(stage: str, e_invoice: str, *, practised: bool) -> Answer:  # noqa: PLR0911 (as above)
    """Return the answer of lines 21 to 43."""
    if stage in PACKED:
        return "refused", ()  # line 43: after PACKED, however long after
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
    """Return the answer of lines 45 to 57; both readings agree here."""
    if stage == "FULFILLABLE":
        if e_invoice == "not posted":  # line 53
            return "allowed", ()  # line 55; no step is listed
        return "fails on screen", ()  # line 47, because of lines 49 and 51
    return "refused", ()  # line 57: once it is in PROCESSING, so ever after


def _ajio_full_erp(stage: str, e_invoice: str, *, practised: bool) -> Answer:
    """Return the answer of lines 79 to 95."""
    if stage in PACKED:
        return "refused", ()  # line 95, second sentence
    # Up to packing, with no beginning: line 95, first sentence
    if e_invoice == "not posted":
        if practised:
            return "allowed", ()  # GAP-09
        return "allowed", None  # line 83 is about posted orders only
    if e_invoice == "posted":  # lines 83 and 91
        return "allowed", ()  # line 93
    return "allowed", (REPORT, CREDIT_NOTE, SHARING)  # lines 85, 87 and 89


def _ajio_partial_erp(stage: str, e_invoice: str, *, practised: bool) -> Answer:
    """Return the answer of lines 97 to 109; the steps fall due when packing fails."""
    if stage in PACKED:
        return "refused", None  # line 101, first sentence, names no state; what to do then: GAP-11
    steps = (ASK_AJIO, CANCEL_IN_ASSURE)  # lines 103 and 105
    if stage == "PROCESSING" and e_invoice in {"not posted", "posted"}:
        # At packing, and no e-invoice that a note could be made against (line 109): GAP-13
        if not practised:
            return "fails at packing", None
        if e_invoice == "not posted":
            return "fails at packing", steps
        return "fails at packing", (*steps, REPORT)
    return "fails at packing", (*steps, REPORT, CREDIT_NOTE, SHARING)  # lines 107 and 109 carry no condition


def _rms(canceller: str, stage: str, e_invoice: str, *, practised: bool) -> Answer:
    """Return the answer of lines 59 to 71 and 111 to 119, which is the same in full and in part."""
    if stage not in PACKED:
        # Till PACKED, with no beginning: lines 63, 69, 115 and 119; no step is listed
        if e_invoice in {"generated", "pushed"} and not practised:
            return "allowed", None  # GAP-15
        return "allowed", ()
    if canceller == "seller":
        return "refused", ()  # lines 65 and 71
    if practised:
        return "refused", ()  # GAP-14, and GAP-36 for what comes after PACKED
    return "unspecified", None  # lines 115 and 119 set an end and do not say what follows


def falls_due(canceller: str, scope: str, invoicing: str) -> str:
    """Return when the tasks of a case fall due: only line 101 puts them off, until the error at packing."""
    return "when packing fails" if (canceller, scope, invoicing) == ("Ajio", "partial", "ERP") else "now"


def clauses(  # noqa: C901, PLR0911, PLR0912, PLR0913 (nested ifs, as plain as they come)
    canceller: str, scope: str, invoicing: str, stage: str, e_invoice: str, reading: str
) -> tuple[str, ...]:
    """Return the sentences that give the outcome and the tasks of one case, by the ids of the register."""
    practised = reading == "as-practised"
    if stage == "CANCELLED":
        return ()
    whose = "SC" if canceller == "seller" else "AC"
    how_much = "FULL" if scope == "full" else "PART"
    if invoicing == "RMS":
        if stage not in PACKED:
            return (f"{whose}-RMS-{how_much}-1",)  # lines 63, 69, 115 and 119
        return (f"SC-RMS-{how_much}-2",) if canceller == "seller" else ()  # lines 65 and 71
    if canceller == "seller" and stage in EARLY:
        if not practised:
            return ()
        stage = "FULFILLABLE"
    heading = f"{whose}-ERP-{how_much}"
    if heading == "SC-ERP-FULL":
        if stage in PACKED:
            return (f"{heading}-3",)  # line 43
        if stage == "FULFILLABLE":
            if e_invoice == "pushed":
                return (f"{heading}-1a",)  # line 23, and nothing on tasks
            if e_invoice == "generated":
                return (f"{heading}-1a", *_credit_note(f"{heading}-1.1"))  # lines 23, 27 and 29
            return (f"{heading}-1a", f"{heading}-1.2.1")  # lines 23 and 33
        if e_invoice == "pushed":
            return (f"{heading}-2a", *_credit_note(f"{heading}-2.1"))  # lines 35, 39 and 41
        return (f"{heading}-2a",)  # line 35
    if heading == "SC-ERP-PART":
        if stage != "FULFILLABLE":
            return (f"{heading}-2",)  # line 57
        if e_invoice == "not posted":
            return (f"{heading}-1.2.1",)  # line 55
        return (f"{heading}-1c", f"{heading}-1.1.1")  # line 47 has the error, line 51 its cause
    if heading == "AC-ERP-FULL":
        if stage in PACKED:
            return (f"{heading}-2b",)  # line 95
        if e_invoice == "not posted":
            return (f"{heading}-2a",)  # line 95; line 83 is about posted orders
        if e_invoice == "posted":
            return (f"{heading}-1.2.1", f"{heading}-2a")  # lines 93 and 95
        return (*_credit_note(f"{heading}-1.1"), f"{heading}-2a")  # lines 87, 89 and 95
    if stage in PACKED:
        return (f"{heading}-1a",)  # line 101, first sentence
    # Line 101 goes on to say what happens: the exception beats the first sentence.
    bare = stage == "PROCESSING" and e_invoice in {"not posted", "posted"}  # GAP-13
    if bare and not practised:
        return (f"{heading}-1c",)
    steps = [f"{heading}-1c", f"{heading}-1.1", f"{heading}-1.2"]  # lines 101, 103 and 105
    if not (bare and e_invoice == "not posted"):
        steps.append(f"{heading}-1.3")  # line 107
    if not bare:
        steps += [f"{heading}-1.4a", f"{heading}-1.4b", f"{heading}-1.4c"]  # line 109
    return tuple(steps)


def _credit_note(situation: str) -> tuple[str, ...]:
    """Return the report, then the note: to be made, to be kept, and not to be shared."""
    return (f"{situation}.1", f"{situation}.2a", f"{situation}.2b", f"{situation}.2c")


def gaps(  # noqa: C901, PLR0911, PLR0913 (as above)
    canceller: str, scope: str, invoicing: str, stage: str, e_invoice: str, reading: str
) -> tuple[str, ...]:
    """Return the open questions that the outcome or the tasks of one case depend on."""
    practised = reading == "as-practised"
    invoice = e_invoice in {"generated", "pushed"}
    if stage == "CANCELLED":
        return ("GAP-37",)
    if invoicing == "RMS":
        if stage not in PACKED:
            return ("GAP-15",) if invoice else ()
        if canceller == "seller":
            return ()
        if stage == "PACKED":
            return ("GAP-14",)
        return ("GAP-14", "GAP-36") if practised else ("GAP-36",)
    if canceller == "Ajio" and scope == "full":
        return ("GAP-09",) if stage not in PACKED and e_invoice == "not posted" else ()
    if canceller == "Ajio":
        if stage in PACKED:
            return ("GAP-11",)
        return ("GAP-13",) if stage == "PROCESSING" and not invoice else ()
    if stage in EARLY:
        like = gaps(canceller, scope, invoicing, "FULFILLABLE", e_invoice, reading) if practised else ()
        return (*like, "GAP-35")
    if scope == "partial":
        return ()
    if stage == "FULFILLABLE" and e_invoice == "pushed":
        return ("GAP-02",)
    if stage == "PROCESSING" and not invoice:
        return ("GAP-03",)
    return ("GAP-04",) if stage == "PROCESSING" and e_invoice == "generated" else ()
