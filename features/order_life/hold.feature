Feature: An order on hold is cancelled

  The SOP does not mention holds. By the public descriptions every order from Ajio is on
  hold for its first hours, so that the customer can still cancel, and an order on hold is
  not released to the warehouse. The other features leave the hold out. Here a step of its
  own puts an order on hold or takes it off hold.

  Source: none; not covered by the SOP. GAP-38 has the readings and our choice.

  @GAP-38
  Rule: The SOP does not say whether an order on hold can be cancelled; we assume that a hold changes no answer

    Scenario Outline: An order on hold can be cancelled in full
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been <so far>
      And it has since been put on hold
      When <canceller> cancels the order
      Then the request is allowed
      And the order is CANCELLED

      Examples: On hold with and without an e-invoice
        | so far     | canceller  |
        | allocated  | the seller |
        | e-invoiced | the seller |
        | posted     | Ajio       |

    Scenario: Part of a posted order on hold cannot be cancelled either
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been posted
      And it has since been put on hold
      When the seller cancels 1 unit of the order
      Then the request fails on screen
      And 2 units are left to fulfil

    Scenario: The credit note is due when an e-invoiced order on hold is cancelled
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been e-invoiced
      And it has since been put on hold
      When the seller cancels the order
      Then the client's duties are to
        | make a credit note by hand and keep it in the ERP |

  Rule: An order on hold is not released to the warehouse

    This is from the public descriptions; the SOP does not mention it.

    Scenario: An order on hold cannot be released
      Given an order of 2 units, invoiced through RMS
      And the order has been allocated
      And it has since been put on hold
      When someone tries to get the order released
      Then that is impossible, because it is on hold

    Scenario: An order that is taken off hold can be released
      Given an order of 2 units, invoiced through RMS
      And the order has been allocated
      And it has since been put on hold
      And it has since been taken off hold
      When the order is released
      Then the order is PROCESSING
