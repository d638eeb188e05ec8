@audit
Feature: E-invoices that come late, or have no counterpart

  Where an order was posted and is cancelled before its e-invoice exists, the SOP asks for
  nothing at that moment. The ERP may still make the e-invoice later. An audit that reads
  the day book sees it. It also sees an e-invoice of which no order is known, an order that
  was packed without one, and a credit note for an invoice that is not there.

  Source: SOPs For Clients, version 1, cancellation by the seller, model 1; GAP-05, GAP-17
  and GAP-28 for what it does not say.

  Background:
    Given the orders are invoiced through the client's ERP

  @GAP-17
  Rule: The SOP does not say what happens to an e-invoice that is made after the cancellation; we assume that it is credited

    This is our reading of GAP-17.

    @SC-ERP-FULL-1.2.1
    Scenario: Of two cancelled orders, one is watched, and the other has a late e-invoice
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | posted           | e-invoice | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | 2026-06-04 09:00 | -         | 2026-06-04 12:00 | carried out |
        | B     | 1     | 1               | the seller | FULFILLABLE | 2026-06-04 09:00 | -         | 2026-06-04 12:00 | carried out |
      And the day book of the ERP
        | document | number | dated      | value   | order |
        | invoice  | INV-B  | 2026-07-09 | 1400.00 | B     |
      And the file claims to hold all documents from 2026-04-01 to 2026-07-15
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                         | strength | rests on                                          | why                                                                            |
        | A     | R-1 posted, cancelled and not e-invoiced: watch | info     | SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1, GAP-17, GAP-26 | Posted, cancelled and not e-invoiced: nothing to do now.                       |
        | B     | R-2 late e-invoice                              | must     | GAP-17                                            | The e-invoice was made after the cancellation. A credit note for INV-B is due. |
      And the duties on that day are
        | order | e-invoice | status | left    | days | standing |
        | B     | INV-B     | open   | 1400.00 | 41   | reminder |

  Rule: An e-invoice belongs to an order, and an order that was packed has an e-invoice

    The SOP does not say what an e-invoice without its order is (GAP-05). That PACKED means
    an invoice is a fact of the public descriptions. That an order is at most 7 days older
    than its e-invoice is assumed, and can be set; it decides which report has to have the order.

    @GAP-05
    Scenario: An e-invoice of Ajio without an order counts if the report covers its month, and is a question otherwise
      Given the order report of Ajio
        | order | units | cancelled |
        | A     | 1     | 0         |
      And the file claims to hold all orders from 2026-06-01 to 2026-06-30
      And the day book of the ERP
        | document | number | dated      | order | channel |
        | invoice  | INV-A  | 2026-06-04 | A     | Ajio    |
        | invoice  | INV-B  | 2026-06-09 | B     | Ajio    |
        | invoice  | INV-C  | 2026-07-10 | C     | Ajio    |
        | invoice  | INV-D  | 2026-06-09 | D     | -       |
        | invoice  | INV-E  | 2026-06-09 | E     | other   |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                                          | strength  | rests on     | why                                                                                                                                                               |
        | B     | R-3 invoice without an order, or packed order without an invoice | must      | GAP-05, ours | The e-invoice INV-B is for an order that no report of orders has. ajio.csv: no row of it, and the file claims to be complete.                                     |
        | C     | R-3 invoice without an order, or packed order without an invoice | uncertain | GAP-05       | The e-invoice INV-C is for an order that no report of orders has. ajio.csv: no row of it, and the file does not claim to hold it.                                 |
        | D     | R-3 invoice without an order, or packed order without an invoice | uncertain | GAP-05, ours | The e-invoice INV-D is for an order that no report of orders has. ajio.csv: no row of it, and the file claims to be complete. It can be of another sales channel. |

    Scenario: Of two orders that were delivered, one has no e-invoice in a day book that claims to hold all documents
      Given the order report of Ajio
        | order | placed     | units | cancelled | status    |
        | A     | 2026-06-04 | 1     | 0         | delivered |
        | B     | 2026-06-04 | 1     | 0         | delivered |
      And the day book of the ERP
        | document | number | dated      | order |
        | invoice  | INV-B  | 2026-06-04 | B     |
      And the file claims to hold all documents from 2026-04-01 to 2026-07-15
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                                          | strength | rests on | why                                                                                                                   |
        | A     | R-3 invoice without an order, or packed order without an invoice | must     | flow     | The order was packed, and no e-invoice is named. daybook.csv: no e-invoice of it, and the file claims to be complete. |

  @GAP-28
  Rule: A credit note credits an invoice that is there

    Scenario: A credit note names an invoice that no file has
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | posted | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | -      | 2026-06-04 12:00 | carried out |
      And the day book of the ERP
        | document    | number | dated      | for invoice |
        | credit note | CN-1   | 2026-07-08 | INV-99      |
      And the file claims to hold all documents from 2026-04-01 to 2026-07-15
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                             | strength | rests on | why                                                                                                       |
        | -     | R-7 credit note without its invoice | must     | GAP-28   | CN-1 credits INV-99, which no file has. daybook.csv: no such invoice, and the file claims to be complete. |
