Feature: Cancellations that the SOP refuses or allows

  Text.

  Source: x.

  Rule: A

    Scenario: One
      Given the orders are invoiced through the client's ERP
      And the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | WMS status | posted           | e-invoice | e-invoiced       | pushed           | cancelled        | result      |
        | A     | 1     | 1               | the seller | PROCESSING  | PACKED     | 2026-06-04 09:00 | INV-A     | 2026-06-04 10:00 | 2026-06-04 10:05 | 2026-06-06 09:30 | carried out |
        | B     | 3     | 1               | the seller | FULFILLABLE | -          | 2026-06-04 09:00 | -         | -                | -                | 2026-06-04 09:45 | carried out |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                        | strength | rests on      | why                                                                  |
        | A     | C-1 carried out though refused | must     | SC-ERP-FULL-3 | The cancellation was carried out although the SOP does not allow it. |
