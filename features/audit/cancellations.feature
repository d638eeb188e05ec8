@audit
Feature: Cancellations that were carried out or turned away against the SOP

  An export of Assure OMS says of each request to cancel who made it, at which stage, and
  with which result. The audit decides each request as the SOP does, and compares the
  answer with the result. A cancellation that the SOP refuses and that was
  carried out counts; so does one that the SOP allows and that was turned away.

  Source: the clauses and gaps that each finding rests on; the rules are ours.

  Rule: A cancellation that was carried out although the SOP refuses it counts, and its e-invoice is a question

    The SOP names no task after a cancellation that it refuses. So it does not say what
    happens to the e-invoice of such an order.

    @SC-ERP-FULL-3 @SC-ERP-PART-2 @AC-ERP-FULL-2b
    Scenario: Three of four cancellations from packing on, or of a part in PROCESSING, were carried out
      Given the orders are invoiced through the client's ERP
      And the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status | WMS status | e-invoice | cancelled        | result      |
        | A     | 1     | 1               | the seller | PROCESSING | PACKED     | INV-A     | 2026-06-06 09:30 | carried out |
        | B     | 1     | 1               | the seller | PROCESSING | PACKED     | INV-B     | 2026-06-06 09:30 | failed      |
        | C     | 2     | 1               | the seller | PROCESSING | PROCESSING | INV-C     | 2026-06-04 11:00 | carried out |
        | D     | 1     | 1               | Ajio       | PROCESSING | PACKED     | INV-D     | 2026-06-04 11:00 | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                               | strength | rests on                       | why                                                                                         |
        | A     | C-1 carried out though refused                        | must     | SC-ERP-FULL-3                  | The cancellation was carried out although the SOP does not allow it.                        |
        | A     | C-8 cancelled though refused, and an e-invoice exists | ask      | SC-ERP-FULL-3, silent          | The e-invoice INV-A exists, and the SOP names no task after a cancellation that it refuses. |
        | C     | C-1 carried out though refused                        | must     | SC-ERP-PART-2, GAP-18          | The cancellation was carried out although the SOP does not allow it.                        |
        | C     | C-8 cancelled though refused, and an e-invoice exists | ask      | SC-ERP-PART-2, GAP-18, silent  | The e-invoice INV-C exists, and the SOP names no task after a cancellation that it refuses. |
        | D     | C-1 carried out though refused                        | must     | AC-ERP-FULL-2b, GAP-19         | The cancellation was carried out although the SOP does not allow it.                        |
        | D     | C-8 cancelled though refused, and an e-invoice exists | ask      | AC-ERP-FULL-2b, GAP-19, silent | The e-invoice INV-D exists, and the SOP names no task after a cancellation that it refuses. |
      And the client has no duty on that day

    @AC-ERP-PART-1a
    Scenario: A part that Ajio cancels after packing was carried out
      Given the orders are invoiced through the client's ERP
      And the export of cancellations from Assure
        | order | units | units cancelled | by   | OMS status | WMS status | e-invoice | cancelled        | result      |
        | A     | 2     | 1               | Ajio | PROCESSING | PACKED     | INV-A     | 2026-06-06 11:00 | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                               | strength | rests on                       | why                                                                                         |
        | A     | C-1 carried out though refused                        | must     | AC-ERP-PART-1a, GAP-11         | The cancellation was carried out although the SOP does not allow it.                        |
        | A     | C-8 cancelled though refused, and an e-invoice exists | ask      | AC-ERP-PART-1a, GAP-11, silent | The e-invoice INV-A exists, and the SOP names no task after a cancellation that it refuses. |

  Rule: Under RMS a cancellation after packing counts too; for Ajio that is our reading

    The SOP rules it out for the seller (SC-RMS-FULL-2, SC-RMS-PART-2). For Ajio it only
    permits cancelling until packing; GAP-14 and GAP-36 have our reading.

    @SC-RMS-FULL-2 @SC-RMS-PART-2 @GAP-14 @GAP-36
    Scenario: Four cancellations under RMS were carried out after packing
      Given the orders are invoiced through RMS
      And the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status | WMS status        | result      |
        | A     | 2     | 2               | the seller | PROCESSING | PACKED            | carried out |
        | B     | 2     | 1               | the seller | PROCESSING | PACKED            | carried out |
        | C     | 2     | 2               | Ajio       | PROCESSING | PACKED            | carried out |
        | D     | 2     | 2               | Ajio       | PROCESSING | READY_TO_DISPATCH | carried out |
        | E     | 2     | 1               | Ajio       | PROCESSING | PROCESSING        | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                        | strength | rests on                            | why                                                                  |
        | A     | C-1 carried out though refused | must     | SC-RMS-FULL-2, GAP-16               | The cancellation was carried out although the SOP does not allow it. |
        | B     | C-1 carried out though refused | must     | SC-RMS-PART-2, GAP-16               | The cancellation was carried out although the SOP does not allow it. |
        | C     | C-1 carried out though refused | must     | GAP-14, GAP-16, our reading         | The cancellation was carried out although the SOP does not allow it. |
        | D     | C-1 carried out though refused | must     | GAP-36, GAP-14, GAP-16, our reading | The cancellation was carried out although the SOP does not allow it. |

    @as-written @GAP-36
    Scenario: As written, the SOP has no answer where our reading refuses
      Given the SOP is taken as written
      And the orders are invoiced through RMS
      And the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status | WMS status        | result      |
        | A     | 2     | 2               | the seller | PROCESSING | READY_TO_DISPATCH | carried out |
        | B     | 2     | 2               | Ajio       | PROCESSING | READY_TO_DISPATCH | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                    | strength  | rests on              | why                                                                  |
        | A     | C-1 carried out though refused             | must      | SC-RMS-FULL-2, GAP-16 | The cancellation was carried out although the SOP does not allow it. |
        | B     | C-6 undecided: the possible cases disagree | uncertain | GAP-36                | The SOP has no answer to this cancellation.                          |
        | B     | D-1 credit note due and none made          | ask       | GAP-36                | The SOP, as written, leaves this open.                               |
      And the duties on that day are
        | order | status   |
        | B     | question |

  @SC-ERP-PART-1.1.1
  Rule: Part of a posted order that the seller took out counts, because it fails on the screen

    Scenario: Of two such requests, only the one that did not fail is a finding
      Given the orders are invoiced through the client's ERP
      And the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | posted           | e-invoice | cancelled        | result      |
        | A     | 3     | 1               | the seller | FULFILLABLE | 2026-06-04 09:00 | -         | 2026-06-04 09:45 | carried out |
        | B     | 3     | 1               | the seller | FULFILLABLE | 2026-06-04 09:00 | -         | 2026-06-04 09:40 | failed      |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                                                         | strength | rests on                                  | why                                                                                       |
        | A     | C-2 part taken out by the seller after posting, although it fails on the screen | must     | SC-ERP-PART-1c, SC-ERP-PART-1.1.1, GAP-08 | Part of a posted order was cancelled although the SOP says that this fails on the screen. |

  @SC-ERP-FULL-1a @SC-ERP-PART-1.2.1
  Rule: A cancellation that was turned away although the SOP allows it counts

    Scenario: A full and a partial cancellation before posting were turned away, another one was not
      Given the orders are invoiced through the client's ERP
      And the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | posted | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | -      | 2026-06-04 08:45 | failed      |
        | B     | 3     | 1               | the seller | FULFILLABLE | -      | 2026-06-04 08:45 | failed      |
        | C     | 3     | 1               | the seller | FULFILLABLE | -      | 2026-06-04 08:45 | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                        | strength | rests on                                  | why                                                          |
        | A     | C-4 turned away though allowed | must     | SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1, GAP-46 | The cancellation was turned away although the SOP allows it. |
        | B     | C-4 turned away though allowed | must     | SC-ERP-PART-1.2.1, GAP-07                 | The cancellation was turned away although the SOP allows it. |

  @GAP-37
  Rule: A second cancellation of an order has no effect and makes no second duty

    This is our reading of GAP-37.

    Scenario: The first cancellation leaves the credit note, the second one nothing
      Given the orders are invoiced through the client's ERP
      And the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | e-invoice | e-invoiced       | pushed | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | INV-A     | 2026-06-04 10:00 | -      | 2026-06-04 12:00 | carried out |
        | A     | 1     | 1               | Ajio       | CANCELLED   | INV-A     | 2026-06-04 10:00 | -      | 2026-06-05 09:00 | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                           | strength | rests on                               | why                                                                                            |
        | A     | C-5 repeated cancellation         | info     | GAP-37, our reading                    | The order was already CANCELLED; a second cancellation has no effect and makes no second duty. |
        | A     | D-1 credit note due and none made | must     | SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b | A credit note for INV-A is due.                                                                |
      And the duties on that day are
        | order | e-invoice | status | days | standing |
        | A     | INV-A     | open   | 41   | reminder |

    Scenario: If no file has the first cancellation, what that one left to do is uncertain
      Given the orders are invoiced through the client's ERP
      And the export of cancellations from Assure
        | order | units | units cancelled | by   | OMS status | cancelled        | result      |
        | A     | 1     | 1               | Ajio | CANCELLED  | 2026-06-05 09:00 | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                   | strength  | rests on            | why                                                                                                 |
        | A     | C-5 repeated cancellation | uncertain | GAP-37, our reading | The order was already CANCELLED, and no row has that cancellation: what it left to do is uncertain. |

  @GAP-33
  Rule: A cancellation by the customer is outside the SOP

    The SOP has no clause about it (GAP-33).

    Scenario: A customer cancels before posting, and another one after it, which contradicts the flow
      Given the orders are invoiced through the client's ERP
      And the export of cancellations from Assure
        | order | units | units cancelled | by           | OMS status  | posted           | cancelled        | result      |
        | A     | 1     | 1               | the customer | FULFILLABLE | -                | 2026-06-04 08:45 | carried out |
        | B     | 1     | 1               | the customer | FULFILLABLE | 2026-06-04 09:00 | 2026-06-05 08:45 | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                           | strength | rests on | why                                                                                                                                          |
        | A     | C-7 cancelled by the customer, or outside the SOP | info     | GAP-33   | The customer cancelled; no clause answers this.                                                                                              |
        | B     | C-7 cancelled by the customer, or outside the SOP | info     | GAP-33   | The customer cancelled; no clause answers this. The order was already posted, which contradicts the flow: a customer can cancel only before. |
