@GAP-38
Feature: An order on hold is cancelled

  Every order from Ajio starts on hold, so that its buyer can still cancel. An order on
  hold waits: it is not released to the warehouse. The SOP does not know holds.

  Source: none; the SOP is silent. GAP-38 has the readings and our choice.

  Rule: The SOP does not say whether an order on hold can be cancelled; we take it that a hold changes no answer

    Scenario Outline: On hold or not, the answer is the same
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been <so far>
      And it has since been put on hold
      When <canceller> cancels the order
      Then the request is allowed
      And the order is CANCELLED

      Examples: Waiting with and without an e-invoice
        | so far     | canceller  |
        | allocated  | the seller |
        | e-invoiced | the seller |
        | posted     | Ajio       |

    Scenario: A hold protects no part of a posted order
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been posted
      And it has since been put on hold
      When the seller cancels 1 unit of the order
      Then the request fails on screen
      And 2 units are left to fulfil

    Scenario: A hold takes no duty away
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been e-invoiced
      And it has since been put on hold
      When the seller cancels the order
      Then the client's duties are to
        | make a credit note by hand and keep it in the ERP |

  Rule: An order on hold is not released to the warehouse

    Scenario: The hold comes first
      Given an order of 2 units, invoiced through RMS
      And the order has been allocated
      And it has since been put on hold
      When the order is to be released
      Then that is impossible: the order is "FULFILLABLE under RMS with its e-invoice not posted, on hold" and would have to be "FULFILLABLE, not on hold"

    Scenario: Off hold, the order goes on
      Given an order of 2 units, invoiced through RMS
      And the order has been allocated
      And it has since been put on hold
      And it has since been taken off hold
      When the order is released
      Then the order is PROCESSING
