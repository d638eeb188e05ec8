@AC-ERP @AC-ERP-PART
Feature: A part cancelled by Ajio stops the packing

  Under the client's ERP a partial cancellation by Ajio is not supported, and yet one
  may come in. Until the order is packed nobody notices. The error at packing starts
  the client's duties; they end with the whole order cancelled on both sides.

  Source: SOPs For Clients, version 1, Ajio business cancellation, model 1, part of an order.

  @AC-ERP-PART-1b @GAP-12
  Rule: A partial cancellation by Ajio may come in, and nothing shows until packing

    Scenario Outline: Before packing the order looks untouched
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been <so far>
      When Ajio cancels 1 unit of the order
      Then the request fails at packing
      And the order is <stage>
      And 3 units are left to fulfil
      And no error has stopped the packing
      And the client has no open duty

      Examples: From allocation to release
        | so far    | stage       |
        | allocated | FULFILLABLE |
        | released  | PROCESSING  |

  @AC-ERP-PART-1c @AC-ERP-PART-1d @AC-ERP-PART-1.1 @AC-ERP-PART-1.2 @AC-ERP-PART-1.4a
  Rule: The error at packing says that the order is to be cancelled both at Ajio and in Assure OMS

    Scenario: The error starts the client's duties
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      When the order is packed
      Then an error stops the packing
      And the client's duties are to
        | ask Ajio to cancel the order by hand              |
        | cancel the order in Assure OMS                    |
        | make a credit note by hand and keep it in the ERP |
      And the duty to cancel the order in Assure OMS comes from AC-ERP-PART-1.2

    Scenario: However early the part was cancelled, the error comes at packing
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been allocated
      And Ajio has cancelled 1 unit of the order
      And the order has gone on until it was released
      When the order is packed
      Then an error stops the packing
      And the order is PROCESSING

    Scenario: Without such a cancellation packing goes through
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      When the order is packed
      Then the order is PACKED
      And no error has stopped the packing

    Scenario: Under RMS the order is packed without the part
      Given an order of 3 units, invoiced through RMS
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      When the order is packed
      Then the order is PACKED
      And 2 units are left to fulfil
      And no error has stopped the packing

  @GAP-29
  Rule: The SOP does not say whether the order is PACKED after the error; we take it that it is not, so that it can still be cancelled

    Scenario: The error comes before the order is PACKED
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      When the order is packed
      Then the order is PROCESSING

    Scenario: A second try does not help
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      And it has since been packed
      When the order is to be packed
      Then that is impossible: the order is "PROCESSING under ERP with its e-invoice pushed, with a packing error" and would have to be "PROCESSING without a packing error"

    Scenario: Cancelling in Assure OMS is done by cancelling
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      And it has since been packed
      When the seller cancels the order
      Then the request is allowed
      And the order is CANCELLED
      And the client's duties are to
        | ask Ajio to cancel the order by hand              |
        | make a credit note by hand and keep it in the ERP |

  @GAP-30
  Rule: The SOP does not say which cancellation reaches the other side, nor whether both count; we take it that both sides have to be cancelled, in any order, and that one credit note covers both

    Scenario: Ajio's own cancellation adds no second credit note
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      And it has since been packed
      And the client has done its duty to ask Ajio to cancel the order by hand
      And the seller has cancelled the order
      When Ajio cancels the order
      Then the request is without effect
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |

    Scenario: A full cancellation by Ajio clears both sides at once
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      And it has since been packed
      When Ajio cancels the order
      Then the order is CANCELLED
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |

    Scenario: All four steps done, nothing is left
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      And it has since been packed
      And the client has done its duty to ask Ajio to cancel the order by hand
      And the seller has cancelled the order
      When the client does its duty to make a credit note by hand and keep it in the ERP
      Then the order is CANCELLED
      And the client has no open duty

    Scenario: If the whole order is cancelled before packing, no error comes
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      When the seller cancels the order
      Then the order is CANCELLED
      And no error has stopped the packing
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |
