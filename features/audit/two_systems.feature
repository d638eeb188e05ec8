@audit
Feature: One order in two systems

  A cancellation is in Assure OMS, in the report of Ajio and, if the order was posted, in
  the VMS report. The audit compares them. The SOP names two systems only after an error at
  packing. For every other cancellation a difference is a question.

  Source: GAP-26 and GAP-41 for the VMS report; the other comparisons are ours.

  Background:
    Given the orders are invoiced through the client's ERP

  Rule: Where the two systems differ, the audit asks; the SOP is silent about it

    Scenario: Five orders that Assure and Ajio do not have alike, and one that they do
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | posted | cancelled        | result      |
        | A     | 2     | 2               | the seller | FULFILLABLE | -      | 2026-06-04 12:00 | carried out |
        | B     | 2     | 2               | the seller | FULFILLABLE | -      | 2026-06-04 12:00 | carried out |
        | C     | 3     | 1               | the seller | FULFILLABLE | -      | 2026-06-04 12:00 | carried out |
        | D     | 1     | 1               | the seller | FULFILLABLE | -      | 2026-06-04 12:00 | carried out |
      And the file claims to hold all cancellations from 2026-06-01 to 2026-06-30
      And the order report of Ajio
        | order | placed     | units | cancelled |
        | A     | 2026-06-04 | 2     | 2         |
        | B     | 2026-06-04 | 2     | 0         |
        | C     | 2026-06-04 | 3     | 2         |
        | E     | 2026-06-04 | 1     | 1         |
      And the file claims to hold all orders from 2026-06-01 to 2026-06-30
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                          | strength | rests on | why                                                                                                        |
        | B     | R-4 cancelled in one system and not in the other | ask      | silent   | Assure OMS took 2 units, Ajio's report has no unit cancelled.                                              |
        | C     | R-4 cancelled in one system and not in the other | ask      | silent   | Assure OMS took 1 unit, Ajio's report has 2 units cancelled.                                               |
        | D     | R-4 cancelled in one system and not in the other | ask      | silent   | Assure OMS took 1 unit of the order. ajio.csv: no row of it, and the file claims to be complete.           |
        | E     | R-4 cancelled in one system and not in the other | ask      | silent   | Ajio's report has 1 unit cancelled. assure.csv: no cancellation of it, and the file claims to be complete. |

  @GAP-26 @GAP-41
  Rule: The VMS report lists the orders that were cancelled after posting, with a day of cancellation in its range

    The SOP says no more of this report. GAP-26 and GAP-41 have our reading.

    Scenario: The report lacks an order, and lists one that was not posted, one of July, and one that Assure does not have
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | posted           | e-invoice | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | 2026-06-04 09:00 | -         | 2026-06-04 12:00 | carried out |
        | B     | 1     | 1               | the seller | FULFILLABLE | -                | -         | 2026-06-04 12:00 | carried out |
        | C     | 1     | 1               | the seller | FULFILLABLE | 2026-06-04 09:00 | -         | 2026-07-01 12:00 | carried out |
      And the VMS report of orders cancelled after posting
        | order | cancelled        |
        | B     | 2026-06-04 12:00 |
        | C     | 2026-07-01 12:00 |
        | D     | 2026-06-04 12:00 |
      And the file claims to hold all cancellations from 2026-06-01 to 2026-06-30
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                          | strength  | rests on                                          | why                                                                                               |
        | A     | R-1 posted, cancelled and not e-invoiced: watch  | info      | SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1, GAP-17, GAP-26 | Posted, cancelled and not e-invoiced: nothing to do now.                                          |
        | A     | R-5 VMS report of orders cancelled after posting | must      | GAP-26, GAP-41                                    | The order was cancelled after posting. vms.csv: no row of it, and the file claims to be complete. |
        | B     | R-5 VMS report of orders cancelled after posting | must      | GAP-26, GAP-41                                    | The VMS report lists the order, and it was not posted when it was cancelled.                      |
        | C     | R-1 posted, cancelled and not e-invoiced: watch  | info      | SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1, GAP-17, GAP-26 | Posted, cancelled and not e-invoiced: nothing to do now.                                          |
        | C     | R-5 VMS report of orders cancelled after posting | must      | GAP-26, GAP-41                                    | The VMS report of 2026-06-01 to 2026-06-30 lists a cancellation of 2026-07-01.                    |
        | D     | R-5 VMS report of orders cancelled after posting | uncertain | GAP-26, GAP-41                                    | assure.csv: no cancellation of it, and the file does not claim to hold it.                        |

  @GAP-26 @GAP-41
  Rule: From the seller's files the audit makes the list of the VMS report

    It needs no report, and can be compared with one by hand. Its columns are our proposal. An
    order that cannot be placed is left out with the reason, and costs its own row only.

    Scenario: Of five orders two were cancelled in full after posting, and of two it is not known
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | posted           | e-invoice | e-invoiced       | cancelled        | result      |
        | A     | 2     | 2               | Ajio       | FULFILLABLE | 2026-06-04 09:00 | INV-1     | 2026-06-04 10:00 | 2026-06-05 12:00 | carried out |
        | B     | 1     | 1               | the seller | FULFILLABLE | 2026-06-04 09:00 | -         | -                | 2026-06-04 12:00 | carried out |
        | C     | 1     | 1               | the seller | FULFILLABLE | -                | -         | -                | 2026-06-04 12:00 | carried out |
        | D     | 1     | 1               | the seller | FULFILLABLE | 2026-06-04 09:00 | -         | -                | -                | carried out |
        | E     | 1     | 1               | the seller | FULFILLABLE | 2026-06-31 09:00 | -         | -                | 2026-06-04 12:00 | carried out |
      When the audit is made as of 2026-07-15
      Then the audit lists these orders as cancelled after posting
        | order | cancelled  | canceller | units | e-invoices | left out                                  |
        | B     | 2026-06-04 | seller    | 1     | -          | -                                         |
        | A     | 2026-06-05 | Ajio      | 2     | INV-1      | -                                         |
        | D     | -          | seller    | 1     | -          | It has no time of cancellation; bring it. |
        | E     | -          | -         | -     | -          | Its row is set aside; correct the row.    |
      And these rows are set aside
        | file       | row | reason                                          |
        | assure.csv | 6   | "2026-06-31 09:00" is no date: June has 30 days |
      And the audit finds
        | order | finding                                         | strength | rests on                                          | why                                                      |
        | A     | D-1 credit note due and none made               | must     | AC-ERP-FULL-1.1.2a, AC-ERP-FULL-1.1.2b            | A credit note for INV-1 is due.                          |
        | B     | R-1 posted, cancelled and not e-invoiced: watch | info     | SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1, GAP-17, GAP-26 | Posted, cancelled and not e-invoiced: nothing to do now. |
        | D     | R-1 posted, cancelled and not e-invoiced: watch | info     | SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1, GAP-17, GAP-26 | Posted, cancelled and not e-invoiced: nothing to do now. |

  Rule: One number is one order, and one forward PO is for one order

    By the public descriptions there is one forward PO for each order.

    Scenario: An order number on rows with different units, and a forward PO on rows of two orders
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | posted | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | -      | 2026-06-04 12:00 | carried out |
        | A     | 2     | 2               | the seller | FULFILLABLE | -      | 2026-06-05 12:00 | carried out |
      And the order report of Ajio
        | order | forward PO | units | cancelled |
        | A     | PO-1       | 3     | 3         |
        | B     | PO-2       | 1     | 0         |
        | C     | PO-2       | 1     | 0         |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                   | strength | rests on | why                                                                               |
        | A     | R-8 one id and two orders | must     | flow     | Rows with one order number differ in their units ordered: they can be two orders. |
        | B     | R-8 one id and two orders | must     | flow     | One forward PO is on rows of different orders.                                    |
