@GAP-35
Feature: Cancelling an order before stock is reserved

  An order is CREATED when it arrives and UNFULFILLABLE when there is no stock for
  it. The SOP begins one stage later, with FULFILLABLE. An order is posted to the
  client's ERP only after its stock is reserved, so on its regular way there is
  nothing yet in the ERP that a cancellation could harm.

  Source: none; the SOP is silent. GAP-35 has the readings and our choice.

  Rule: The SOP does not say what holds before FULFILLABLE; we take it that the order is treated as FULFILLABLE

    Scenario Outline: Before stock is reserved, a cancellation asks for nothing
      Given an order invoiced through <invoicing>
      And the order is <stage>
      And its e-invoice is not posted
      When <canceller> cancels <scope>
      Then the cancellation is allowed
      And the client has nothing to do
      And the answer rests on <clauses>
      And it is our reading of <gaps>

      Examples: A new order, under every heading that allows it
        | stage   | canceller  | scope             | invoicing        | clauses                           | gaps           |
        | CREATED | the seller | the full order    | the client's ERP | SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1 | GAP-35         |
        | CREATED | the seller | part of the order | the client's ERP | SC-ERP-PART-1.2.1                 | GAP-07, GAP-35 |
        | CREATED | the seller | the full order    | RMS              | SC-RMS-FULL-1                     | GAP-35         |
        | CREATED | the seller | part of the order | RMS              | SC-RMS-PART-1                     | GAP-35         |
        | CREATED | Ajio       | the full order    | the client's ERP | AC-ERP-FULL-2a                    | GAP-09, GAP-35 |
        | CREATED | Ajio       | the full order    | RMS              | AC-RMS-FULL-1                     | GAP-35         |
        | CREATED | Ajio       | part of the order | RMS              | AC-RMS-PART-1                     | GAP-35         |

      Examples: An order without stock, under every heading that allows it
        | stage         | canceller  | scope             | invoicing        | clauses                           | gaps           |
        | UNFULFILLABLE | the seller | the full order    | the client's ERP | SC-ERP-FULL-1a, SC-ERP-FULL-1.2.1 | GAP-35         |
        | UNFULFILLABLE | the seller | part of the order | the client's ERP | SC-ERP-PART-1.2.1                 | GAP-07, GAP-35 |
        | UNFULFILLABLE | the seller | the full order    | RMS              | SC-RMS-FULL-1                     | GAP-35         |
        | UNFULFILLABLE | the seller | part of the order | RMS              | SC-RMS-PART-1                     | GAP-35         |
        | UNFULFILLABLE | Ajio       | the full order    | the client's ERP | AC-ERP-FULL-2a                    | GAP-09, GAP-35 |
        | UNFULFILLABLE | Ajio       | the full order    | RMS              | AC-RMS-FULL-1                     | GAP-35         |
        | UNFULFILLABLE | Ajio       | part of the order | RMS              | AC-RMS-PART-1                     | GAP-35         |

    Scenario Outline: An unsupported cancellation by Ajio waits for packing here too
      Given an order invoiced through the client's ERP
      And the order is <stage>
      And its e-invoice is not posted
      When Ajio cancels part of the order
      Then the cancellation fails at packing
      And the client's follow-up is
        | must     | ask Ajio to cancel the order by hand                  |
        | must     | cancel the order in Assure OMS                        |
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
      And the answer rests on AC-ERP-PART-1c, AC-ERP-PART-1.1, AC-ERP-PART-1.2, AC-ERP-PART-1.3, AC-ERP-PART-1.4a, AC-ERP-PART-1.4b, AC-ERP-PART-1.4c
      And it is our reading of GAP-12, GAP-13, GAP-35

      Examples: Both stages before FULFILLABLE
        | stage         |
        | CREATED       |
        | UNFULFILLABLE |

    Scenario Outline: Should the books be ahead of the shelf, the e-invoice counts as it does for FULFILLABLE
      Given an order invoiced through <invoicing>
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When <canceller> cancels <scope>
      Then the answer is that of an order that is FULFILLABLE
      And it is our reading of <gaps>

      Examples: Off the regular way, where the e-invoice can make a difference
        | stage         | canceller  | scope             | invoicing        | e-invoice | gaps                   |
        | CREATED       | the seller | the full order    | the client's ERP | posted    | GAP-35                 |
        | CREATED       | the seller | the full order    | the client's ERP | generated | GAP-35                 |
        | UNFULFILLABLE | the seller | the full order    | the client's ERP | generated | GAP-35                 |
        | CREATED       | the seller | the full order    | the client's ERP | pushed    | GAP-02, GAP-35         |
        | UNFULFILLABLE | the seller | part of the order | the client's ERP | posted    | GAP-35                 |
        | CREATED       | the seller | part of the order | the client's ERP | generated | GAP-35                 |
        | UNFULFILLABLE | the seller | part of the order | the client's ERP | pushed    | GAP-35                 |
        | CREATED       | Ajio       | the full order    | the client's ERP | posted    | GAP-35                 |
        | UNFULFILLABLE | Ajio       | the full order    | the client's ERP | generated | GAP-35                 |
        | CREATED       | Ajio       | the full order    | the client's ERP | pushed    | GAP-35                 |
        | UNFULFILLABLE | Ajio       | part of the order | the client's ERP | posted    | GAP-12, GAP-13, GAP-35 |
        | CREATED       | Ajio       | part of the order | the client's ERP | generated | GAP-12, GAP-35         |
        | UNFULFILLABLE | Ajio       | part of the order | the client's ERP | pushed    | GAP-12, GAP-35         |

      Examples: Off the regular way, under RMS, where it makes none
        | stage         | canceller  | scope             | invoicing | e-invoice | gaps           |
        | CREATED       | the seller | the full order    | RMS       | generated | GAP-15, GAP-35 |
        | UNFULFILLABLE | the seller | part of the order | RMS       | generated | GAP-15, GAP-35 |
        | CREATED       | Ajio       | the full order    | RMS       | generated | GAP-15, GAP-35 |
        | UNFULFILLABLE | Ajio       | part of the order | RMS       | generated | GAP-15, GAP-35 |

    @as-written
    Scenario Outline: As written, the stages before FULFILLABLE are open
      Given the SOP is taken as written
      And an order invoiced through <invoicing>
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When <canceller> cancels <scope>
      Then what becomes of the cancellation is an open question
      And what the client must do is an open question
      And no clause says so
      And the question is registered as GAP-35

      Examples: A new order, under every heading
        | stage   | canceller  | scope             | invoicing        | e-invoice  |
        | CREATED | the seller | the full order    | the client's ERP | not posted |
        | CREATED | the seller | part of the order | the client's ERP | not posted |
        | CREATED | the seller | the full order    | RMS              | generated  |
        | CREATED | the seller | part of the order | RMS              | generated  |
        | CREATED | Ajio       | the full order    | the client's ERP | not posted |
        | CREATED | Ajio       | part of the order | the client's ERP | not posted |
        | CREATED | Ajio       | the full order    | RMS              | generated  |
        | CREATED | Ajio       | part of the order | RMS              | generated  |

      Examples: An order without stock, under every heading
        | stage         | canceller  | scope             | invoicing        | e-invoice  |
        | UNFULFILLABLE | the seller | the full order    | the client's ERP | not posted |
        | UNFULFILLABLE | the seller | part of the order | the client's ERP | not posted |
        | UNFULFILLABLE | the seller | the full order    | RMS              | generated  |
        | UNFULFILLABLE | the seller | part of the order | RMS              | generated  |
        | UNFULFILLABLE | Ajio       | the full order    | the client's ERP | not posted |
        | UNFULFILLABLE | Ajio       | part of the order | the client's ERP | not posted |
        | UNFULFILLABLE | Ajio       | the full order    | RMS              | generated  |
        | UNFULFILLABLE | Ajio       | part of the order | RMS              | generated  |

      Examples: With the books ahead of the shelf
        | stage         | canceller  | scope          | invoicing        | e-invoice |
        | CREATED       | the seller | the full order | the client's ERP | pushed    |
        | UNFULFILLABLE | the seller | the full order | the client's ERP | pushed    |
