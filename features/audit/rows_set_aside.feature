@audit
Feature: Rows that cannot be used, and what a file proves

  A row that contradicts itself, or has a cell that cannot be read, is set aside with its
  reasons. Nothing is guessed. What such a row could have said is then uncertain, and never
  taken for missing. A row that is absent from a file proves something only if the file
  claims to hold all of its kind for those days.

  Source: GAP-01, GAP-05 and GAP-06 for the contradictory states; the rest is ours.

  Background:
    Given the orders are invoiced through the client's ERP

  Rule: A row that contradicts itself is set aside, with the question that it raises

    @GAP-01 @GAP-05 @GAP-06
    Scenario: Orders that are packed before they are released, and an e-invoice of an order that was never posted
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | WMS status | posted           | e-invoice | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | PACKED     | 2026-06-04 09:00 | INV-A     | 2026-06-04 12:00 | carried out |
        | B     | 2     | 1               | the seller | FULFILLABLE | PACKED     | 2026-06-04 09:00 | INV-B     | 2026-06-04 12:00 | carried out |
        | C     | 1     | 1               | the seller | FULFILLABLE | -          | -                | INV-C     | 2026-06-04 12:00 | carried out |
      When the audit is made as of 2026-07-15
      Then these rows are set aside
        | file       | row | reason                                                                 | question |
        | assure.csv | 2   | the order is packed in WMS and not yet released in Assure OMS (GAP-01) | GAP-01   |
        | assure.csv | 3   | the order is packed in WMS and not yet released in Assure OMS (GAP-06) | GAP-06   |
        | assure.csv | 4   | an e-invoice for an order that was never posted (GAP-05)               | GAP-05   |
      And the audit finds nothing

  Rule: A row with a cell that cannot be read is set aside, and nothing is guessed

    Scenario: A day that does not exist, a number that a spreadsheet has shortened, and more units cancelled than ordered
      Given the export of cancellations from Assure
        | order    | units | units cancelled | by         | OMS status  | posted | cancelled        | result      |
        | A        | 1     | 1               | the seller | FULFILLABLE | -      | 2026-06-31 12:00 | carried out |
        | 1.23E+15 | 1     | 1               | the seller | FULFILLABLE | -      | 2026-06-04 12:00 | carried out |
        | B        | 1     | 2               | the seller | FULFILLABLE | -      | 2026-06-04 12:00 | carried out |
        | C        | 1     | 1               | the seller | FULFILLABLE | -      | 2026-06-04 12:00 | carried out |
      When the audit is made as of 2026-07-15
      Then these rows are set aside
        | file       | row | reason                                                           |
        | assure.csv | 2   | "2026-06-31 12:00" is no date: June has 30 days                  |
        | assure.csv | 3   | "1.23E+15" was shortened by a spreadsheet and cannot be restored |
        | assure.csv | 4   | 2 units cancelled of 1 ordered                                   |
      And the audit finds nothing

  Rule: What a row set aside could say is uncertain, not missing

    @SC-ERP-FULL-1.1.2a
    Scenario: The credit note of one order is in a row set aside, that of another one is missing
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | e-invoice | e-invoiced       | pushed | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | INV-A     | 2026-06-04 10:00 | -      | 2026-06-04 12:00 | carried out |
        | B     | 1     | 1               | the seller | FULFILLABLE | INV-B     | 2026-06-04 10:00 | -      | 2026-06-04 12:00 | carried out |
      And the day book of the ERP
        | document    | number | dated      | for invoice |
        | credit note | CN-1   | 2026-06-31 | INV-A       |
      And the file claims to hold all documents from 2026-06-01 to 2026-07-15
      When the audit is made as of 2026-07-15
      Then these rows are set aside
        | file        | row | reason                                    |
        | daybook.csv | 2   | "2026-06-31" is no date: June has 30 days |
      And the audit finds
        | order | finding                           | strength  | rests on                               | why                                                                      |
        | A     | D-1 credit note due and none made | uncertain | SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b | A credit note for INV-A is due, and it is uncertain whether it was made. |
        | B     | D-1 credit note due and none made | must      | SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b | A credit note for INV-B is due.                                          |
      And the duties on that day are
        | order | e-invoice | status    | days | standing |
        | A     | INV-A     | uncertain | 41   | reminder |
        | B     | INV-B     | open      | 41   | reminder |

    Scenario: Ajio's row of an order is set aside, so that it is uncertain whether Ajio has the cancellation
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | posted | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | -      | 2026-06-04 12:00 | carried out |
      And the order report of Ajio
        | order | units | cancelled |
        | A     | 1     | 2         |
      And the file claims to hold all orders from 2026-06-01 to 2026-06-30
      When the audit is made as of 2026-07-15
      Then these rows are set aside
        | file     | row | reason                         |
        | ajio.csv | 2   | 2 units cancelled of 1 ordered |
      And the audit finds
        | order | finding                                          | strength  | rests on | why                                                                                                              |
        | A     | R-4 cancelled in one system and not in the other | uncertain | silent   | Assure OMS took 1 unit of the order. It is uncertain whether there is a row of it: ajio.csv row 2 was set aside. |

  Rule: A file proves that something is missing only if it claims to hold all of its kind

    Scenario Outline: A day book without the credit note proves more, the more days it claims to hold
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | e-invoice | e-invoiced       | pushed | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | INV-A     | 2026-06-04 10:00 | -      | 2026-06-04 12:00 | carried out |
      And the day book of the ERP
        | document | number | dated      |
        | invoice  | INV-A  | 2026-06-04 |
      And the file claims to hold all documents from 2026-06-01 to <last day>
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                           | strength   | rests on                               | why   |
        | A     | D-1 credit note due and none made | <strength> | SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b | <why> |
      And the duties on that day are
        | order | e-invoice | status   |
        | A     | INV-A     | <status> |

      Examples: Until the day of the audit, and until the day before
        | last day   | strength  | status    | why                                                                         |
        | 2026-07-15 | must      | open      | daybook.csv: no credit note for it, and the file claims to be complete.     |
        | 2026-07-14 | uncertain | uncertain | daybook.csv: no credit note for it, and the file does not claim to hold it. |
