@audit
Feature: The steps after an error at packing

  If Ajio cancels part of an order under the client's ERP, packing fails later. Then the
  whole order is cancelled in both systems, and a credit note is made. An audit says which
  of these steps are done, and whether Ajio and Assure agree.

  Source: SOPs For Clients, version 1, cancellation by Ajio, model 1, part of an order.

  Background:
    Given the orders are invoiced through the client's ERP

  Rule: After the error the order is cancelled in Ajio and in Assure, and the e-invoice is credited

    @AC-ERP-PART-1.1 @AC-ERP-PART-1.2 @AC-ERP-PART-1.4a
    Scenario: One unit is cancelled in Ajio, none in Assure, and there is no credit note
      Given the export of cancellations from Assure
        | order | units | units cancelled | by   | OMS status | WMS status | e-invoice | pushed           | cancelled        | result        |
        | A     | 2     | 1               | Ajio | PROCESSING | PROCESSING | INV-A     | 2026-06-04 10:05 | 2026-06-05 10:00 | packing error |
      And the order report of Ajio
        | order | units | cancelled |
        | A     | 2     | 1         |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                          | strength | rests on                                                                            | why                                                                                                                                         |
        | A     | C-3 steps after an error at packing              | must     | AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a | Packing failed because Ajio had cancelled part of the order.                                                                                |
        | A     | R-4 cancelled in one system and not in the other | must     | AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2                                    | After the error at packing the whole order is to be cancelled in both systems. Ajio's report has 1 of 2 units cancelled, Assure OMS 0 of 2. |
      And the duties on that day are
        | order | task                                              | e-invoice | status | days | standing |
        | A     | ask Ajio to cancel the order by hand              | -         | open   | 40   | -        |
        | A     | cancel the order in Assure OMS                    | -         | open   | 40   | -        |
        | A     | make a credit note by hand and keep it in the ERP | INV-A     | open   | 40   | reminder |

    @AC-ERP-PART-1.4a
    Scenario: Ajio has cancelled the rest, so that only the credit note is left
      Given the export of cancellations from Assure
        | order | units | units cancelled | by   | OMS status | WMS status | e-invoice | pushed           | cancelled        | result        |
        | A     | 2     | 1               | Ajio | PROCESSING | PROCESSING | INV-A     | 2026-06-04 10:05 | 2026-06-05 10:00 | packing error |
        | A     | 2     | 2               | Ajio | PROCESSING | PROCESSING | INV-A     | 2026-06-04 10:05 | 2026-06-06 10:00 | carried out   |
      And the order report of Ajio
        | order | units | cancelled |
        | A     | 2     | 2         |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                           | strength | rests on                           | why                             |
        | A     | D-1 credit note due and none made | must     | AC-ERP-PART-1.4a, AC-ERP-PART-1.4b | A credit note for INV-A is due. |
      And the duties on that day are
        | order | task                                              | e-invoice | status | days | standing |
        | A     | ask Ajio to cancel the order by hand              | -         | done   | 39   | -        |
        | A     | cancel the order in Assure OMS                    | -         | done   | 39   | -        |
        | A     | make a credit note by hand and keep it in the ERP | INV-A     | open   | 39   | reminder |

  Rule: Before the error the client has nothing to do

    @AC-ERP-PART-1c
    Scenario: Ajio has cancelled one of two units, and packing has not been tried
      Given the export of cancellations from Assure
        | order | units | units cancelled | by   | OMS status  | e-invoice | cancelled        | result |
        | A     | 2     | 1               | Ajio | FULFILLABLE | -         | 2026-06-05 10:00 | failed |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                             | strength | rests on                                                                                                                                        | why                                                    |
        | A     | C-3 steps after an error at packing | info     | AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c, GAP-12, GAP-20, GAP-47 | Packing will fail; the steps of the SOP fall due then. |
      And the client has no duty on that day
