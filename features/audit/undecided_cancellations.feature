@audit
Feature: Cancellations of which a file leaves a fact open

  An export may lack a column, or a time may be only a day. Then more than one case is
  possible. The answer is certain where every possible case has it; otherwise the audit
  names the fact that is missing, and gives no answer.

  Source: the clauses that answer the possible cases; the rules are ours.

  Background:
    Given the orders are invoiced through the client's ERP

  @SC-ERP-FULL-2a @SC-ERP-FULL-3
  Rule: Where the possible cases have different answers, the missing fact is named

    Scenario: Without the status in WMS, an order that is PROCESSING may be packed
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status | e-invoice | cancelled        | result      |
        | A     | 1     | 1               | the seller | PROCESSING | -         | 2026-06-05 09:40 | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                    | strength  | rests on                      | why                                                                                         |
        | A     | C-6 undecided: the possible cases disagree | uncertain | SC-ERP-FULL-2a, SC-ERP-FULL-3 | It depends on the stage at the cancellation: the outcome (allowed or refused) is undecided. |

    Scenario: Packing and cancellation in the same minute cannot be put in order, one minute earlier they can
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | e-invoice | pushed           | released         | packed           | cancelled        | result      |
        | A     | 1     | 1               | the seller | INV-A     | 2026-06-04 10:05 | 2026-06-05 08:00 | 2026-06-05 09:40 | 2026-06-05 09:40 | carried out |
        | B     | 1     | 1               | the seller | INV-B     | 2026-06-04 10:05 | 2026-06-05 08:00 | 2026-06-05 09:40 | 2026-06-05 09:39 | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                    | strength  | rests on                                                                                                             | why                                                                                                                           |
        | A     | C-6 undecided: the possible cases disagree | uncertain | SC-ERP-FULL-2a, SC-ERP-FULL-2.1.1, SC-ERP-FULL-2.1.2a, SC-ERP-FULL-2.1.2b, SC-ERP-FULL-2.1.2c, SC-ERP-FULL-3, GAP-23 | It depends on the stage at the cancellation: the outcome (allowed or refused) and whether a credit note is due are undecided. |
        | B     | D-1 credit note due and none made          | must      | SC-ERP-FULL-2.1.2a, SC-ERP-FULL-2.1.2b                                                                               | A credit note for INV-B is due.                                                                                               |
      And the duties on that day are
        | order | e-invoice | status    | days | standing |
        | A     | INV-A     | uncertain | 40   | reminder |
        | B     | INV-B     | open      | 40   | reminder |

  Rule: Where a report does not say who cancelled, we assume that it was Ajio if neither the seller nor the customer is named, and ask

    This is our reading of GAP-57. It is a question only where the answer depends on it.

    @GAP-57
    Scenario: Without the canceller, a partial cancellation is undecided
      Given the export of cancellations from Assure
        | order | units | units cancelled | OMS status  | posted | cancelled        | result      |
        | A     | 2     | 1               | FULFILLABLE | -      | 2026-06-05 09:40 | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                    | strength  | rests on                                                                                                                                                                           | why                                                                                                                    |
        | A     | C-6 undecided: the possible cases disagree | uncertain | SC-ERP-PART-1.2.1, AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c                                         | It depends on who cancelled: the outcome (allowed or fails at packing) and whether a credit note is due are undecided. |
        | A     | C-9 canceller inferred or unknown          | ask       | SC-ERP-PART-1.2.1, AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c, GAP-07, GAP-12, GAP-20, GAP-47, GAP-57 | The report does not say who cancelled, and the answer depends on it.                                                   |

    @GAP-57
    Scenario: In the report of Ajio, a unit that neither the customer nor the seller cancelled is taken for Ajio's
      Given the order report of Ajio
        | order | units | cancelled | by the customer | by the seller |
        | A     | 2     | 1         | 0               | 0             |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                    | strength  | rests on                                                                                                                                                                                | why                                                                                                                                                      |
        | A     | C-6 undecided: the possible cases disagree | uncertain | AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c, AC-ERP-PART-1a                                                 | It depends on the stage and the e-invoice at the cancellation: the outcome (fails at packing or refused) and whether a credit note is due are undecided. |
        | A     | C-9 canceller inferred or unknown          | ask       | AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c, AC-ERP-PART-1a, GAP-12, GAP-20, GAP-47, GAP-13, GAP-11, GAP-57 | Neither the seller nor the customer is named; Ajio is inferred, and the answer depends on it.                                                            |

    Scenario: Without the canceller, the full cancellation of an order that was not e-invoiced is certain
      Given the export of cancellations from Assure
        | order | units | units cancelled | OMS status  | posted           | e-invoice | cancelled        | result      |
        | A     | 1     | 1               | FULFILLABLE | 2026-06-04 09:00 | -         | 2026-06-05 09:40 | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                         | strength | rests on                                                                             | why                                                      |
        | A     | R-1 posted, cancelled and not e-invoiced: watch | info     | SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1, AC-ERP-FULL-1.2.1, AC-ERP-FULL-2a, GAP-17, GAP-26 | Posted, cancelled and not e-invoiced: nothing to do now. |
      And the client has no duty on that day

  @GAP-57
  Rule: Where Assure and the report of Ajio name different cancellers, each of them is possible

    This is ours. It is a question only where the answer depends on it.

    Scenario: Assure names Ajio, and the report of Ajio names the seller
      Given the export of cancellations from Assure
        | order | units | units cancelled | by   | OMS status  | posted | cancelled        | result      |
        | A     | 2     | 1               | Ajio | FULFILLABLE | -      | 2026-06-05 09:40 | carried out |
        | B     | 2     | 2               | Ajio | FULFILLABLE | -      | 2026-06-05 09:40 | carried out |
      And the order report of Ajio
        | order | units | cancelled | by the customer | by the seller |
        | A     | 2     | 1         | 0               | 1             |
        | B     | 2     | 2         | 0               | 2             |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                    | strength  | rests on                                                                                                                                                                           | why                                                                                                                    |
        | A     | C-6 undecided: the possible cases disagree | uncertain | SC-ERP-PART-1.2.1, AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c                                         | It depends on who cancelled: the outcome (allowed or fails at packing) and whether a credit note is due are undecided. |
        | A     | C-9 canceller inferred or unknown          | ask       | SC-ERP-PART-1.2.1, AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c, GAP-07, GAP-12, GAP-20, GAP-47, GAP-57 | The row names Ajio, Ajio's report names the seller, and the answer depends on it.                                      |
