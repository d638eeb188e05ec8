@AC-RMS @AC-RMS-FULL
Feature: Ajio cancels a full order that RMS invoices

  One sentence is all the SOP has here: Ajio may cancel the whole order until it
  is packed. It lists no step for the client, and it does not repeat what it says
  for the seller, that packing is the end of it.

  Source: SOPs For Clients, version 1, Ajio business cancellation, model 2, full order.

  Background:
    Given an order invoiced through RMS

  @AC-RMS-FULL-1
  Rule: Ajio can cancel a full order until it is packed

    Scenario Outline: Before packing the order can go, and there is nothing to do
      Given the order is <stage>
      And its e-invoice is not posted
      When Ajio cancels the full order
      Then the cancellation is allowed
      And the SOP says so in AC-RMS-FULL-1
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
      When Ajio cancels the full order
      Then the cancellation is allowed
      And the SOP says so in AC-RMS-FULL-1
      And it follows that the client has nothing to do
      And beside it stands the question of GAP-16

      Examples: Before packing
        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

  @GAP-44 @GAP-45
  Rule: The SOP does not say how a cancellation by Ajio comes to the client and to Assure OMS; we take it that it reaches Assure OMS by itself

    Scenario: The client has to look for it
      Given the order is FULFILLABLE
      And its e-invoice is not posted
      When Ajio cancels the full order
      Then the cancellation is allowed
      And beside it stands the question of GAP-44, GAP-45

  @GAP-15
  Rule: The SOP does not say what becomes of an e-invoice that RMS has already made; we take it that it is no task of the client

    Scenario Outline: RMS looks after its own e-invoice
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
    Scenario Outline: As written, what becomes of RMS's own e-invoice is open
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
  Rule: The SOP sets packing as the end and does not say what holds after it; we take it that Ajio's cancellation is then refused

    Scenario Outline: Packing closes the door to Ajio, whatever the e-invoice
      Given the order is PACKED
      And its e-invoice is <e-invoice>
      When Ajio cancels the full order
      Then the cancellation is refused
      And the client has nothing to do
      And no clause says so
      And it is our reading of GAP-14

      Examples: Every state of the e-invoice
        | e-invoice  |
        | not posted |
        | posted     |
        | generated  |
        | pushed     |

    @as-written
    Scenario: As written, nothing is said of a packed order
      Given the SOP is taken as written
      And the order is PACKED
      And its e-invoice is pushed
      When Ajio cancels the full order
      Then what becomes of the cancellation is an open question
      And what the client must do is an open question
      And no clause says so
      And the question is registered as GAP-14
