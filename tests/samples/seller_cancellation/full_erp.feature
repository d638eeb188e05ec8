@SC-ERP-FULL
Feature: Cancelling a whole order when the client's ERP makes the e-invoice

  A seller may withdraw a whole order in Assure OMS until it is packed.
  What the client must do afterwards depends on how far the e-invoice has come.

  An e-invoice is not posted, then posted, then generated, then pushed.

  Background:
    Given an order invoiced through the client's ERP

  @SC-ERP-FULL-1a
  Rule: A FULFILLABLE order can be cancelled as a whole

    Scenario Outline: The e-invoice does not stand in the way
      Given the order is FULFILLABLE in Assure OMS
      And its e-invoice is <e-invoice>
      When the seller cancels the full order
      Then the cancellation is <outcome>

      Examples: Every state of the e-invoice
        | e-invoice  | outcome |
        | not posted | allowed |
        | posted     | allowed |
        | generated  | allowed |
        | pushed     | allowed |

  @SC-ERP-FULL-1.1.1 @SC-ERP-FULL-1.1.2a @SC-ERP-FULL-1.1.2b @SC-ERP-FULL-1.1.2c
  Rule: An e-invoice that was generated and not pushed is credited by the client

    Scenario: The client credits the e-invoice by hand
      Given the order is FULFILLABLE in Assure OMS
      And its e-invoice is generated
      When the seller cancels the full order
      Then the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |

  @SC-ERP-FULL-3
  Rule: A packed order can no longer be cancelled as a whole

    Scenario: Too late once packed
      Given the order is PACKED in WMS
      When the seller cancels the full order
      Then the cancellation is refused
      And the decision cites SC-ERP-FULL-3

  @GAP-02
  Rule: The SOP does not say what follows when the e-invoice was already pushed; we assume that it is credited

    Scenario: A pushed e-invoice is credited like a generated one
      Given the order is FULFILLABLE in Assure OMS
      And its e-invoice is pushed
      When the seller cancels the full order
      Then the client must make a credit note
