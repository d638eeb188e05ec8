@GAP-24
Feature: Cancelling units of an order

  An order has one or more units. A partial cancellation takes some of them; what is
  left is fulfilled. The SOP speaks of parts without saying what a part is.

  Source: none; the SOP is silent. GAP-24 and GAP-39 have the readings and our choices.

  Rule: The SOP does not say what a part of an order is; we take it that it is anything less than all

    Scenario: A part leaves the rest to be fulfilled
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been allocated
      When the seller cancels 2 units of the order
      Then the request is allowed
      And the order is FULFILLABLE
      And 1 unit is left to fulfil
      And the client has no open duty

    Scenario: Under RMS a part can go while the order is in the warehouse
      Given an order of 3 units, invoiced through RMS
      And the order has been released
      When Ajio cancels 1 unit of the order
      Then the request is allowed
      And the order is PROCESSING
      And 2 units are left to fulfil
      And the client has no open duty

    Scenario: Parts can go one after the other
      Given an order of 3 units, invoiced through RMS
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      When the seller cancels 1 unit of the order
      Then the request is allowed
      And 1 unit is left to fulfil

    Scenario: No more than what is left can go
      Given an order of 3 units, invoiced through RMS
      And the order has been released
      And the seller has cancelled 1 unit of the order
      When the seller is to cancel 3 units of the order
      Then that is impossible: "units must be a whole number from 1 to 2, got 3"

  @GAP-39
  Rule: The SOP does not say what a part is that leaves nothing; we take it that it is the full order

    Scenario: Every unit at once is a full cancellation
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      When the seller cancels 3 units of the order
      Then the request is allowed
      And the request is answered by our reading of GAP-39
      And the order is CANCELLED
      And 0 units are left to fulfil
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |

    Scenario: The last unit that is left is a full cancellation
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been allocated
      And the seller has cancelled 2 units of the order
      When the seller cancels 1 unit of the order
      Then the request is allowed
      And the request is answered by our reading of GAP-39
      And the order is CANCELLED
      And 0 units are left to fulfil

    Scenario: A part of all by Ajio does not wait for packing
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      When Ajio cancels 3 units of the order
      Then the request is allowed
      And the request is answered by our reading of GAP-39
      And the order is CANCELLED
      And no error has stopped the packing
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |
