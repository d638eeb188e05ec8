@RT-RSI
Feature: What the client does with a returned unit under RSI

  RSI stands for return sales invoice. For every return that is successfully processed the
  SOP says that the seller has to do tasks by hand, and of each task that the seller can
  do it: get the RSI report, down to the single item, in the Ajio VMS Reports UI, and use
  it either as a reference only, or to create an inward PO and do the GRN in the ERP. It
  does not explain these words. By the public descriptions Ajio issues a sales invoice to
  the seller for each returned unit; an inward PO is a purchase order for goods that come
  in, and a GRN the receipt of the goods. The quality check, which is pass, fail or
  missing once it is recorded, is not in the SOP either; we assume that a return is
  processed once it is recorded (GAP-42). What an inward PO holds (GAP-51), and whether a
  parcel that comes back undelivered is a return (GAP-49), are questions.

  Source: SOPs For Clients, version 1, return processing, model 1.

  @RT-RSI-0 @RT-RSI-1 @RT-RSI-3a @RT-RSI-3b @GAP-32
  Rule: The SOP says that the client has to do tasks by hand, and that it can do each of them; we assume that each step is permitted, and none is a duty

    @GAP-42
    Scenario: For a unit that passed the client may keep the report as a reference or book the goods in
      Given a returned unit whose quality check is pass
      When the client handles the returned unit
      Then the client's follow-up is
        | may | get the RSI report                  |
        | may | keep the report as a reference only |
        | may | create an inward PO in the ERP      |
        | may | do the GRN in the ERP               |
      And all tasks are done by hand
      And the answer rests on RT-RSI-0, RT-RSI-1, RT-RSI-3a, RT-RSI-3b
      And it is our reading of GAP-32, GAP-42

    @as-written
    Scenario: As written, it is open whether a step is a duty
      Given the SOP is taken as written
      And a returned unit whose quality check is pass
      When the client handles the returned unit
      Then what the client must do is an open question
      And all tasks are done by hand
      And the answer rests on RT-RSI-0
      And the question is registered as GAP-32

    Scenario: Who does each step for a unit that passed, and where
      Given a returned unit whose quality check is pass
      When the client handles the returned unit
      Then these are the tasks, who does them and where
        | get the RSI report                  | seller | Ajio VMS Reports UI |
        | keep the report as a reference only | seller |                     |
        | create an inward PO in the ERP      | seller | client's ERP        |
        | do the GRN in the ERP               | seller | client's ERP        |

  @RT-RSI-3a @RT-RSI-3b @GAP-50
  Rule: The SOP says that the report is used as a reference or to book the goods, but not whether one excludes the other; we assume that it does

    Scenario: The reference and the booking are alternatives
      Given a returned unit whose quality check is pass
      When the client handles the returned unit
      Then the client does one task of each row, not both
        | keep the report as a reference only | create an inward PO in the ERP |
        | keep the report as a reference only | do the GRN in the ERP          |
      And the question of GAP-50 is shown beside the answer

  @GAP-32 @GAP-42
  Rule: The SOP does not say when a return counts as processed; we assume that it does once its quality check is recorded

    Scenario Outline: Before the quality check is recorded, what to do is open
      Given the SOP is taken as <reading>
      And a returned unit whose quality check is not recorded
      When the client handles the returned unit
      Then what the client must do is an open question
      And the unit goes to no stock
      And there is nothing to settle with Ajio
      And no clause says so
      And the question is registered as GAP-32, GAP-42

      @as-written
      Examples: As written
        | reading |
        | written |

      Examples: As practised
        | reading   |
        | practised |

    Scenario: A unit that passed goes to saleable stock
      Given a returned unit whose quality check is pass
      When the client handles the returned unit
      Then the unit goes to saleable stock
      And there is nothing to settle with Ajio
      And it is our reading of GAP-32, GAP-42

    Scenario: A unit that failed goes to quarantine and is claimed
      Given a returned unit whose quality check is fail
      When the client handles the returned unit
      Then the unit goes to quarantine
      And it is settled with Ajio by an offline claim
      And it is our reading of GAP-32, GAP-42

    @RT-RSI-0 @RT-RSI-1 @RT-RSI-3a @RT-RSI-3b
    Scenario: A unit that failed counts as processed like one that passed
      Given a returned unit whose quality check is fail
      When the client handles the returned unit
      Then the client's follow-up is
        | may | get the RSI report                  |
        | may | keep the report as a reference only |
        | may | create an inward PO in the ERP      |
        | may | do the GRN in the ERP               |
      And all tasks are done by hand
      And the answer rests on RT-RSI-0, RT-RSI-1, RT-RSI-3a, RT-RSI-3b

    Scenario: A unit that is missing is claimed, and no goods are received
      Given a returned unit whose quality check is missing
      When the client handles the returned unit
      Then the client's follow-up is
        | may | get the RSI report                  |
        | may | keep the report as a reference only |
      And all tasks are done by hand
      And the unit goes to no stock
      And it is settled with Ajio by an offline claim
      And no clause says so
      And it is our reading of GAP-32, GAP-42

    Scenario: Who does each step for a unit that is missing, and where
      Given a returned unit whose quality check is missing
      When the client handles the returned unit
      Then these are the tasks, who does them and where
        | get the RSI report                  | seller | Ajio VMS Reports UI |
        | keep the report as a reference only | seller |                     |

    @as-written
    Scenario Outline: As written, it is open whether a unit that did not pass is processed
      Given the SOP is taken as written
      And a returned unit whose quality check is <quality check>
      When the client handles the returned unit
      Then what the client must do is an open question
      And the unit goes to no stock
      And there is nothing to settle with Ajio
      And no clause says so
      And the question is registered as GAP-32, GAP-42

      Examples: Not passed
        | quality check |
        | fail          |
        | missing       |
