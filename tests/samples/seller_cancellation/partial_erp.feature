@SC-ERP-PART
Feature: Cancelling part of an order when the client's ERP makes the e-invoice

  Before the order is posted to the ERP a part can be taken out of it.

  @SC-ERP-PART-1.1.1 @SC-ERP-PART-1.2.1
  Rule: Posting closes the door for a part of an order

    Scenario Outline: A part of a FULFILLABLE order
      Given the order is FULFILLABLE in Assure OMS
      And its e-invoice is <e-invoice>
      When the seller cancels part of the order
      Then the cancellation is <outcome>
      And the order keeps <units> units

      Examples: Before posting
        | e-invoice  | outcome | units |
        | not posted | allowed | 2     |

      Examples: From posting on
        | e-invoice | outcome         | units |
        | posted    | fails on screen | 3     |
        | generated | fails on screen | 3     |
        | pushed    | fails on screen | 3     |

  @SC-ERP-PART-2
  Rule: From PROCESSING on no part can be cancelled

    Scenario: A part of a PROCESSING order
      Given the order is PROCESSING in Assure OMS
      When the seller cancels part of the order
      Then the cancellation is refused
