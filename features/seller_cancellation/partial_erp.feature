@SC-ERP @SC-ERP-PART
Feature: The seller cancels part of an order that the client's ERP invoices

  While an order is FULFILLABLE, part of it can be cancelled as long as the order is not
  posted to the ERP. Assure OMS accepts the request, posted or not, and it can result in
  an error on screen; we assume that it always does once the order is posted, and never
  before (GAP-07, GAP-08). From PROCESSING on, no part can be cancelled. The SOP lists no
  step for the client here, so none follows, and it does not say why part of a posted
  order cannot be cancelled.

  Source: SOPs For Clients, version 1, seller cancellation, model 1, part of an order.

  Background:
    Given an order invoiced through the client's ERP

  @SC-ERP-PART-1c @SC-ERP-PART-1.1.1
  Rule: Part of a FULFILLABLE order cannot be cancelled once the order is posted

    Scenario Outline: A partial cancellation of a posted order fails on screen
      Given the order is FULFILLABLE
      And its e-invoice is <e-invoice>
      When the seller cancels part of the order
      Then the cancellation fails on screen
      And the SOP says so in SC-ERP-PART-1c, SC-ERP-PART-1.1.1
      And it follows that the client has nothing to do

      Examples: From posting on
        | e-invoice |
        | posted    |
        | generated |
        | pushed    |

  @GAP-08
  Rule: The SOP says that the request can end with an error; we assume that it always does once the order is posted, and that there is nothing to do then

    Scenario: A partial cancellation that fails on screen leaves nothing to do
      Given the order is FULFILLABLE
      And its e-invoice is posted
      When the seller cancels part of the order
      Then the cancellation fails on screen
      And it follows that the client has nothing to do
      And the question of GAP-08 is shown beside the answer

  @SC-ERP-PART-1.2.1
  Rule: Part of a FULFILLABLE order can be cancelled as long as the order is not posted

    Scenario: A partial cancellation of an order that is not posted is allowed
      Given the order is FULFILLABLE
      And its e-invoice is not posted
      When the seller cancels part of the order
      Then the cancellation is allowed
      And the SOP says so in SC-ERP-PART-1.2.1
      And it follows that the client has nothing to do

  @GAP-07
  Rule: The SOP does not say whether the error on screen can come before posting too; we assume that it cannot

    Scenario: A partial cancellation of an order that is not posted does not fail on screen
      Given the order is FULFILLABLE
      And its e-invoice is not posted
      When the seller cancels part of the order
      Then the cancellation is allowed
      And the question of GAP-07 is shown beside the answer

  @SC-ERP-PART-2
  Rule: From PROCESSING on, no part of the order can be cancelled

    Scenario Outline: From PROCESSING on, a partial cancellation is refused
      Given the order is <stage>
      When the seller cancels part of the order
      Then the cancellation is refused
      And the SOP says so in SC-ERP-PART-2
      And it follows that the client has nothing to do

      Examples: In PROCESSING, and after packing
        | stage      |
        | PROCESSING |
        | PACKED     |

  @GAP-18
  Rule: The SOP does not say what the screen does in PROCESSING; we assume that the request is refused, and not accepted to fail later

    Scenario: In PROCESSING a partial cancellation is refused and does not fail on screen
      Given the order is PROCESSING
      When the seller cancels part of the order
      Then the cancellation is refused
      And the question of GAP-18 is shown beside the answer
