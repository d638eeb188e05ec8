Feature: An order is posted, e-invoiced or pushed after it was cancelled

  A posted order without an e-invoice is cancelled, and the SOP asks for no action. It
  does not say that the ERP learns of the cancellation. If the ERP still e-invoices the
  order, there is an e-invoice for an order that was cancelled.

  Source: SOPs For Clients, version 1, wherever it asks for no action without an
  e-invoice; GAP-17, GAP-46 and GAP-55 have the readings and our choices.

  @GAP-17
  Rule: The SOP does not say what to do if the e-invoice comes late; we assume that it is credited when it comes

    Scenario Outline: When a posted order is cancelled there is no duty at first
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been posted
      When <canceller> cancels the order
      Then the request is allowed
      And the client has no open duty

      Examples: Cancelled by the seller, and by Ajio
        | canceller  |
        | the seller |
        | Ajio       |

    Scenario Outline: A late e-invoice makes the credit note a duty
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been posted
      And <canceller> has cancelled the order
      When the order is e-invoiced
      Then the order is CANCELLED
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |
      And the duty to make a credit note by hand and keep it in the ERP comes from GAP-17

      Examples: Cancelled by the seller, and by Ajio
        | canceller  |
        | the seller |
        | Ajio       |

  @GAP-55
  Rule: The SOP does not say whether the e-invoice of a cancelled order is still pushed; we assume that a late push neither adds a duty nor removes one

    @GAP-17
    Scenario: The push of a late e-invoice adds no duty
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been posted
      And the seller has cancelled the order
      And it has since been e-invoiced
      When the order is pushed
      Then the client's duties are to
        | make a credit note by hand and keep it in the ERP |

    Scenario: An e-invoice that is credited is not credited again when it is pushed
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been e-invoiced
      And the seller has cancelled the order
      And the client has done its duty to make a credit note by hand and keep it in the ERP
      When the order is pushed
      Then the client has no open duty

  @GAP-46
  Rule: The SOP does not say whether a cancellation stops a posting that is under way; we assume that a cancelled order is not posted

    Scenario: A cancelled order cannot be posted
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been allocated
      And the seller has cancelled the order
      When someone tries to get the order posted
      Then that is impossible, because it is cancelled

  Rule: The e-invoice of an order that was not cancelled leaves no duty

    Scenario: An e-invoice after a partial cancellation that failed leaves no duty
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been posted
      And the seller has tried without success to cancel 1 unit of the order
      When the order is e-invoiced
      Then the order is FULFILLABLE
      And the client has no open duty
