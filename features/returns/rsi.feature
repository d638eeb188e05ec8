@RT-RSI
Feature: A unit comes back, and Ajio bills it to the seller

  RSI stands for return sales invoice: for every returned unit Ajio sells the goods
  back to the seller. The seller finds these invoices in a report of the Ajio VMS
  Reports UI and may book the goods in, with an inward PO (a purchase order for
  goods coming in) and a GRN (the receipt of the goods), both by hand in the ERP.
  The quality check of a unit is not recorded yet, or it is pass, fail or missing.

  Source: SOPs For Clients, version 1, return processing, model 1.

  @RT-RSI-0 @RT-RSI-1 @RT-RSI-3a @RT-RSI-3b @GAP-32
  Rule: The SOP orders the client to do by hand what its own steps only permit; we take it that each step is open to the client, and none is a duty

    Scenario: A unit that passed can be kept as a reference or booked in
      Given a returned unit whose quality check is pass
      When the client turns to the return
      Then the client's follow-up is
        | may | get the RSI report                  |
        | may | keep the report as a reference only |
        | may | create an inward PO in the ERP      |
        | may | do the GRN in the ERP               |
      And all of it is done by hand
      And the answer rests on RT-RSI-0, RT-RSI-1, RT-RSI-3a, RT-RSI-3b
      And it is our reading of GAP-32, GAP-42

    Scenario: The reference and the booking are alternatives
      Given a returned unit whose quality check is pass
      When the client turns to the return
      Then it is one or the other
        | keep the report as a reference only | create an inward PO in the ERP |
        | keep the report as a reference only | do the GRN in the ERP          |

    @as-written
    Scenario: As written, a duty stands against a permission
      Given the SOP is taken as written
      And a returned unit whose quality check is pass
      When the client turns to the return
      Then what the client must do is an open question
      And all of it is done by hand
      And the answer rests on RT-RSI-0
      And the question is registered as GAP-32

    Scenario: Each step has its place
      Given a returned unit whose quality check is pass
      When the client turns to the return
      Then each task has its place
        | get the RSI report                  | seller | Ajio VMS Reports UI |
        | keep the report as a reference only | seller |                     |
        | create an inward PO in the ERP      | seller | client's ERP        |
        | do the GRN in the ERP               | seller | client's ERP        |

    Scenario Outline: Before the quality check nothing is said
      Given the SOP is taken as <reading>
      And a returned unit whose quality check is not recorded
      When the client turns to the return
      Then what the client must do is an open question
      And the unit goes to no stock
      And there is nothing to settle with Ajio
      And no clause says so
      And the question is registered as GAP-32, GAP-42

      Examples: Both readings
        | reading   |
        | written   |
        | practised |

  @GAP-50 @GAP-51
  Rule: The SOP does not say who books the goods of a report kept as a reference, nor what an inward PO holds; we take it that the client chooses

    Scenario: The choice leaves questions
      Given a returned unit whose quality check is pass
      When the client turns to the return
      Then beside it stands the question of GAP-50, GAP-51

  @GAP-42
  Rule: The SOP does not say when a return counts as processed; we take it that it does once its quality check is recorded

    Scenario: A good unit can be sold again
      Given a returned unit whose quality check is pass
      When the client turns to the return
      Then the unit goes to saleable stock
      And there is nothing to settle with Ajio
      And it is our reading of GAP-32, GAP-42

    Scenario: A bad unit is set aside and claimed
      Given a returned unit whose quality check is fail
      When the client turns to the return
      Then the unit goes to quarantine
      And it is settled with Ajio by an offline claim
      And it is our reading of GAP-32, GAP-42

    Scenario: A bad unit counts as processed like a good one
      Given a returned unit whose quality check is fail
      When the client turns to the return
      Then the client's follow-up is
        | may | get the RSI report                  |
        | may | keep the report as a reference only |
        | may | create an inward PO in the ERP      |
        | may | do the GRN in the ERP               |
      And all of it is done by hand
      And the answer rests on RT-RSI-0, RT-RSI-1, RT-RSI-3a, RT-RSI-3b

    Scenario: A unit that never arrived is claimed, and no goods are received
      Given a returned unit whose quality check is missing
      When the client turns to the return
      Then the client's follow-up is
        | may | get the RSI report                  |
        | may | keep the report as a reference only |
      And all of it is done by hand
      And the unit goes to no stock
      And it is settled with Ajio by an offline claim
      And no clause says so
      And it is our reading of GAP-32, GAP-42

    Scenario: The report of a unit that never arrived has its place
      Given a returned unit whose quality check is missing
      When the client turns to the return
      Then each task has its place
        | get the RSI report                  | seller | Ajio VMS Reports UI |
        | keep the report as a reference only | seller |                     |

    @as-written
    Scenario Outline: As written, only a unit that passed is surely processed
      Given the SOP is taken as written
      And a returned unit whose quality check is <quality check>
      When the client turns to the return
      Then what the client must do is an open question
      And the unit goes to no stock
      And there is nothing to settle with Ajio
      And no clause says so
      And the question is registered as GAP-32, GAP-42

      Examples: Not passed
        | quality check |
        | fail          |
        | missing       |
