Feature: Cancelling units of an order

  The SOP mentions partial cancellations and does not say what part of an order means,
  what applies to the rest, and whether a partial cancellation can take every unit. We
  count units: an order has one or more of them, a partial cancellation takes some, and
  the others are left to fulfil.

  Source: none; not covered by the SOP. GAP-24, GAP-39 and GAP-54 have the readings and our choices.

  @GAP-24
  Rule: The SOP does not say what part of an order means; we assume that it is anything less than all units

    Scenario: The units that are not cancelled are left to fulfil
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been allocated
      When the seller cancels 2 units of the order
      Then the request is allowed
      And the order is FULFILLABLE
      And 1 unit is left to fulfil
      And the client has no open duty

    Scenario: Under RMS some units can be cancelled while the order is in the warehouse
      Given an order of 3 units, invoiced through RMS
      And the order has been released
      When Ajio cancels 1 unit of the order
      Then the request is allowed
      And the order is PROCESSING
      And 2 units are left to fulfil
      And the client has no open duty

    Scenario: No more units can be cancelled than are left
      Given an order of 3 units, invoiced through RMS
      And the order has been released
      And the seller has cancelled 1 unit of the order
      When the seller tries to cancel 3 units of the order
      Then that is impossible, because only 2 units are left

  @GAP-54
  Rule: The SOP does not say what applies to the rest of an order; we assume that the rest is an order like any other

    Scenario: Units can be cancelled one after the other
      Given an order of 3 units, invoiced through RMS
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      When the seller cancels 1 unit of the order
      Then the request is allowed
      And 1 unit is left to fulfil

    Scenario: The rest can be cancelled in full
      Given an order of 3 units, invoiced through RMS
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      When the seller cancels the order
      Then the request is allowed
      And the order is CANCELLED
      And 0 units are left to fulfil

  @GAP-39
  Rule: The SOP does not say whether a partial cancellation can take every unit; we assume that this is a full cancellation

    Scenario: The seller cancels every unit at once
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      When the seller cancels 3 units of the order
      Then the request is allowed
      And the request is answered by our reading of GAP-39
      And the order is CANCELLED
      And 0 units are left to fulfil
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |

    Scenario: The seller cancels the last unit that is left
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been allocated
      And the seller has cancelled 2 units of the order
      When the seller cancels 1 unit of the order
      Then the request is allowed
      And the request is answered by our reading of GAP-39
      And the order is CANCELLED
      And 0 units are left to fulfil

    Scenario: Ajio cancels every unit at once, and no error at packing follows
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      When Ajio cancels 3 units of the order
      Then the request is allowed
      And the request is answered by our reading of GAP-39
      And the order is CANCELLED
      And no error has stopped the packing
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |
