@SC-ERP @SC-ERP-FULL
Feature: The seller cancels a full order that the client's ERP invoices

  The seller may cancel a whole order in Assure OMS while it is FULFILLABLE, and while it
  is PROCESSING until WMS shows it PACKED. What the client must do afterwards depends on
  the e-invoice. The SOP describes three situations: FULFILLABLE with an e-invoice that is
  generated and not pushed to Increff, FULFILLABLE without an e-invoice, and PROCESSING
  with one that is pushed. In the others we assume that an e-invoice that exists is
  credited, and that without one there is nothing to do (GAP-02, GAP-03, GAP-04). The
  words not posted, posted, generated and pushed are ours: each says how far the e-invoice
  has come, and includes the ones before it. Whether an order can still be posted
  (GAP-46), and its e-invoice pushed (GAP-55), after it was cancelled is shown with the
  life of an order. Whether the e-invoice itself can be cancelled instead of being
  credited is a question (GAP-48).

  Source: SOPs For Clients, version 1, seller cancellation, model 1, full order.

  Background:
    Given an order invoiced through the client's ERP

  @SC-ERP-FULL-1a
  Rule: A FULFILLABLE order can be cancelled in full

    Scenario: A FULFILLABLE order is cancelled in full, whatever its e-invoice
      Given the order is FULFILLABLE
      When the seller cancels the full order
      Then the cancellation is allowed

  @SC-ERP-FULL-1a @SC-ERP-FULL-1.1.1 @SC-ERP-FULL-1.1.2a @SC-ERP-FULL-1.1.2b @SC-ERP-FULL-1.1.2c
  Rule: An e-invoice that is generated but not pushed is offset by a credit note

    Scenario: The client credits the e-invoice by hand
      Given the order is FULFILLABLE
      And its e-invoice is generated
      When the seller cancels the full order
      Then the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And the SOP says so in SC-ERP-FULL-1a, SC-ERP-FULL-1.1.1, SC-ERP-FULL-1.1.2a, SC-ERP-FULL-1.1.2b, SC-ERP-FULL-1.1.2c

  @SC-ERP-FULL-1a @SC-ERP-FULL-1.2.1
  Rule: Without an e-invoice the client has nothing to do

    Scenario Outline: A FULFILLABLE order without an e-invoice leaves nothing to do
      Given the order is FULFILLABLE
      And its e-invoice is <e-invoice>
      When the seller cancels the full order
      Then the client has nothing to do
      And the SOP says so in SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1

      Examples: Before the e-invoice is generated
        | e-invoice  |
        | not posted |
        | posted     |

  @GAP-17
  Rule: The SOP does not say what to do if the ERP invoices a cancelled order; we assume that the e-invoice is credited then

    Scenario Outline: A posted order without an e-invoice leaves nothing to do at first
      Given the order is <stage>
      And its e-invoice is posted
      When the seller cancels the full order
      Then the client has nothing to do
      And the question of GAP-17 is shown beside the answer

      Examples: Posted and not invoiced
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

  @GAP-02
  Rule: The SOP does not say what follows when the e-invoice of a FULFILLABLE order is already pushed; we assume that it is credited too

    @SC-ERP-FULL-1a
    Scenario: A pushed e-invoice is credited like a generated one
      Given the order is FULFILLABLE
      And its e-invoice is pushed
      When the seller cancels the full order
      Then the cancellation is allowed
      And the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And the answer rests on SC-ERP-FULL-1a
      And it is our reading of GAP-02

    @as-written
    Scenario: As written, the follow-up to a pushed e-invoice is open
      Given the SOP is taken as written
      And the order is FULFILLABLE
      And its e-invoice is pushed
      When the seller cancels the full order
      Then the cancellation is allowed
      But what the client must do is an open question
      And the question is registered as GAP-02

  @SC-ERP-FULL-2a
  Rule: A PROCESSING order can be cancelled in full until it is packed

    Scenario: A PROCESSING order is cancelled in full, whatever its e-invoice
      Given the order is PROCESSING
      When the seller cancels the full order
      Then the cancellation is allowed

  @SC-ERP-FULL-2a @SC-ERP-FULL-2.1.1 @SC-ERP-FULL-2.1.2a @SC-ERP-FULL-2.1.2b @SC-ERP-FULL-2.1.2c
  Rule: The pushed e-invoice of a PROCESSING order is offset by a credit note

    Scenario: The client credits the pushed e-invoice by hand
      Given the order is PROCESSING
      And its e-invoice is pushed
      When the seller cancels the full order
      Then the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And the SOP says so in SC-ERP-FULL-2a, SC-ERP-FULL-2.1.1, SC-ERP-FULL-2.1.2a, SC-ERP-FULL-2.1.2b, SC-ERP-FULL-2.1.2c

  @GAP-03
  Rule: The SOP does not say what follows in PROCESSING without an e-invoice; we assume that there is nothing to do

    @SC-ERP-FULL-2a
    Scenario Outline: A PROCESSING order without an e-invoice leaves nothing to do
      Given the order is PROCESSING
      And its e-invoice is <e-invoice>
      When the seller cancels the full order
      Then the client has nothing to do
      And the answer rests on SC-ERP-FULL-2a
      And it is our reading of GAP-03

      Examples: Before the e-invoice is generated
        | e-invoice  |
        | not posted |
        | posted     |

    @as-written
    Scenario Outline: As written, the follow-up in PROCESSING without an e-invoice is open
      Given the SOP is taken as written
      And the order is PROCESSING
      And its e-invoice is <e-invoice>
      When the seller cancels the full order
      Then the cancellation is allowed
      But what the client must do is an open question
      And the question is registered as GAP-03

      Examples: Before the e-invoice is generated
        | e-invoice  |
        | not posted |
        | posted     |

  @GAP-04
  Rule: The SOP does not say what follows in PROCESSING before the e-invoice is pushed; we assume that it is credited too

    @SC-ERP-FULL-2a
    Scenario: In PROCESSING an e-invoice that was not pushed is credited
      Given the order is PROCESSING
      And its e-invoice is generated
      When the seller cancels the full order
      Then the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And the answer rests on SC-ERP-FULL-2a
      And it is our reading of GAP-04

    @as-written
    Scenario: As written, the follow-up in PROCESSING before the push is open
      Given the SOP is taken as written
      And the order is PROCESSING
      And its e-invoice is generated
      When the seller cancels the full order
      Then the cancellation is allowed
      But what the client must do is an open question
      And the question is registered as GAP-04

  @SC-ERP-FULL-3
  Rule: A packed order can no longer be cancelled in full

    Scenario: The seller cannot cancel a packed order in full under the client's ERP
      Given the order is PACKED
      When the seller cancels the full order
      Then the cancellation is refused
      And the SOP says so in SC-ERP-FULL-3
      And it follows that the client has nothing to do

  Rule: The report is in the Ajio VMS Reports UI, and the credit note is kept in the client's ERP

    Scenario Outline: Who does each task after a full cancellation by the seller, and where
      Given the order is <stage>
      And its e-invoice is <e-invoice>
      When the seller cancels the full order
      Then these are the tasks, who does them and where
        | download the report of orders cancelled after posting | seller | Ajio VMS Reports UI |
        | make a credit note by hand and keep it in the ERP     | seller | client's ERP        |
        | share the credit note with Ajio                       | seller | client's ERP / Ajio |

      @SC-ERP-FULL-1.1.1 @SC-ERP-FULL-1.1.2b @SC-ERP-FULL-1.1.2c
      Examples: FULFILLABLE, with an e-invoice that is not pushed
        | stage       | e-invoice |
        | FULFILLABLE | generated |

      @GAP-02
      Examples: FULFILLABLE, with a pushed e-invoice
        | stage       | e-invoice |
        | FULFILLABLE | pushed    |

      @GAP-04
      Examples: PROCESSING, with an e-invoice that is not pushed
        | stage      | e-invoice |
        | PROCESSING | generated |

      @SC-ERP-FULL-2.1.1 @SC-ERP-FULL-2.1.2b @SC-ERP-FULL-2.1.2c
      Examples: PROCESSING, with a pushed e-invoice
        | stage      | e-invoice |
        | PROCESSING | pushed    |
