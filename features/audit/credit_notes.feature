@audit
Feature: Credit notes that are due, made, or wrong

  Each e-invoice of an order that was cancelled in full needs a credit note. The export of
  Assure says which e-invoices these are, and the day book of the ERP says which credit notes
  were made. A note is matched by the number of the invoice that it names, and by nothing
  weaker. The SOP says nothing of amounts, dates and numbers (GAP-28).

  Source: SOPs For Clients, version 1, the credit note after each cancellation; GAP-28 and
  GAP-43 for the rest.

  Background:
    Given the orders are invoiced through the client's ERP

  @SC-ERP-FULL-1.1.2a @GAP-28
  Rule: An e-invoice of a cancelled order is credited by one note for the whole amount

    Scenario: Of four e-invoices one is not credited, one is, one is in part, and one twice
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | e-invoice | e-invoiced       | pushed | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | INV-A     | 2026-06-04 10:00 | -      | 2026-06-04 12:00 | carried out |
        | B     | 1     | 1               | the seller | FULFILLABLE | INV-B     | 2026-06-04 10:00 | -      | 2026-06-20 12:00 | carried out |
        | C     | 1     | 1               | the seller | FULFILLABLE | INV-C     | 2026-06-04 10:00 | -      | 2026-06-20 12:00 | carried out |
        | D     | 1     | 1               | the seller | FULFILLABLE | INV-D     | 2026-06-04 10:00 | -      | 2026-06-20 12:00 | carried out |
      And the day book of the ERP
        | document    | number | dated      | value     | for invoice |
        | invoice     | INV-A  | 2026-06-04 | 1400.00   | -           |
        | invoice     | INV-B  | 2026-06-04 | 1400.00   | -           |
        | invoice     | INV-C  | 2026-06-04 | 210000.00 | -           |
        | invoice     | INV-D  | 2026-06-04 | 1400.00   | -           |
        | credit note | CN-1   | 2026-06-21 | 1400.00   | INV-B       |
        | credit note | CN-2   | 2026-06-22 | 200000.00 | INV-C       |
        | credit note | CN-3   | 2026-06-23 | 1400.00   | INV-D       |
        | credit note | CN-4   | 2026-06-24 | 1400.00   | INV-D       |
      And the file claims to hold all documents from 2026-04-01 to 2026-07-15
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                                | strength | rests on                               | why                                                                                |
        | A     | D-1 credit note due and none made                      | must     | SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b | A credit note for INV-A is due.                                                    |
        | C     | D-3 credit note not whole, or in excess of its invoice | must     | GAP-28                                 | CN-2 credits ₹10,000.00 less than the e-invoice; the duty stays open for the rest. |
        | D     | D-4 superfluous credit note                            | must     | GAP-28                                 | CN-4 is a second credit note for the invoice INV-D.                                |
      And the duties on that day are
        | order | e-invoice | status      | left     | days | standing | done by |
        | A     | INV-A     | open        | 1400.00  | 41   | reminder | -       |
        | B     | INV-B     | done        | 0.00     | 25   | -        | CN-1    |
        | C     | INV-C     | partly done | 10000.00 | 25   | due      | CN-2    |
        | D     | INV-D     | done        | 0.00     | 25   | -        | CN-3    |

  Rule: The SOP does not say what a credit note must look like; we assume that it names its invoice, and credits all of it and no more

    @GAP-28
    Scenario: A note without an invoice closes no duty, one for too much does, and one before the cancellation is a question
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | e-invoice | e-invoiced       | pushed | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | INV-A     | 2026-06-04 10:00 | -      | 2026-06-04 12:00 | carried out |
        | B     | 1     | 1               | the seller | FULFILLABLE | INV-B     | 2026-06-04 10:00 | -      | 2026-06-04 12:00 | carried out |
        | C     | 1     | 1               | the seller | FULFILLABLE | INV-C     | 2026-06-04 10:00 | -      | 2026-06-04 12:00 | carried out |
      And the day book of the ERP
        | document    | number | dated      | value   | for invoice | order |
        | invoice     | INV-A  | 2026-06-04 | 1400.00 | -           | A     |
        | invoice     | INV-B  | 2026-06-04 | 1400.00 | -           | B     |
        | invoice     | INV-C  | 2026-06-04 | 1400.00 | -           | C     |
        | credit note | CN-1   | 2026-06-10 | 1400.00 | -           | A     |
        | credit note | CN-2   | 2026-06-10 | 1500.00 | INV-B       | B     |
        | credit note | CN-3   | 2026-06-03 | 1400.00 | INV-C       | C     |
      And the file claims to hold all documents from 2026-04-01 to 2026-07-15
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                                | strength | rests on                               | why                                                                                                   |
        | A     | D-1 credit note due and none made                      | must     | SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b | A credit note for INV-A is due.                                                                       |
        | A     | D-6 credit note names no invoice                       | ask      | GAP-28                                 | CN-1 names no invoice. INV-A of the same order has the same value: a suggestion, the duty stays open. |
        | B     | D-3 credit note not whole, or in excess of its invoice | must     | GAP-28                                 | CN-2 credits ₹100.00 more than the invoice INV-B.                                                     |
        | C     | D-5 credit note before the cancellation or the invoice | ask      | ours                                   | CN-3 is dated before the cancellation and the e-invoice.                                              |
      And the duties on that day are
        | order | e-invoice | status | left    | days | standing | done by |
        | A     | INV-A     | open   | 1400.00 | 41   | reminder | -       |
        | B     | INV-B     | done   | -100.00 | 41   | -        | CN-2    |
        | C     | INV-C     | done   | 0.00    | 41   | -        | CN-3    |

    Scenario: A number that two credit notes have closes neither duty
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | e-invoice | e-invoiced       | pushed | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | INV-A     | 2026-06-04 10:00 | -      | 2026-06-04 12:00 | carried out |
        | B     | 1     | 1               | the seller | FULFILLABLE | INV-B     | 2026-06-04 10:00 | -      | 2026-06-04 12:00 | carried out |
      And the day book of the ERP
        | document    | number | dated      | for invoice |
        | credit note | CN-1   | 2026-06-10 | INV-A       |
        | credit note | CN-1   | 2026-06-11 | INV-B       |
      And the file claims to hold all documents from 2026-04-01 to 2026-07-15
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                | strength | rests on                               | why                                                                         |
        | -     | D-7 number of a credit note used twice | must     | law                                    | The number CN-1 is on 2 different credit notes; none of them closes a duty. |
        | A     | D-1 credit note due and none made      | must     | SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b | A credit note for INV-A is due.                                             |
        | B     | D-1 credit note due and none made      | must     | SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b | A credit note for INV-B is due.                                             |
      And the duties on that day are
        | order | e-invoice | status | days | standing |
        | A     | INV-A     | open   | 41   | reminder |
        | B     | INV-B     | open   | 41   | reminder |

  @SC-ERP-FULL-1.2.1 @GAP-28 @GAP-32
  Rule: A credit note that nothing asks for is superfluous

    SC-ERP-FULL-1.2.1 asks for no action where there is no e-invoice. GAP-32 asks what is done after a return.

    Scenario: One note is for an order without an e-invoice, one for an order that was delivered
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | e-invoice | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | -         | 2026-06-04 12:00 | carried out |
      And the order report of Ajio
        | order | units | cancelled | status    |
        | A     | 1     | 1         | cancelled |
        | B     | 1     | 0         | delivered |
      And the day book of the ERP
        | document    | number | dated      | for invoice | order |
        | invoice     | INV-B  | 2026-06-04 | -           | B     |
        | credit note | CN-1   | 2026-06-10 | -           | A     |
        | credit note | CN-2   | 2026-06-10 | INV-B       | B     |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                          | strength | rests on                          | why                                                                                                              |
        | A     | D-4 superfluous credit note      | must     | SC-ERP-FULL-1.2.1, GAP-26, GAP-28 | CN-1 credits an order that was cancelled without an e-invoice.                                                   |
        | A     | D-6 credit note names no invoice | ask      | GAP-28                            | CN-1 names no invoice.                                                                                           |
        | B     | D-4 superfluous credit note      | must     | GAP-28, GAP-32                    | CN-2 credits an order of which nothing is cancelled. If it was returned, the SOP does not ask for a credit note. |
      And the client has no duty on that day

  @SC-ERP-FULL-1.1.2c
  Rule: A credit note need not be shared with Ajio, and sharing it is no breach

    Scenario: A credit note that was shared is only mentioned
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | e-invoice | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | INV-A     | 2026-06-04 12:00 | carried out |
      And the day book of the ERP
        | document    | number | dated      | value   | for invoice | shared with Ajio |
        | invoice     | INV-A  | 2026-06-04 | 1400.00 | -           | -                |
        | credit note | CN-1   | 2026-06-10 | 1400.00 | INV-A       | yes              |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                          | strength | rests on                   | why                                                     |
        | A     | D-9 credit note shared with Ajio | info     | SC-ERP-FULL-1.1.2c, GAP-27 | CN-1 was shared with Ajio; the SOP does not ask for it. |
      And the duties on that day are
        | order | e-invoice | status | left | days | done by |
        | A     | INV-A     | done   | 0.00 | 41   | CN-1    |

  @GAP-43
  Rule: A credit note is overdue by law after 30 November that follows the financial year of its invoice

    The SOP has no deadline; GAP-43 has our reading.

    Scenario: The deadline for an invoice of March 2026 passes at the end of November
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | e-invoice | e-invoiced       | pushed | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | INV-A     | 2026-03-31 10:00 | -      | 2026-04-02 12:00 | carried out |
      When the audit is made as of 2026-12-01
      Then the audit finds
        | order | finding                           | strength | rests on                               | why                                                 |
        | A     | D-1 credit note due and none made | must     | SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b | A credit note for INV-A is due.                     |
        | A     | D-2 credit note overdue by law    | must     | GAP-43, GAP-28, law                    | The credit note is overdue by law since 2026-12-01. |
      And the duties on that day are
        | order | e-invoice | status | days | standing |
        | A     | INV-A     | open   | 243  | overdue  |

  @GAP-48
  Rule: The SOP does not say what an IRN that was cancelled at the portal means; we assume that the credit note is neither due nor done

    This is our reading of GAP-48.

    Scenario: The IRN is cancelled at the portal, and the ERP still has the e-invoice
      Given the export of cancellations from Assure
        | order | units | units cancelled | by         | OMS status  | e-invoice | cancelled        | result      |
        | A     | 1     | 1               | the seller | FULFILLABLE | INV-A     | 2026-06-04 12:00 | carried out |
      And the day book of the ERP
        | document | number | dated      | value   | order | status |
        | invoice  | INV-A  | 2026-06-04 | 1400.00 | A     | valid  |
      And the documents at the e-invoice portal
        | document | number | dated      | IRN       |
        | invoice  | INV-A  | 2026-06-04 | cancelled |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                                          | strength | rests on    | why                                                                                            |
        | A     | D-8 IRN cancelled at the portal                                  | ask      | GAP-48      | The IRN of the e-invoice was cancelled at the portal; the credit note is neither due nor done. |
        | A     | R-6 cancelled in the ERP and valid at the portal, or the reverse | ask      | GAP-48, law | INV-A: its IRN is cancelled and the ERP has it.                                                |
      And the duties on that day are
        | order | e-invoice | status   | left    | days |
        | A     | INV-A     | question | 1400.00 | 41   |
