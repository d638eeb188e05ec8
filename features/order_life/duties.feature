Feature: What a cancellation leaves for the client to do

  A duty is a task that the client must do. It arises when an order is cancelled and
  stays until it is done. What the client may or need not do is no duty.

  Source: SOPs For Clients, version 1: the follow-up of each cancellation, kept over time.

  @SC-ERP-FULL-1.1.2a @SC-ERP-FULL-2.1.2a
  Rule: The credit note for an e-invoice that exists is the client's duty until it is made

    Scenario Outline: The credit note is the only duty
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been <so far>
      When the seller cancels the order
      Then the order is CANCELLED
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |
      And the duty to make a credit note by hand and keep it in the ERP comes from <sources>

      Examples: With an e-invoice
        | so far     | sources                                |
        | e-invoiced | SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b |
        | pushed     | GAP-02                                 |
        | released   | SC-ERP-FULL-2.1.2a, SC-ERP-FULL-2.1.2b |

    Scenario: A credit note that is made is no longer due
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been released
      And the seller has cancelled the order
      When the client does its duty to make a credit note by hand and keep it in the ERP
      Then the client has no open duty

    @GAP-28
    Scenario: One e-invoice, one credit note
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been released
      And the seller has cancelled the order
      And the client has done its duty to make a credit note by hand and keep it in the ERP
      When the client is to do its duty to make a credit note by hand and keep it in the ERP
      Then that is impossible: the order is "CANCELLED under ERP with its e-invoice pushed" and would have to be "an order with the duty to make a credit note by hand and keep it in the ERP"

  @AC-ERP-FULL-1.1.2a
  Rule: A cancellation by Ajio leaves the same duty

    Scenario: Ajio cancels, the client credits
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been released
      When Ajio cancels the order
      Then the order is CANCELLED
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |
      And the duty to make a credit note by hand and keep it in the ERP comes from AC-ERP-FULL-1.1.2a, AC-ERP-FULL-1.1.2b

  @SC-ERP-FULL-1.2.1
  Rule: Without an e-invoice, no duty arises

    Scenario Outline: Nothing invoiced, nothing due
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been <so far>
      When the seller cancels the order
      Then the order is CANCELLED
      And the client has no open duty

      Examples: Before the e-invoice is generated
        | so far    |
        | allocated |
        | posted    |

  @SC-ERP-FULL-3 @SC-ERP-PART-2
  Rule: A cancellation that is refused leaves the order as it was

    Scenario: Packed goods stay on their way
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been packed
      When the seller cancels the order
      Then the request is refused
      And the order is PACKED
      And 2 units are left to fulfil
      And the client has no open duty

    Scenario: A part that is refused in PROCESSING stays in the order
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been released
      When the seller cancels 1 unit of the order
      Then the request is refused
      And the order is PROCESSING
      And 2 units are left to fulfil
      And the client has no open duty

  @GAP-08
  Rule: The SOP says that a partial cancellation can end with an error; we take it that it always does, and that the order stays as it was

    Scenario Outline: A part that fails on screen stays in the order
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
