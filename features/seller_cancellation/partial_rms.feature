@SC-RMS @SC-RMS-PART
Feature: The seller cancels part of an order that RMS invoices

  Under RMS the seller may cancel part of an order until WMS shows it PACKED; under the
  client's ERP part of an order cannot be cancelled once it is posted. The SOP gives no
  reason for the difference. It lists no step for the client here, so none follows. It
  mentions neither the status in Assure OMS, nor a posting, nor an e-invoice; we assume
  that status and posting make no difference (GAP-16), and that the client has no task for
  an e-invoice that RMS has already made (GAP-15).

  Source: SOPs For Clients, version 1, seller cancellation, model 2, part of an order.

  Background:
    Given an order invoiced through RMS

  @SC-RMS-PART-1
  Rule: Part of an order can be cancelled until it is packed

    Scenario Outline: The seller cancels part of an order before packing under RMS
      Given the order is <stage>
      When the seller cancels part of the order
      Then the cancellation is allowed
      And the client has nothing to do
      And the answer rests on SC-RMS-PART-1

      Examples: Before packing
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

  @GAP-16
  Rule: The SOP never mentions a posting under RMS; we assume that it makes no difference

    @SC-RMS-PART-1
    Scenario Outline: The seller cancels part of an order that RMS has not e-invoiced, posted or not
      Given the order is <stage>
      And its e-invoice is <e-invoice>
      When the seller cancels part of the order
      Then the cancellation is allowed
      And the SOP says so in SC-RMS-PART-1
      And it follows that the client has nothing to do
      And the question of GAP-16 is shown beside the answer

      Examples: Before packing, without an e-invoice
        | stage       | e-invoice  |
        | FULFILLABLE | not posted |
        | FULFILLABLE | posted     |
        | PROCESSING  | not posted |
        | PROCESSING  | posted     |

  @GAP-15
  Rule: The SOP does not say what happens to an e-invoice that RMS has already made; we assume that the client has no task

    @SC-RMS-PART-1
    Scenario Outline: The seller cancels part of an order that RMS has e-invoiced
      Given the order is <stage>
      And its e-invoice is <e-invoice>
      When the seller cancels part of the order
      Then the cancellation is allowed
      And the client has nothing to do
      And the answer rests on SC-RMS-PART-1
      And it is our reading of GAP-15

      Examples: Before packing, with an e-invoice
        | stage       | e-invoice |
        | FULFILLABLE | generated |
        | FULFILLABLE | pushed    |
        | PROCESSING  | generated |
        | PROCESSING  | pushed    |

    @as-written
    Scenario Outline: As written, the follow-up is open when the seller cancels part of an order that RMS has e-invoiced
      Given the SOP is taken as written
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When the seller cancels part of the order
      Then the cancellation is allowed
      But what the client must do is an open question
      And the question is registered as GAP-15

      Examples: Before packing, with an e-invoice
        | stage       | e-invoice |
        | FULFILLABLE | generated |
        | PROCESSING  | pushed    |

  @SC-RMS-PART-2
  Rule: Once the order is packed, no part of it can be cancelled

    Scenario: The seller cannot cancel part of a packed order under RMS
      Given the order is PACKED
      When the seller cancels part of the order
      Then the cancellation is refused
      And the SOP says so in SC-RMS-PART-2
      And it follows that the client has nothing to do
