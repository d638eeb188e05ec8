Feature: Packing fails after Ajio cancelled part of an order

  Under the client's ERP a partial cancellation by Ajio is not supported, and yet one may
  arrive. Then an error comes when packing is tried, and says that the order has to be
  cancelled both at Ajio and in Assure. The client's steps are for that event, so they
  fall due then. The SOP does not say whether the client learns of the cancellation
  earlier, whether the order is PACKED after the error, and in which sequence the two
  sides are cancelled; we assume an answer to each (GAP-12, GAP-29, GAP-30). How long the
  order may wait for Ajio is a question (GAP-47).

  Source: SOPs For Clients, version 1, Ajio business cancellation, model 1, part of an order.

  @AC-ERP-PART-1b @GAP-12
  Rule: The SOP says that a partial cancellation by Ajio may arrive, but not whether it is visible before packing; we assume that it is not

    AC-ERP-PART-1b says that it may arrive.

    Scenario Outline: Before packing is tried, the order is unchanged
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

  @AC-ERP-PART-1d @AC-ERP-PART-1.1 @AC-ERP-PART-1.2 @AC-ERP-PART-1.4a @AC-ERP-PART-1.4b
  Rule: The error at packing says that the order has to be cancelled both at Ajio and in Assure OMS

    AC-ERP-PART-1d describes this error.

    Scenario: The client's duties begin with the error
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      When packing is tried
      Then an error stops the packing
      And the client's duties are to
        | ask Ajio to cancel the order by hand              |
        | cancel the order in Assure OMS                    |
        | make a credit note by hand and keep it in the ERP |
      And the duty to ask Ajio to cancel the order by hand comes from AC-ERP-PART-1.1
      And the duty to cancel the order in Assure OMS comes from AC-ERP-PART-1.2
      And the duty to make a credit note by hand and keep it in the ERP comes from AC-ERP-PART-1.4a, AC-ERP-PART-1.4b

  @AC-ERP-PART-1c
  Rule: A partial cancellation by Ajio makes packing fail

    AC-ERP-PART-1c says so; without such a cancellation packing does not fail.

    Scenario: The error comes when packing is tried, even if Ajio cancelled early
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been allocated
      And Ajio has cancelled 1 unit of the order
      And the order has gone on until it was released
      When packing is tried
      Then an error stops the packing
      And the order is PROCESSING

    Scenario: Without a partial cancellation packing does not fail
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      When packing is tried
      Then the order is PACKED
      And no error has stopped the packing

    Scenario: If the full order is cancelled before packing, no error comes
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      When the seller cancels the order
      Then the order is CANCELLED
      And no error has stopped the packing
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |

  @GAP-52
  Rule: The SOP permits under RMS what it does not support under the client's ERP; we assume that the cancelled units are simply not packed there

    Scenario: Under RMS the order is packed without the cancelled unit
      Given an order of 3 units, invoiced through RMS
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      When packing is tried
      Then the order is PACKED
      And 2 units are left to fulfil
      And no error has stopped the packing

  @GAP-29
  Rule: The SOP does not say whether the order is PACKED after the error; we assume that it is not, so that it can still be cancelled

    Scenario: An order whose packing fails is not PACKED
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      When packing is tried
      Then the order is PROCESSING

    Scenario: Packing that has failed cannot be tried again
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      And its packing has failed
      When someone tries to pack the order again
      Then that is impossible, because its packing has failed

  @GAP-30
  Rule: The SOP does not say which cancellation reaches the other side, nor whether both count; we assume that both sides have to be cancelled, in either sequence, and that one credit note covers both

    Scenario: The seller cancels in Assure OMS before Ajio has cancelled
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      And its packing has failed
      When the seller cancels the order
      Then the request is allowed
      And the order is CANCELLED
      And the client's duties are to
        | ask Ajio to cancel the order by hand              |
        | make a credit note by hand and keep it in the ERP |

    @GAP-37
    Scenario: Ajio cancels the full order after the seller, and no second credit note is due
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      And its packing has failed
      And the client has done its duty to ask Ajio to cancel the order by hand
      And the seller has cancelled the order
      When Ajio cancels the order
      Then the request is without effect
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |

    Scenario: A full cancellation by Ajio is made on both sides
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      And its packing has failed
      When Ajio cancels the order
      Then the order is CANCELLED
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |

    Scenario: When all steps are done, no duty is open
      Given an order of 3 units, invoiced through the client's ERP
      And the order has been released
      And Ajio has cancelled 1 unit of the order
      And its packing has failed
      And the client has done its duty to ask Ajio to cancel the order by hand
      And the seller has cancelled the order
      When the client does its duty to make a credit note by hand and keep it in the ERP
      Then the order is CANCELLED
      And the client has no open duty
