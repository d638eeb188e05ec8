Feature: What a cancellation leaves for the client to do

  A duty is a task that the client must do. What the client may or need not do is no duty.
  Which task is a duty, and when it falls due, is the SOP's rule where a clause is named,
  and our reading where a gap is named. That a duty is open until it is done, and is done
  only once, is our rule.

  Source: SOPs For Clients, version 1: the follow-up of each cancellation, kept over time.

  Rule: The credit note for an e-invoice that exists is the client's duty until it is made

    Scenario Outline: After a cancellation by the seller the credit note is the only duty
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been <so far>
      When the seller cancels the order
      Then the order is CANCELLED
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |
      And the duty to make a credit note by hand and keep it in the ERP comes from <sources>

      @SC-ERP-FULL-1.1.2a @SC-ERP-FULL-1.1.2b
      Examples: With an e-invoice that is not pushed
        | so far     | sources                                |
        | e-invoiced | SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b |

      @GAP-02
      Examples: With a pushed e-invoice, before the release
        | so far | sources |
        | pushed | GAP-02  |

      @SC-ERP-FULL-2.1.2a @SC-ERP-FULL-2.1.2b
      Examples: With a pushed e-invoice, after the release
        | so far   | sources                                |
        | released | SC-ERP-FULL-2.1.2a, SC-ERP-FULL-2.1.2b |

    Scenario: A credit note that is made is no longer due
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been released
      And the seller has cancelled the order
      When the client does its duty to make a credit note by hand and keep it in the ERP
      Then the client has no open duty

    Scenario: A credit note that is made cannot be made again
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been released
      And the seller has cancelled the order
      And the client has done its duty to make a credit note by hand and keep it in the ERP
      When the client tries to do its duty to make a credit note by hand and keep it in the ERP
      Then that is impossible, because there is no such duty

  @AC-ERP-FULL-1.1.2a @AC-ERP-FULL-1.1.2b
  Rule: A cancellation by Ajio leaves the same duty

    Scenario: After a cancellation by Ajio the credit note is the only duty
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been released
      When Ajio cancels the order
      Then the order is CANCELLED
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |
      And the duty to make a credit note by hand and keep it in the ERP comes from AC-ERP-FULL-1.1.2a, AC-ERP-FULL-1.1.2b

  @GAP-45
  Rule: The SOP does not say whether a cancellation by Ajio reaches Assure OMS; we assume that it does, and that the client has nothing to cancel there

    Scenario: After a cancellation by Ajio under RMS there is no duty
      Given an order of 2 units, invoiced through RMS
      And the order has been released
      When Ajio cancels the order
      Then the request is allowed
      And the order is CANCELLED
      And the client has no open duty

  @SC-ERP-FULL-1.2.1
  Rule: Without an e-invoice no duty arises

    Scenario Outline: After a cancellation by the seller without an e-invoice there is no duty
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been <so far>
      When the seller cancels the order
      Then the request is allowed
      And the order is CANCELLED
      And the client has no open duty

      Examples: Before the e-invoice is generated
        | so far    |
        | allocated |
        | posted    |

  Rule: A cancellation that is refused does not change the order

    @SC-ERP-FULL-3
    Scenario: An order that is packed stays packed
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been packed
      When the seller cancels the order
      Then the request is refused
      And the order is PACKED
      And 2 units are left to fulfil
      And the client has no open duty

    Scenario: An order whose cancellation was refused can still be made ready for the carrier
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been packed
      And the seller has tried without success to cancel the order
      When the order is made ready
      Then the order is READY_TO_DISPATCH
      And 2 units are left to fulfil
      And the client has no open duty

    @SC-ERP-PART-2
    Scenario: Units whose cancellation is refused in PROCESSING stay in the order
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been released
      When the seller cancels 1 unit of the order
      Then the request is refused
      And the order is PROCESSING
      And 2 units are left to fulfil
      And the client has no open duty

  @GAP-08
  Rule: The SOP says that a partial cancellation can end with an error; we assume that it always does once the order is posted, and that the order is not changed

    Scenario Outline: Units whose cancellation fails on screen stay in the order
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been <so far>
      When the seller cancels 1 unit of the order
      Then the request fails on screen
      And the order is FULFILLABLE
      And 2 units are left to fulfil
      And the client has no open duty

      Examples: From posting to the push
        | so far     |
        | posted     |
        | e-invoiced |
        | pushed     |
