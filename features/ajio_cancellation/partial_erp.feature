@AC-ERP @AC-ERP-PART
Feature: Ajio cancels part of an order that the client's ERP invoices

  The SOP does not support partial cancellations by Ajio under the client's ERP. Because
  Ajio does them by hand, one may still arrive, on very rare occasions. Then an error
  during packing says that the order has to be cancelled both at Ajio and in Assure, and
  the SOP lists four steps for this event: ask Ajio to cancel the order by hand, cancel it
  in Assure OMS, download the report, and make a credit note. We assume that the client
  learns nothing before the error (GAP-12), that the credit note needs an e-invoice and
  the report a posting when packing fails (GAP-13), and that the whole order ends
  cancelled, not only the units that Ajio cancelled (GAP-20). How long the order waits if
  Ajio does not act is a question (GAP-47).

  Source: SOPs For Clients, version 1, Ajio business cancellation, model 1, part of an order.

  Background:
    Given an order invoiced through the client's ERP

  @AC-ERP-PART-1c
  Rule: A partial cancellation that has arrived makes packing fail

    Scenario Outline: A partial cancellation by Ajio fails at packing, whatever the stage and the e-invoice
      Given the order is <stage>
      When Ajio cancels part of the order
      Then the cancellation fails at packing

      Examples: Before packing
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

  @AC-ERP-PART-1c @AC-ERP-PART-1.1 @AC-ERP-PART-1.2 @AC-ERP-PART-1.3 @AC-ERP-PART-1.4a @AC-ERP-PART-1.4b @AC-ERP-PART-1.4c
  Rule: After the error there are four steps, which fall due with it and not before

    Scenario Outline: When packing fails, all four steps fall due, in this sequence
      Given the order is PROCESSING
      And its e-invoice is <e-invoice>
      When Ajio cancels part of the order
      Then the client's follow-up when packing fails is
        | must     | ask Ajio to cancel the order by hand                  |
        | must     | cancel the order in Assure OMS                        |
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And the SOP says so in AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c

      Examples: In the warehouse, with an e-invoice
        | e-invoice |
        | generated |
        | pushed    |

    Scenario: Who does each step after packing failed, and where
      Given the order is PROCESSING
      And its e-invoice is pushed
      When Ajio cancels part of the order
      Then these are the tasks, who does them and where
        | ask Ajio to cancel the order by hand                  | seller | Ajio                |
        | cancel the order in Assure OMS                        | seller | Assure OMS          |
        | download the report of orders cancelled after posting | seller | Ajio VMS Reports UI |
        | make a credit note by hand and keep it in the ERP     | seller | client's ERP        |
        | share the credit note with Ajio                       | seller | client's ERP / Ajio |

  @GAP-20
  Rule: The SOP does not support a partial cancellation by Ajio and yet describes what happens; we assume that the whole order ends cancelled

    @AC-ERP-PART-1a @AC-ERP-PART-1c
    Scenario: A partial cancellation by Ajio in PROCESSING is not refused but fails at packing
      Given the order is PROCESSING
      When Ajio cancels part of the order
      Then the cancellation fails at packing
      And the question of GAP-20 is shown beside the answer

  @GAP-12
  Rule: The SOP does not say whether the client learns of a partial cancellation by Ajio before packing; we assume that every step waits for the error

    @AC-ERP-PART-1c @AC-ERP-PART-1.1 @AC-ERP-PART-1.2 @AC-ERP-PART-1.3 @AC-ERP-PART-1.4a @AC-ERP-PART-1.4b @AC-ERP-PART-1.4c
    Scenario: The steps of a FULFILLABLE order fall due when packing fails
      Given the order is FULFILLABLE
      When Ajio cancels part of the order
      Then the client's follow-up when packing fails is
        | must     | ask Ajio to cancel the order by hand                  |
        | must     | cancel the order in Assure OMS                        |
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And the SOP says so in AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c
      And the question of GAP-12 is shown beside the answer

  @GAP-13
  Rule: The SOP does not say whether the report needs a posting and the credit note an e-invoice; we assume that in PROCESSING they do

    @AC-ERP-PART-1c @AC-ERP-PART-1.1 @AC-ERP-PART-1.2 @AC-ERP-PART-1.3
    Scenario: When packing fails without an e-invoice, there is no credit note to make
      Given the order is PROCESSING
      And its e-invoice is posted
      When Ajio cancels part of the order
      Then the client's follow-up when packing fails is
        | must | ask Ajio to cancel the order by hand                  |
        | must | cancel the order in Assure OMS                        |
        | may  | download the report of orders cancelled after posting |
      And the answer rests on AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3
      And it is our reading of GAP-13

    @AC-ERP-PART-1c @AC-ERP-PART-1.1 @AC-ERP-PART-1.2
    Scenario: When packing fails without a posting, there is no report to download either
      Given the order is PROCESSING
      And its e-invoice is not posted
      When Ajio cancels part of the order
      Then the client's follow-up when packing fails is
        | must | ask Ajio to cancel the order by hand |
        | must | cancel the order in Assure OMS       |
      And the answer rests on AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2
      And it is our reading of GAP-13

    @as-written
    Scenario Outline: As written, the steps are open when packing fails without an e-invoice
      Given the SOP is taken as written
      And the order is PROCESSING
      And its e-invoice is <e-invoice>
      When Ajio cancels part of the order
      Then the cancellation fails at packing
      But what the client must do is an open question
      And the question is registered as GAP-13

      Examples: Without an e-invoice
        | e-invoice  |
        | not posted |
        | posted     |

  @AC-ERP-PART-1a
  Rule: A partial cancellation by Ajio is not supported

    Scenario: A partial cancellation by Ajio after packing is refused under the client's ERP
      Given the order is PACKED
      When Ajio cancels part of the order
      Then the cancellation is refused
      And the answer rests on AC-ERP-PART-1a

  @GAP-11
  Rule: The SOP does not say what to do with a partial cancellation that arrives after packing; we leave it open

    Scenario: What to do with a partial cancellation by Ajio after packing is open
      Given the order is PACKED
      When Ajio cancels part of the order
      Then the cancellation is refused
      But what the client must do is an open question
      And the question is registered as GAP-11
