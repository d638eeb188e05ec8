Feature: The customer cancels an order

  A fact of the flow, not of the SOP: for a short while after ordering the customer may
  cancel at Ajio. The order is not acknowledged before that time is over, so it is
  neither posted to the client's ERP nor released to the warehouse then. Every other
  cancellation is somebody's business: the seller's or Ajio's.

  Source: none; the SOP speaks of cancellations by the seller and by Ajio alone.

  Rule: The customer cancels before the order is posted or released, and the client has nothing to do

    Scenario Outline: The order ends before anybody has worked on it
      Given an order of 2 units, invoiced through <invoicing>
      And the order has been allocated
      When the customer cancels the order
      Then the order is CANCELLED
      And 0 units are left to fulfil
      And its e-invoice is not posted
      And the client has no open duty

      Examples: Either way of invoicing
        | invoicing        |
        | the client's ERP |
        | RMS              |

    Scenario: Once it is posted, the customer no longer cancels
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been posted
      When the customer is to cancel the order
      Then that is impossible: the order is "FULFILLABLE under ERP with its e-invoice posted" and would have to be "neither posted nor released"

    Scenario: Once it is in the warehouse, the customer no longer cancels
      Given an order of 2 units, invoiced through RMS
      And the order has been released
      When the customer is to cancel the order
      Then that is impossible: the order is "PROCESSING under RMS with its e-invoice not posted" and would have to be "neither posted nor released"

  @GAP-37
  Rule: The SOP does not say what a second cancellation does; we take it that after the customer's it has no effect either

    Scenario: The seller comes too late
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been allocated
      And the customer has cancelled the order
      When the seller cancels the order
      Then the request is without effect
      And the request is answered by our reading of GAP-37
      And the order is CANCELLED
      And the client has no open duty
