Feature: The report of orders cancelled after posting

  In the Ajio VMS Reports UI the client chooses a first and a last day and downloads
  the orders that were cancelled after they had been posted to the ERP. The report
  helps to find the credit notes that are due. It lists more than those: an order
  that was posted and never e-invoiced is in it and needs no credit note. The columns
  are our proposal; the SOP fixes only which orders are listed.

  Source: SOPs For Clients, version 1, the first step after each cancellation with an
  e-invoice.

  @SC-ERP-FULL-1.1.1 @SC-ERP-FULL-2.1.1 @AC-ERP-FULL-1.1.1 @AC-ERP-PART-1.3 @GAP-26
  Rule: The report lists orders because they were posted, not because they were e-invoiced

    Scenario: Posted and cancelled, whoever cancelled and however far the e-invoice came
      Given these orders, invoiced through the client's ERP
        | order | posted           | e-invoiced       | invoice | pushed           | cancelled        | by         |
        | A     | 2026-05-04 09:00 | -                | -       | -                | 2026-05-04 11:00 | the seller |
        | B     | 2026-05-04 09:00 | 2026-05-04 10:00 | INV-2   | -                | 2026-05-04 12:00 | the seller |
        | C     | 2026-05-04 09:00 | 2026-05-04 10:00 | INV-3   | 2026-05-04 10:05 | 2026-05-04 13:00 | Ajio       |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-04
      Then the report lists
        | order | by         | cancelled        | invoice |
        | A     | the seller | 2026-05-04 11:00 | -       |
        | B     | the seller | 2026-05-04 12:00 | -       |
        | C     | Ajio       | 2026-05-04 13:00 | INV-3   |

    Scenario: An order that was never posted is not listed
      Given these orders, invoiced through the client's ERP
        | order | posted | cancelled        | by         |
        | A     | -      | 2026-05-04 11:00 | the seller |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-04
      Then the report is empty

    Scenario: An order that goes on is not listed
      Given these orders, invoiced through the client's ERP
        | order | posted           | e-invoiced       | pushed           |
        | A     | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 10:05 |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-04
      Then the report is empty

    Scenario: A late e-invoice finds its order in the report already
      Given these orders, invoiced through the client's ERP
        | order | posted           | cancelled        | by   | e-invoiced       | invoice | pushed           |
        | A     | 2026-05-04 09:00 | 2026-05-04 11:00 | Ajio | 2026-05-05 10:00 | INV-1   | 2026-05-05 10:05 |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-04
      Then the report lists
        | order | cancelled        | invoice | pushed           |
        | A     | 2026-05-04 11:00 | INV-1   | 2026-05-05 10:05 |

  @GAP-41
  Rule: The SOP does not say which date the range means; we take it that it is the day of cancellation in India, first and last day included

    Scenario: Both ends belong to the range, to the minute
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
        | order                     | posted           | cancelled        | by         |
        | posted in the range       | 2026-05-04 09:00 | 2026-05-08 09:00 | the seller |
        | posted long before, ended | 2026-04-20 09:00 | 2026-05-05 09:00 | the seller |
      When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-06
      Then the report lists
        | order                     | posted           | cancelled        |
        | posted long before, ended | 2026-04-20 09:00 | 2026-05-05 09:00 |
