@audit
Feature: Returned units in the reports and in the ERP

  A returned unit is in the warehouse's report of returns and in the RSI report. The client
  can book it in its ERP with an inward PO and a GRN, which the SOP permits and does not
  require. An audit compares these files.

  Source: SOPs For Clients, version 1, processing of return sales invoices; GAP-32, GAP-42
  and GAP-56 for what it does not say.

  @GAP-42
  Rule: Each line of the RSI report belongs to a return that was processed

    The SOP names this report for each return that was processed (RT-RSI-1). When a return
    counts as processed is our reading of GAP-42.

    @RT-RSI-1
    Scenario: A line without a return counts, and a processed return without a line is mentioned
      Given the warehouse's report of returns
        | order | received   | quality check |
        | A     | 2026-06-20 | pass          |
        | B     | 2026-06-20 | pass          |
        | C     | 2026-06-20 | not recorded  |
      And the file claims to hold all returns from 2026-06-01 to 2026-07-15
      And the RSI report
        | order | dated      |
        | A     | 2026-06-21 |
        | D     | 2026-06-21 |
      And the file claims to hold all returns from 2026-06-01 to 2026-07-15
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                       | strength | rests on                   | why                                                                                                 |
        | B     | T-1 RSI line without a return, or the reverse | info     | RT-RSI-1, RT-RSI-2, GAP-42 | A return of the order is processed. rsi.csv: no RSI line of it, and the file claims to be complete. |
        | D     | T-1 RSI line without a return, or the reverse | must     | RT-RSI-1, RT-RSI-2, GAP-42 | The RSI report has the order. returns.csv: no return of it, and the file claims to be complete.     |

    Scenario: A missing unit has a GRN, and a unit was booked and invoiced back before its quality check
      Given the warehouse's report of returns
        | order | quality check |
        | A     | missing       |
        | B     | not recorded  |
        | C     | pass          |
      And the RSI report
        | order | dated      |
        | A     | 2026-06-21 |
        | B     | 2026-06-21 |
        | C     | 2026-06-21 |
      And the day book of the ERP
        | document  | number | dated      | order |
        | GRN       | GRN-1  | 2026-06-22 | A     |
        | inward PO | PO-2   | 2026-06-22 | B     |
        | GRN       | GRN-2  | 2026-06-22 | B     |
        | inward PO | PO-3   | 2026-06-22 | C     |
        | GRN       | GRN-3  | 2026-06-22 | C     |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                           | strength | rests on | why                                                              |
        | A     | T-3 booked in before or without its quality check | ask      | GAP-42   | A GRN books a unit that is missing.                              |
        | B     | T-3 booked in before or without its quality check | ask      | GAP-42   | It is booked or invoiced back, and no quality check is recorded. |

  @GAP-42
  Rule: From the warehouse's report the audit makes the list of the RSI report

    It has a row for each returned unit (RT-RSI-2) whose quality check is recorded, our reading
    of GAP-42. A unit that cannot be placed is left out with the reason.

    @RT-RSI-2
    Scenario: Of five units in the warehouse three are listed, one waits for its quality check, and one names no order
      Given the warehouse's report of returns
        | order | unit | received   | quality check |
        | B     | 1    | 2026-06-21 | missing       |
        | A     | 2    | 2026-06-20 | fail          |
        | A     | 1    | 2026-06-20 | pass          |
        | C     | 1    | 2026-06-20 | not recorded  |
        | -     | 1    | 2026-06-20 | pass          |
      When the audit is made as of 2026-07-15
      Then the audit lists these returned units
        | order | unit | quality check | left out                     |
        | A     | 1    | pass          | -                            |
        | A     | 2    | fail          | -                            |
        | B     | 1    | missing       | -                            |
        | -     | 1    | pass          | It names no order; enter it. |
      And the audit finds nothing

  @GAP-32
  Rule: The client can book a returned unit in its ERP; we assume that it need not, unless it says that it does

    The SOP says *can* (RT-RSI-3a, RT-RSI-3b); this is our reading of GAP-32.

    @RT-RSI-3a @RT-RSI-3b
    Scenario: A missing inward PO and GRN are mentioned
      Given the RSI report
        | order | dated      |
        | A     | 2026-06-21 |
        | B     | 2026-06-21 |
      And the day book of the ERP
        | document  | number | dated      | order |
        | inward PO | PO-1   | 2026-06-22 | A     |
        | GRN       | GRN-1  | 2026-06-22 | A     |
      And the file claims to hold all documents from 2026-06-01 to 2026-07-15
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                      | strength | rests on                     | why                                                   |
        | B     | T-2 inward PO or GRN missing | info     | RT-RSI-3a, RT-RSI-3b, GAP-32 | The order came back, and has no inward PO and no GRN. |

    @RT-RSI-3a @RT-RSI-3b
    Scenario: They count for a client that books returned goods in its ERP
      Given the client books returned goods in its ERP
      And the RSI report
        | order | dated      |
        | A     | 2026-06-21 |
        | B     | 2026-06-21 |
      And the day book of the ERP
        | document  | number | dated      | order |
        | inward PO | PO-1   | 2026-06-22 | A     |
        | GRN       | GRN-1  | 2026-06-22 | A     |
      And the file claims to hold all documents from 2026-06-01 to 2026-07-15
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                      | strength | rests on                     | why                                                   |
        | B     | T-2 inward PO or GRN missing | must     | RT-RSI-3a, RT-RSI-3b, GAP-32 | The order came back, and has no inward PO and no GRN. |

  Rule: No unit comes back twice, and no more units come back than were sent

    Scenario: A unit is in the report of returns twice, and of another order three units came back of two
      Given the warehouse's report of returns
        | order | received   | units | unit |
        | A     | 2026-06-20 | 1     | U-1  |
        | A     | 2026-06-21 | 1     | U-1  |
        | B     | 2026-06-20 | 3     | -    |
      And the order report of Ajio
        | order | shipped | cancelled |
        | A     | 2       | 0         |
        | B     | 2       | 0         |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                                   | strength | rests on | why                                 |
        | A     | T-4 returned twice, or more than was sent | must     | ours     | One unit is returned 2 times.       |
        | B     | T-4 returned twice, or more than was sent | must     | ours     | 3 units came back, and 2 were sent. |

  @GAP-32 @GAP-56
  Rule: The SOP does not say whether a unit can have a line of the RSI report and a credit note; we assume that it has one of the two

    GAP-56 and GAP-32 ask it.

    Scenario: A returned order is in the RSI report and has a credit note
      Given the warehouse's report of returns
        | order |
        | A     |
      And the RSI report
        | order | dated      |
        | A     | 2026-06-21 |
      And the day book of the ERP
        | document    | number | dated      | for invoice | order |
        | invoice     | INV-A  | 2026-06-04 | -           | A     |
        | credit note | CN-1   | 2026-06-22 | INV-A       | A     |
        | inward PO   | PO-1   | 2026-06-22 | -           | A     |
        | GRN         | GRN-1  | 2026-06-22 | -           | A     |
      When the audit is made as of 2026-07-15
      Then the audit finds
        | order | finding                      | strength | rests on       | why                                                                           |
        | A     | T-5 RSI line and credit note | ask      | GAP-56, GAP-32 | The order has an RSI line and the credit note CN-1; either reverses the sale. |
