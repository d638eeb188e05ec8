@AC-ERP @AC-ERP-FULL
Feature: Ajio cancels a full order that the client's ERP invoices

  Ajio's business team cancels an order that breached its SLA or has a technical
  problem. Ajio may do so until the order is packed. For the client it is as if
  the seller had cancelled: an e-invoice that exists is offset by a credit note.
  Unlike in the seller's part, it does not matter whether the e-invoice was
  pushed, nor whether the order is FULFILLABLE or PROCESSING.

  Source: SOPs For Clients, version 1, Ajio business cancellation, model 1, full order.

  Background:
    Given an order invoiced through the client's ERP

  @AC-ERP-FULL-2a
  Rule: Ajio can cancel a full order until it is packed

    Scenario Outline: Neither the stage nor the e-invoice stands in Ajio's way
      Given the order is <stage>
      And its e-invoice is <e-invoice>
      When Ajio cancels the full order
      Then the cancellation is allowed

      Examples: Every state of the e-invoice before packing
        | stage       | e-invoice  |
        | FULFILLABLE | not posted |
        | FULFILLABLE | posted     |
        | FULFILLABLE | generated  |
        | FULFILLABLE | pushed     |
        | PROCESSING  | not posted |
        | PROCESSING  | posted     |
        | PROCESSING  | generated  |
        | PROCESSING  | pushed     |

  @AC-ERP-FULL-1.1.1 @AC-ERP-FULL-1.1.2a @AC-ERP-FULL-1.1.2b @AC-ERP-FULL-1.1.2c
  Rule: An e-invoice that exists is offset by a credit note, which Ajio need not see although it cancelled

    Scenario Outline: The client credits the e-invoice, pushed or not
      Given the order is <stage>
      And its e-invoice is <e-invoice>
      When Ajio cancels the full order
      Then the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And the SOP says so in AC-ERP-FULL-1.1.1, AC-ERP-FULL-1.1.2a, AC-ERP-FULL-1.1.2b, AC-ERP-FULL-1.1.2c, AC-ERP-FULL-2a

      Examples: With an e-invoice
        | stage       | e-invoice |
        | FULFILLABLE | generated |
        | FULFILLABLE | pushed    |
        | PROCESSING  | generated |
        | PROCESSING  | pushed    |

    Scenario: Each task has its place
      Given the order is PROCESSING
      And its e-invoice is pushed
      When Ajio cancels the full order
      Then each task has its place
        | download the report of orders cancelled after posting | seller | Ajio VMS Reports UI |
        | make a credit note by hand and keep it in the ERP     | seller | client's ERP        |
        | share the credit note with Ajio                       | seller | client's ERP / Ajio |

  @AC-ERP-FULL-1.2.1
  Rule: A posted order without an e-invoice leaves the client nothing to do

    Scenario Outline: Posted but not invoiced, no task
      Given the order is <stage>
      And its e-invoice is posted
      When Ajio cancels the full order
      Then the client has nothing to do
      And the SOP says so in AC-ERP-FULL-1.2.1, AC-ERP-FULL-2a
      And beside it stands the question of GAP-17

      Examples: Before packing
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

  @GAP-10
  Rule: The SOP both refers to the seller's part and lists two situations of its own; we take it that its own two decide

    Where the seller's part is silent, in PROCESSING before the push, this part answers.

    @as-written
    Scenario: Ajio's part answers for an e-invoice that is not yet pushed
      Given the SOP is taken as written
      And the order is PROCESSING
      And its e-invoice is generated
      When Ajio cancels the full order
      Then the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And the SOP says so in AC-ERP-FULL-1.1.1, AC-ERP-FULL-1.1.2a, AC-ERP-FULL-1.1.2b, AC-ERP-FULL-1.1.2c, AC-ERP-FULL-2a
      And beside it stands the question of GAP-10

    @as-written
    Scenario: Ajio's part answers for a PROCESSING order without an e-invoice
      Given the SOP is taken as written
      And the order is PROCESSING
      And its e-invoice is posted
      When Ajio cancels the full order
      Then the client has nothing to do
      And the SOP says so in AC-ERP-FULL-1.2.1, AC-ERP-FULL-2a

  @GAP-44 @GAP-45
  Rule: The SOP does not say how a cancellation by Ajio comes to the client and to Assure OMS; we take it that it reaches Assure OMS by itself

    Scenario: The client has to look for it
      Given the order is FULFILLABLE
      And its e-invoice is generated
      When Ajio cancels the full order
      Then the cancellation is allowed
      And beside it stands the question of GAP-44, GAP-45

  @GAP-09
  Rule: The SOP does not say what follows for an order that was never posted; we take it that there is nothing to do

    Scenario Outline: The ERP never saw the order, so nothing is asked of it
      Given the order is <stage>
      And its e-invoice is not posted
      When Ajio cancels the full order
      Then the client has nothing to do
      And the answer rests on AC-ERP-FULL-2a
      And it is our reading of GAP-09

      Examples: Before packing
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

    @as-written
    Scenario Outline: As written, the follow-up for an order never posted is open
      Given the SOP is taken as written
      And the order is <stage>
      And its e-invoice is not posted
      When Ajio cancels the full order
      Then the cancellation is allowed
      But what the client must do is an open question
      And the question is registered as GAP-09

      Examples: Before packing
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

  @AC-ERP-FULL-2b
  Rule: Once the order is packed, Ajio no longer cancels it

    Scenario Outline: Packing closes the door to Ajio, whatever the e-invoice
      Given the order is PACKED
      And its e-invoice is <e-invoice>
      When Ajio cancels the full order
      Then the cancellation is refused
      And the SOP says so in AC-ERP-FULL-2b
      And it follows that the client has nothing to do

      Examples: Every state of the e-invoice
        | e-invoice  |
        | not posted |
        | posted     |
        | generated  |
        | pushed     |

  @GAP-19
  Rule: The SOP does not say who keeps Ajio from cancelling a packed order; we take it that one that arrives is refused

    Scenario: Whoever enforces it, the answer is a refusal
      Given the order is PACKED
      And its e-invoice is pushed
      When Ajio cancels the full order
      Then the cancellation is refused
      And beside it stands the question of GAP-19
