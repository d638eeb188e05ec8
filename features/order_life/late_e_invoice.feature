@GAP-17
Feature: The ERP invoices an order after it was cancelled

  A posted order without an e-invoice is cancelled, and there is nothing to do. But
  nothing in the SOP says that the ERP learns of the cancellation. If it goes on to
  invoice the order, an e-invoice exists that nobody wants.

  Source: SOPs For Clients, version 1, wherever it asks for no action without an
  e-invoice; GAP-17 has the readings and our choice.

  Rule: The SOP does not say what holds if the e-invoice comes late; we take it that it is credited when it appears

    Scenario Outline: At the time of the cancellation there is nothing to do
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been posted
      When <canceller> cancels the order
      Then the request is allowed
      And the client has no open duty

      Examples: Whoever cancels
        | canceller  |
        | the seller |
        | Ajio       |

    Scenario Outline: The late e-invoice raises the duty
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been posted
      And <canceller> has cancelled the order
      When the order is e-invoiced
      Then the order is CANCELLED
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |
      And the duty to make a credit note by hand and keep it in the ERP comes from GAP-17

      Examples: Whoever cancelled
        | canceller  |
        | the seller |
        | Ajio       |

    Scenario: Pushing the late e-invoice adds nothing
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been posted
      And the seller has cancelled the order
      And it has since been e-invoiced
      When the order is pushed
      Then the client's duties are to
        | make a credit note by hand and keep it in the ERP |

    Scenario: An e-invoice that was credited is not credited again when it is pushed late
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been e-invoiced
      And the seller has cancelled the order
      And the client has done its duty to make a credit note by hand and keep it in the ERP
      When the order is pushed
      Then the client has no open duty

  Rule: The e-invoice of an order that goes on is no duty

    Scenario: A failed partial cancellation leaves a regular e-invoice
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been posted
      And the seller has cancelled 1 unit of the order
      When the order is e-invoiced
      Then the order is FULFILLABLE
      And the client has no open duty
