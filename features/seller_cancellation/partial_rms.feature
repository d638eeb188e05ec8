@SC-RMS @SC-RMS-PART
Feature: The seller cancels part of an order that RMS invoices

  As far as is known, RMS invoices what is really packed, so the seller may take a
  part out until then. This is the great difference to an order that the
  client's ERP invoices, which is closed to partial cancellation once posted.

  Source: SOPs For Clients, version 1, seller cancellation, model 2, part of an order.

  Background:
    Given an order invoiced through RMS

  @SC-RMS-PART-1
  Rule: Part of an order can be cancelled until it is packed

    Scenario Outline: Before packing a part can go, and there is nothing to do
      Given the order is <stage>
      And its e-invoice is not posted
      When the seller cancels part of the order
      Then the cancellation is allowed
      And the SOP says so in SC-RMS-PART-1
      And it follows that the client has nothing to do

      Examples: Before packing
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

  @GAP-16
  Rule: The SOP never mentions a posting under RMS; we take it that it makes no difference

    Scenario Outline: Posted or not, the answer is the same
      Given the order is <stage>
      And its e-invoice is posted
      When the seller cancels part of the order
      Then the cancellation is allowed
      And the SOP says so in SC-RMS-PART-1
      And it follows that the client has nothing to do
      And beside it stands the question of GAP-16

      Examples: Before packing
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

  @GAP-15
  Rule: The SOP does not say what becomes of an e-invoice that RMS has already made; we take it that it is no task of the client

    Scenario Outline: RMS looks after its own e-invoice
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
    Scenario Outline: As written, what becomes of RMS's own e-invoice is open
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
  Rule: No part of a packed order can be cancelled any more

    Scenario Outline: Packing closes the door, whatever the e-invoice
      Given the order is PACKED
      And its e-invoice is <e-invoice>
      When the seller cancels part of the order
      Then the cancellation is refused
      And the SOP says so in SC-RMS-PART-2
      And it follows that the client has nothing to do

      Examples: Every state of the e-invoice
        | e-invoice  |
        | not posted |
        | posted     |
        | generated  |
        | pushed     |
