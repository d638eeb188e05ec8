Feature: The customer cancels an order

  The SOP only covers cancellations by the seller and by Ajio. The public descriptions
  have a third kind: for some hours after ordering the customer may cancel at Ajio. The
  order is not acknowledged before that time is over, so it is neither posted to the
  client's ERP nor released to the warehouse then.

  Source: none; not covered by the SOP. GAP-33 and GAP-37 have the readings and our choices.

  @GAP-33
  Rule: The SOP does not mention cancellations by the customer; we assume that they come before posting and release, and leave the client nothing to do

    Scenario Outline: The customer cancels an order that is neither posted nor released
      Given an order of 2 units, invoiced through <invoicing>
      And the order has been allocated
      When the customer cancels the order
      Then the order is CANCELLED
      And 0 units are left to fulfil
      And its e-invoice is not posted
      And the client has no open duty

      Examples: Invoiced through the client's ERP, and through RMS
        | invoicing        |
        | the client's ERP |
        | RMS              |

    Scenario: The customer cannot cancel an order that is posted
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been posted
      When the customer tries to cancel the order
      Then that is impossible, because it is posted already

    Scenario: The customer cannot cancel an order that is released to the warehouse
      Given an order of 2 units, invoiced through RMS
      And the order has been released
      When the customer tries to cancel the order
      Then that is impossible, because it is released already

  @GAP-37
  Rule: The SOP does not say what a second cancellation does; we assume that it has no effect after the customer's cancellation either

    Scenario: The seller cancels an order that the customer has cancelled
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been allocated
      And the customer has cancelled the order
      When the seller cancels the order
      Then the request is without effect
      And the request is answered by our reading of GAP-37
      And the order is CANCELLED
      And the client has no open duty
