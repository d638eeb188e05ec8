@GAP-40
Feature: Units are missing or damaged at packing

  Now and then a unit cannot be found, or is damaged, when the order is about to be
  packed. The SOP does not mention this. By the public description of the flow the whole
  order is cancelled where the client's ERP made the e-invoice. For RMS there is no public
  text; that only the missing units are cancelled there is our inference.

  Source: none; not covered by the SOP. GAP-40 has the public facts and our choice.

  Rule: The SOP does not say what to do about a missing unit; we assume that under the client's ERP the seller cancels the full order

    @SC-ERP-PART-2
    Scenario: The missing unit alone cannot be cancelled
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      When the seller cancels 1 unit of the order, because units are missing at packing
      Then the request is refused
      And the request rests on SC-ERP-PART-2
      And 3 units are left to fulfil

    Scenario: The full order is cancelled, and its e-invoice is credited
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      When the seller cancels the order, because units are missing at packing
      Then the request is allowed
      And the order is CANCELLED
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |

  Rule: The SOP does not say what to do about a missing unit; we assume that under RMS the seller cancels only that unit

    Scenario: The rest is packed and invoiced
      Given an order of 3 units, invoiced through RMS
      And the order has been released
      And the seller has cancelled 1 unit of the order, because units are missing at packing
      When the order is packed
      Then the order is PACKED
      And 2 units are left to fulfil
      And its e-invoice is generated
      And the client has no open duty
