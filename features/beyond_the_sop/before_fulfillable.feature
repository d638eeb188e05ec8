Feature: Cancelling an order before stock is reserved

  By the public descriptions an order is CREATED when it arrives, and UNFULFILLABLE when
  there is no stock for it. The SOP names neither stage. Where it allows cancelling until
  packing and names no beginning, its words cover both. For the seller under the client's
  ERP it begins with FULFILLABLE and does not say what happens before; we assume that the
  order is then treated as FULFILLABLE (GAP-35).

  Source: SOPs For Clients, version 1, wherever it says until packing or no support;
  GAP-35 has the readings and our choice for the rest.

  Rule: Under RMS an order can be cancelled from the time it is created until it is packed

    Scenario Outline: An order is cancelled under RMS before stock is reserved
      Given an order invoiced through RMS
      And the order is <stage>
      When <canceller> cancels <scope>
      Then the cancellation is allowed
      And the client has nothing to do
      And the answer rests on <clauses>

      @SC-RMS-FULL-1
      Examples: The seller, the full order
        | stage         | canceller  | scope          | clauses       |
        | CREATED       | the seller | the full order | SC-RMS-FULL-1 |
        | UNFULFILLABLE | the seller | the full order | SC-RMS-FULL-1 |

      @SC-RMS-PART-1
      Examples: The seller, part of the order
        | stage         | canceller  | scope             | clauses       |
        | CREATED       | the seller | part of the order | SC-RMS-PART-1 |
        | UNFULFILLABLE | the seller | part of the order | SC-RMS-PART-1 |

      @AC-RMS-FULL-1
      Examples: Ajio, the full order
        | stage         | canceller | scope          | clauses       |
        | CREATED       | Ajio      | the full order | AC-RMS-FULL-1 |
        | UNFULFILLABLE | Ajio      | the full order | AC-RMS-FULL-1 |

      @AC-RMS-PART-1
      Examples: Ajio, part of the order
        | stage         | canceller | scope             | clauses       |
        | CREATED       | Ajio      | part of the order | AC-RMS-PART-1 |
        | UNFULFILLABLE | Ajio      | part of the order | AC-RMS-PART-1 |

    Scenario Outline: An order that RMS has not e-invoiced is cancelled before stock is reserved
      Given an order invoiced through RMS
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When <canceller> cancels <scope>
      Then the cancellation is allowed
      And the SOP says so in <clauses>
      And it follows that the client has nothing to do

      @SC-RMS-FULL-1
      Examples: The seller, the full order
        | stage         | canceller  | scope          | e-invoice  | clauses       |
        | UNFULFILLABLE | the seller | the full order | not posted | SC-RMS-FULL-1 |

      @SC-RMS-PART-1
      Examples: The seller, part of the order
        | stage   | canceller  | scope             | e-invoice | clauses       |
        | CREATED | the seller | part of the order | posted    | SC-RMS-PART-1 |

      @AC-RMS-FULL-1
      Examples: Ajio, the full order
        | stage   | canceller | scope          | e-invoice  | clauses       |
        | CREATED | Ajio      | the full order | not posted | AC-RMS-FULL-1 |

      @AC-RMS-PART-1
      Examples: Ajio, part of the order
        | stage         | canceller | scope             | e-invoice | clauses       |
        | UNFULFILLABLE | Ajio      | part of the order | posted    | AC-RMS-PART-1 |

  @GAP-15 @GAP-16
  Rule: The SOP does not say what happens to an e-invoice of RMS; we assume that the client has no task before stock is reserved either

    Scenario Outline: An order that RMS has e-invoiced is cancelled before stock is reserved
      Given an order invoiced through RMS
      And the order is <stage>
      And its e-invoice is generated
      When <canceller> cancels <scope>
      Then the cancellation is allowed
      And the client has nothing to do
      And the answer rests on <clauses>
      And it is our reading of GAP-15
      And the question of GAP-16 is shown beside the answer

      @SC-RMS-FULL-1
      Examples: The seller, the full order
        | stage   | canceller  | scope          | clauses       |
        | CREATED | the seller | the full order | SC-RMS-FULL-1 |

      @SC-RMS-PART-1
      Examples: The seller, part of the order
        | stage         | canceller  | scope             | clauses       |
        | UNFULFILLABLE | the seller | part of the order | SC-RMS-PART-1 |

      @AC-RMS-FULL-1
      Examples: Ajio, the full order
        | stage         | canceller | scope          | clauses       |
        | UNFULFILLABLE | Ajio      | the full order | AC-RMS-FULL-1 |

      @AC-RMS-PART-1
      Examples: Ajio, part of the order
        | stage   | canceller | scope             | clauses       |
        | CREATED | Ajio      | part of the order | AC-RMS-PART-1 |

    @as-written
    Scenario Outline: As written, the follow-up of an order that RMS has e-invoiced is open before stock is reserved
      Given the SOP is taken as written
      And an order invoiced through RMS
      And the order is <stage>
      And its e-invoice is pushed
      When the seller or Ajio cancels the full order or part of the order
      Then the cancellation is allowed
      But what the client must do is an open question
      And the question is registered as GAP-15

      Examples: Cases outside the regular steps
        | stage         |
        | CREATED       |
        | UNFULFILLABLE |

  @AC-ERP-FULL-2a
  Rule: Ajio can cancel a full order until it is packed, and the two situations for Ajio also apply before stock is reserved

    @AC-ERP-FULL-1.2.1
    Scenario Outline: A posted order without an e-invoice that Ajio cancels before stock is reserved leaves nothing to do
      Given an order invoiced through the client's ERP
      And the order is <stage>
      And its e-invoice is posted
      When Ajio cancels the full order
      Then the cancellation is allowed
      And the client has nothing to do
      And the SOP says so in AC-ERP-FULL-1.2.1, AC-ERP-FULL-2a

      Examples: Cases outside the regular steps
        | stage         |
        | CREATED       |
        | UNFULFILLABLE |

    @AC-ERP-FULL-1.1.1 @AC-ERP-FULL-1.1.2a @AC-ERP-FULL-1.1.2b @AC-ERP-FULL-1.1.2c
    Scenario Outline: The e-invoice of an order that Ajio cancels before stock is reserved is credited
      Given an order invoiced through the client's ERP
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When Ajio cancels the full order
      Then the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And the SOP says so in AC-ERP-FULL-1.1.1, AC-ERP-FULL-1.1.2a, AC-ERP-FULL-1.1.2b, AC-ERP-FULL-1.1.2c, AC-ERP-FULL-2a

      Examples: Cases outside the regular steps
        | stage         | e-invoice |
        | CREATED       | generated |
        | CREATED       | pushed    |
        | UNFULFILLABLE | generated |
        | UNFULFILLABLE | pushed    |

  @GAP-09
  Rule: The SOP does not say what follows for an order that was never posted; we assume that before stock is reserved, too, there is nothing to do

    @AC-ERP-FULL-2a
    Scenario Outline: A full order that Ajio cancels before stock is reserved and before it is posted leaves nothing to do
      Given an order invoiced through the client's ERP
      And the order is <stage>
      And its e-invoice is not posted
      When Ajio cancels the full order
      Then the cancellation is allowed
      And the client has nothing to do
      And the answer rests on AC-ERP-FULL-2a
      And it is our reading of GAP-09

      Examples: Both stages before FULFILLABLE
        | stage         |
        | CREATED       |
        | UNFULFILLABLE |

    @as-written
    Scenario Outline: As written, the follow-up of a full order that Ajio cancels before stock is reserved is open
      Given the SOP is taken as written
      And an order invoiced through the client's ERP
      And the order is <stage>
      And its e-invoice is not posted
      When Ajio cancels the full order
      Then the cancellation is allowed
      But what the client must do is an open question
      And the question is registered as GAP-09

      Examples: Both stages before FULFILLABLE
        | stage         |
        | CREATED       |
        | UNFULFILLABLE |

  @AC-ERP-PART-1c @AC-ERP-PART-1.1 @AC-ERP-PART-1.2 @AC-ERP-PART-1.3 @AC-ERP-PART-1.4a @AC-ERP-PART-1.4b @AC-ERP-PART-1.4c
  Rule: A partial cancellation by Ajio makes packing fail, even if it was made early

    Scenario Outline: A partial cancellation by Ajio before stock is reserved fails at packing, and the steps fall due then
      Given an order invoiced through the client's ERP
      And the order is <stage>
      When Ajio cancels part of the order
      Then the cancellation fails at packing
      And the client's follow-up when packing fails is
        | must     | ask Ajio to cancel the order by hand                  |
        | must     | cancel the order in Assure OMS                        |
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And the SOP says so in AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c

      Examples: Both stages before FULFILLABLE
        | stage         |
        | CREATED       |
        | UNFULFILLABLE |

  @GAP-35
  Rule: The SOP does not say what the seller may cancel before FULFILLABLE under the client's ERP; we assume that the order is treated as FULFILLABLE

    Scenario Outline: A cancellation by the seller before stock is reserved leaves nothing to do
      Given an order invoiced through the client's ERP
      And the order is <stage>
      And its e-invoice is not posted
      When the seller cancels <scope>
      Then the cancellation is allowed
      And the client has nothing to do
      And the answer rests on <clauses>
      And it is our reading of GAP-35

      @SC-ERP-FULL-1a @SC-ERP-FULL-1.2.1
      Examples: The full order
        | stage         | scope          | clauses                           |
        | CREATED       | the full order | SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1 |
        | UNFULFILLABLE | the full order | SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1 |

      @SC-ERP-PART-1.2.1
      Examples: Part of the order
        | stage         | scope             | clauses           |
        | CREATED       | part of the order | SC-ERP-PART-1.2.1 |
        | UNFULFILLABLE | part of the order | SC-ERP-PART-1.2.1 |

    Scenario Outline: A posted order before stock is reserved is treated as FULFILLABLE
      Given an order invoiced through the client's ERP
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When the seller cancels the full order
      Then the answer is the same as for an order that is FULFILLABLE
      And it is our reading of <gaps>

      Examples: Cases outside the regular steps, posted or e-invoiced
        | stage         | e-invoice | gaps   |
        | CREATED       | posted    | GAP-35 |
        | CREATED       | generated | GAP-35 |
        | UNFULFILLABLE | posted    | GAP-35 |
        | UNFULFILLABLE | generated | GAP-35 |

      @GAP-02
      Examples: Cases outside the regular steps, pushed
        | stage         | e-invoice | gaps           |
        | CREATED       | pushed    | GAP-02, GAP-35 |
        | UNFULFILLABLE | pushed    | GAP-02, GAP-35 |

    Scenario Outline: A partial cancellation by the seller before stock is reserved is treated as for a FULFILLABLE order
      Given an order invoiced through the client's ERP
      And the order is <stage>
      When the seller cancels part of the order
      Then the answer is the same as for an order that is FULFILLABLE
      And it is our reading of GAP-35

      Examples: Both stages before FULFILLABLE
        | stage         |
        | CREATED       |
        | UNFULFILLABLE |

    @as-written
    Scenario Outline: As written, a cancellation by the seller before FULFILLABLE is an open question
      Given the SOP is taken as written
      And an order invoiced through the client's ERP
      And the order is <stage>
      When the seller cancels the full order or part of the order
      Then the outcome of the cancellation is an open question
      And what the client must do is an open question
      And no clause says so
      And the question is registered as GAP-35

      Examples: Both stages before FULFILLABLE
        | stage         |
        | CREATED       |
        | UNFULFILLABLE |
