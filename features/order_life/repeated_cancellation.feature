@GAP-37
Feature: The same order is cancelled again

  Messages are repeated, and two parties may cancel the same order. By the public
  descriptions a call that is repeated succeeds and changes nothing; the SOP does not
  mention an earlier cancellation.

  Source: none; not covered by the SOP. GAP-37 has the readings and our choice.

  Rule: The SOP does not say what a second cancellation does; we assume that it adds no duty and removes none

    Scenario Outline: After a second cancellation the credit note is due once
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been released
      And <first> has cancelled the order
      When <second> cancels the order
      Then the request is without effect
      And the request is answered by our reading of GAP-37
      And the order is CANCELLED
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |

      Examples: Cancelled first by the seller, and by Ajio
        | first      | second     |
        | the seller | the seller |
        | the seller | Ajio       |
        | Ajio       | the seller |
        | Ajio       | Ajio       |

    Scenario: After a second cancellation a credit note that is made stays done
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been released
      And the seller has cancelled the order
      And the client has done its duty to make a credit note by hand and keep it in the ERP
      When Ajio cancels the order
      Then the request is without effect
      And the client has no open duty

    Scenario: Units of an order that is cancelled cannot be cancelled again
      Given an order of 2 units, invoiced through the client's ERP
      And the order has been released
      And the seller has cancelled the order
      When Ajio cancels 1 unit of the order
      Then the request is without effect
      And 0 units are left to fulfil
      And the client's duties are to
        | make a credit note by hand and keep it in the ERP |
