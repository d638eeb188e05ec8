@AC-RMS @AC-RMS-FULL
Feature: Ajio cancels a full order that RMS invoices

  The SOP has one sentence here: Ajio may cancel the whole order until WMS shows it
  PACKED. It lists no step for the client, so none follows. For the seller it says that
  there is no support after packing. For Ajio it does not say this; we assume that a
  cancellation by Ajio is refused then (GAP-14). How the client learns of the cancellation
  is a question (GAP-44).

  Source: SOPs For Clients, version 1, Ajio business cancellation, model 2, full order.

  Background:
    Given an order invoiced through RMS

  @AC-RMS-FULL-1
  Rule: Ajio can cancel a full order until it is packed

    Scenario Outline: Ajio cancels a full order before packing under RMS
      Given the order is <stage>
      When Ajio cancels the full order
      Then the cancellation is allowed
      And the client has nothing to do
      And the answer rests on AC-RMS-FULL-1

      Examples: Before packing
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

  @GAP-16
  Rule: The SOP never mentions a posting under RMS; we assume that it makes no difference

    @AC-RMS-FULL-1
    Scenario Outline: Ajio cancels a full order that RMS has not e-invoiced, posted or not
      Given the order is <stage>
      And its e-invoice is <e-invoice>
      When Ajio cancels the full order
      Then the cancellation is allowed
      And the SOP says so in AC-RMS-FULL-1
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

    @AC-RMS-FULL-1
    Scenario Outline: Ajio cancels a full order that RMS has e-invoiced
      Given the order is <stage>
      And its e-invoice is <e-invoice>
      When Ajio cancels the full order
      Then the cancellation is allowed
      And the client has nothing to do
      And the answer rests on AC-RMS-FULL-1
      And it is our reading of GAP-15

      Examples: Before packing, with an e-invoice
        | stage       | e-invoice |
        | FULFILLABLE | generated |
        | FULFILLABLE | pushed    |
        | PROCESSING  | generated |
        | PROCESSING  | pushed    |

    @as-written
    Scenario Outline: As written, the follow-up is open when Ajio cancels a full order that RMS has e-invoiced
      Given the SOP is taken as written
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When Ajio cancels the full order
      Then the cancellation is allowed
      But what the client must do is an open question
      And the question is registered as GAP-15

      Examples: Before packing, with an e-invoice
        | stage       | e-invoice |
        | FULFILLABLE | generated |
        | PROCESSING  | pushed    |

  @GAP-14
  Rule: The SOP names packing as the end and does not say what happens after it; we assume that Ajio's cancellation is then refused

    Scenario: A full cancellation by Ajio after packing is refused under RMS
      Given the order is PACKED
      When Ajio cancels the full order
      Then the cancellation is refused
      And the client has nothing to do
      And no clause says so
      And it is our reading of GAP-14

    @as-written
    Scenario: As written, a full cancellation by Ajio after packing under RMS is an open question
      Given the SOP is taken as written
      And the order is PACKED
      When Ajio cancels the full order
      Then the outcome of the cancellation is an open question
      And what the client must do is an open question
      And no clause says so
      And the question is registered as GAP-14
