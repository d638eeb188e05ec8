Feature: The report of orders cancelled after posting

  In the Ajio VMS Reports UI the client can download, for a range of dates, the orders
  that were cancelled after they had been posted to the ERP. That is all that the SOP says
  of the report. So it lists more than the orders that need a credit note: an order that
  was posted and never e-invoiced is in it too. The columns are our proposal.

  Source: SOPs For Clients, version 1, the first step after each cancellation with an
  e-invoice.

  @SC-ERP-FULL-1.1.1 @SC-ERP-FULL-2.1.1 @AC-ERP-FULL-1.1.1 @AC-ERP-PART-1.3
  Rule: The report lists orders because they were posted, not because they were e-invoiced

    SC-ERP-FULL-1.1.1, SC-ERP-FULL-2.1.1, AC-ERP-FULL-1.1.1 and AC-ERP-PART-1.3 name this report.

    Scenario: Orders posted and then cancelled are listed, with and without an e-invoice, cancelled by the seller or by Ajio
      Given these orders, invoiced through the client's ERP
        | order | posted           | e-invoiced       | pushed           | cancelled        | by         |
        | A     | 2026-05-04 09:00 | -                | -                | 2026-05-04 11:00 | the seller |
        | B     | 2026-05-04 09:00 | 2026-05-04 10:00 | -                | 2026-05-04 12:00 | the seller |
        | C     | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 10:05 | 2026-05-04 13:00 | Ajio       |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-04
      Then the report lists
        | order | by         | cancelled        |
        | A     | the seller | 2026-05-04 11:00 |
        | B     | the seller | 2026-05-04 12:00 |
        | C     | Ajio       | 2026-05-04 13:00 |

    Scenario: An order that was never posted is not listed
      Given these orders, invoiced through the client's ERP
        | order | posted | cancelled        | by         |
        | A     | -      | 2026-05-04 11:00 | the seller |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-04
      Then the report is empty

    Scenario: An order that was not cancelled is not listed
      Given these orders, invoiced through the client's ERP
        | order | posted           | e-invoiced       | pushed           |
        | A     | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 10:05 |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-04
      Then the report is empty

  @GAP-26
  Rule: The SOP does not say which orders of the report need a credit note; we assume that those with an e-invoice do

    This is our reading of GAP-26.

    Scenario: Of two orders in the report, the one with an e-invoice needs a credit note
      Given these orders, invoiced through the client's ERP
        | order | posted           | e-invoiced       | cancelled        | by         |
        | A     | 2026-05-04 09:00 | -                | 2026-05-04 11:00 | the seller |
        | B     | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 12:00 | the seller |
      When the client looks at its credit notes on 2026-05-04
      Then the ages of the credit notes are
        | order | standing |
        | B     | due      |

  Rule: The number of an e-invoice is shown once the e-invoice is pushed to Increff

    This is our proposal: the report is Increff's, and Increff gets an e-invoice when it is pushed.

    Scenario: An e-invoice that is not pushed shows no number
      Given these orders, invoiced through the client's ERP
        | order | posted           | e-invoiced       | invoice | pushed           | cancelled        | by         |
        | A     | 2026-05-04 09:00 | 2026-05-04 10:00 | INV-1   | -                | 2026-05-04 12:00 | the seller |
        | B     | 2026-05-04 09:00 | 2026-05-04 10:00 | INV-2   | 2026-05-04 10:05 | 2026-05-04 13:00 | the seller |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-04
      Then the report lists
        | order | invoice | pushed           |
        | A     | -       | -                |
        | B     | INV-2   | 2026-05-04 10:05 |

    Scenario: A late e-invoice that is pushed shows its number in the report of the cancellation
      Given these orders, invoiced through the client's ERP
        | order | posted           | cancelled        | by   | e-invoiced       | invoice | pushed           |
        | A     | 2026-05-04 09:00 | 2026-05-04 11:00 | Ajio | 2026-05-05 10:00 | INV-1   | 2026-05-05 10:05 |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-04
      Then the report lists
        | order | cancelled        | invoice | pushed           |
        | A     | 2026-05-04 11:00 | INV-1   | 2026-05-05 10:05 |

  @GAP-54
  Rule: The SOP does not say what applies to the rest of an order; we assume that the rest is an order like any other, so the report lists it with the units that were left

    This is our reading of GAP-54.

    Scenario: An order that was cancelled in two steps is listed with its second cancellation
      Given these orders, invoiced through the client's ERP and cancelled in two steps
        | order | units | part | part by    | part cancelled   | posted           | cancelled        | by         |
        | A     | 3     | 1    | the seller | 2026-05-04 08:00 | 2026-05-04 09:00 | 2026-05-04 11:00 | Ajio       |
        | B     | 5     | 3    | the seller | 2026-05-03 20:00 | 2026-05-04 09:00 | 2026-05-04 12:00 | the seller |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-04
      Then the report lists
        | order | units | by         | stage       | cancelled        |
        | A     | 2     | Ajio       | FULFILLABLE | 2026-05-04 11:00 |
        | B     | 2     | the seller | FULFILLABLE | 2026-05-04 12:00 |

  @GAP-41
  Rule: The SOP does not say which date the range means; we assume that it is the day of cancellation in India, first and last day included

    This is our reading of GAP-41.

    Scenario: The first and the last day belong to the range, to the minute
      Given these orders, invoiced through the client's ERP
        | order  | posted           | cancelled        | by         |
        | before | 2026-05-01 09:00 | 2026-05-03 23:59 | the seller |
        | first  | 2026-05-01 09:00 | 2026-05-04 00:00 | the seller |
        | last   | 2026-05-01 09:00 | 2026-05-06 23:59 | the seller |
        | after  | 2026-05-01 09:00 | 2026-05-07 00:00 | the seller |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-06
      Then the report lists
        | order | cancelled        |
        | first | 2026-05-04 00:00 |
        | last  | 2026-05-06 23:59 |

    Scenario: The day of posting does not count
      Given these orders, invoiced through the client's ERP
        | order                  | posted           | cancelled        | by         |
        | posted in the range    | 2026-05-04 09:00 | 2026-05-08 09:00 | the seller |
        | cancelled in the range | 2026-04-20 09:00 | 2026-05-05 09:00 | the seller |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-06
      Then the report lists
        | order                  | posted           | cancelled        |
        | cancelled in the range | 2026-04-20 09:00 | 2026-05-05 09:00 |
