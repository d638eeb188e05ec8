@AC-ERP @AC-ERP-FULL
Feature: Ajio cancels a full order that the client's ERP invoices

  Ajio's team cancels an order when its SLA is breached, or when it has technical issues.
  It can cancel a whole order until the order is packed. If Increff has posted the order
  to the client's ERP, the SOP asks that it be handled like a cancellation by the seller,
  and names two situations: an e-invoice that is generated is offset by a credit note, and
  without one there is nothing to do. It does not ask here whether the e-invoice was
  pushed, nor whether the order is FULFILLABLE or PROCESSING. Of an order that was not
  posted it says nothing; we assume that there is nothing to do (GAP-09). How the client
  learns of the cancellation is a question (GAP-44).

  Source: SOPs For Clients, version 1, Ajio business cancellation, model 1, full order.

  Background:
    Given an order invoiced through the client's ERP

  @AC-ERP-FULL-2a
  Rule: Ajio can cancel a full order until it is packed

    Scenario Outline: Ajio cancels a full order before packing, whatever its stage and its e-invoice
      Given the order is <stage>
      When Ajio cancels the full order
      Then the cancellation is allowed

      Examples: Before packing
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

  @AC-ERP-FULL-1.1.1 @AC-ERP-FULL-1.1.2a @AC-ERP-FULL-1.1.2b @AC-ERP-FULL-1.1.2c @AC-ERP-FULL-2a
  Rule: An e-invoice that exists is offset by a credit note, which need not be shared with Ajio

    Scenario Outline: The client credits the e-invoice, pushed or not, of an order that Ajio cancelled
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

    Scenario: Who does each task after a full cancellation by Ajio, and where
      Given the order is PROCESSING
      And its e-invoice is pushed
      When Ajio cancels the full order
      Then these are the tasks, who does them and where
        | download the report of orders cancelled after posting | seller | Ajio VMS Reports UI |
        | make a credit note by hand and keep it in the ERP     | seller | client's ERP        |
        | share the credit note with Ajio                       | seller | client's ERP / Ajio |

  @AC-ERP-FULL-1.2.1 @AC-ERP-FULL-2a
  Rule: A posted order without an e-invoice leaves the client nothing to do

    @GAP-17
    Scenario Outline: A posted order without an e-invoice that Ajio cancels leaves nothing to do
      Given the order is <stage>
      And its e-invoice is posted
      When Ajio cancels the full order
      Then the client has nothing to do
      And the SOP says so in AC-ERP-FULL-1.2.1, AC-ERP-FULL-2a
      And the question of GAP-17 is shown beside the answer

      Examples: Before packing
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

  @GAP-10
  Rule: The SOP refers to the rules for the seller and also lists two situations for Ajio; we assume that the two situations decide

    The rules for the seller do not cover PROCESSING before the push; the two situations
    for Ajio do.

    @as-written @AC-ERP-FULL-1.1.1 @AC-ERP-FULL-1.1.2a @AC-ERP-FULL-1.1.2b @AC-ERP-FULL-1.1.2c @AC-ERP-FULL-2a
    Scenario: In PROCESSING an e-invoice that is not yet pushed is credited, as the section on Ajio says
      Given the SOP is taken as written
      And the order is PROCESSING
      And its e-invoice is generated
      When Ajio cancels the full order
      Then the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And the SOP says so in AC-ERP-FULL-1.1.1, AC-ERP-FULL-1.1.2a, AC-ERP-FULL-1.1.2b, AC-ERP-FULL-1.1.2c, AC-ERP-FULL-2a
      And the question of GAP-10 is shown beside the answer

    @as-written @AC-ERP-FULL-1.2.1 @AC-ERP-FULL-2a
    Scenario: In PROCESSING an order without an e-invoice leaves nothing to do, as the section on Ajio says
      Given the SOP is taken as written
      And the order is PROCESSING
      And its e-invoice is posted
      When Ajio cancels the full order
      Then the client has nothing to do
      And the SOP says so in AC-ERP-FULL-1.2.1, AC-ERP-FULL-2a

  @GAP-09
  Rule: The SOP does not say what follows for an order that was never posted; we assume that there is nothing to do

    @AC-ERP-FULL-2a
    Scenario Outline: A full order that Ajio cancels before it is posted leaves nothing to do
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
    Scenario Outline: As written, the follow-up of a full order that Ajio cancels before it is posted is open
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

    Scenario: A full cancellation by Ajio after packing is refused under the client's ERP
      Given the order is PACKED
      When Ajio cancels the full order
      Then the cancellation is refused
      And the SOP says so in AC-ERP-FULL-2b
      And it follows that the client has nothing to do

  @GAP-19
  Rule: The SOP does not say who prevents Ajio from cancelling a packed order; we assume that such a cancellation is refused

    Scenario: A full cancellation by Ajio is refused if it still arrives after packing
      Given the order is PACKED
      When Ajio cancels the full order
      Then the cancellation is refused
      And the question of GAP-19 is shown beside the answer
