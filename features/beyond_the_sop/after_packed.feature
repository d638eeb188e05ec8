@GAP-36
Feature: Cancelling an order that has left the packing table

  After packing an order is READY_TO_DISPATCH, once its manifest is closed, and
  COMPLETED, once the carrier has it. The SOP bars everything "after packing" and
  names no later stage. Goods on their way out can only come back as a return.

  Source: none; the SOP is silent. GAP-36 has the readings and our choice.

  Rule: The SOP does not say how long "after packing" lasts; we take it that it never ends

    Scenario Outline: What is refused when packed stays refused
      Given an order invoiced through <invoicing>
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When <canceller> cancels <scope>
      Then the cancellation is refused
      And the client has nothing to do
      And the answer rests on <clauses>
      And it is our reading of GAP-36

      Examples: On the dispatch ramp
        | stage             | canceller  | scope             | invoicing        | e-invoice | clauses        |
        | READY_TO_DISPATCH | the seller | the full order    | the client's ERP | pushed    | SC-ERP-FULL-3  |
        | READY_TO_DISPATCH | the seller | part of the order | the client's ERP | pushed    | SC-ERP-PART-2  |
        | READY_TO_DISPATCH | the seller | the full order    | RMS              | generated | SC-RMS-FULL-2  |
        | READY_TO_DISPATCH | the seller | part of the order | RMS              | generated | SC-RMS-PART-2  |
        | READY_TO_DISPATCH | Ajio       | the full order    | the client's ERP | pushed    | AC-ERP-FULL-2b |

      Examples: With the carrier
        | stage     | canceller  | scope             | invoicing        | e-invoice | clauses        |
        | COMPLETED | the seller | the full order    | the client's ERP | pushed    | SC-ERP-FULL-3  |
        | COMPLETED | the seller | part of the order | the client's ERP | pushed    | SC-ERP-PART-2  |
        | COMPLETED | the seller | the full order    | RMS              | generated | SC-RMS-FULL-2  |
        | COMPLETED | the seller | part of the order | RMS              | generated | SC-RMS-PART-2  |
        | COMPLETED | Ajio       | the full order    | the client's ERP | pushed    | AC-ERP-FULL-2b |

    Scenario Outline: Where the SOP sets only the end, two readings refuse together
      Given an order invoiced through RMS
      And the order is <stage>
      And its e-invoice is generated
      When Ajio cancels <scope>
      Then the cancellation is refused
      And the client has nothing to do
      And no clause says so
      And it is our reading of GAP-14, GAP-36

      Examples: Both stages after PACKED
        | stage             | scope             |
        | READY_TO_DISPATCH | the full order    |
        | READY_TO_DISPATCH | part of the order |
        | COMPLETED         | the full order    |
        | COMPLETED         | part of the order |

    Scenario Outline: What to do with a part cancelled by Ajio stays open
      Given an order invoiced through the client's ERP
      And the order is <stage>
      And its e-invoice is pushed
      When Ajio cancels part of the order
      Then the cancellation is refused
      But what the client must do is an open question
      And the answer rests on AC-ERP-PART-1a
      And it is our reading of GAP-11, GAP-36

      Examples: Both stages after PACKED
        | stage             |
        | READY_TO_DISPATCH |
        | COMPLETED         |

    Scenario Outline: The e-invoice makes no difference any more
      Given an order invoiced through <invoicing>
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When <canceller> cancels <scope>
      Then the answer is that of an order that is PACKED
      And it is our reading of <gaps>

      Examples: Off the regular way, with the e-invoice behind
        | stage             | canceller  | scope             | invoicing        | e-invoice  | gaps           |
        | READY_TO_DISPATCH | the seller | the full order    | the client's ERP | not posted | GAP-36         |
        | COMPLETED         | the seller | the full order    | the client's ERP | posted     | GAP-36         |
        | READY_TO_DISPATCH | the seller | the full order    | the client's ERP | generated  | GAP-36         |
        | COMPLETED         | the seller | the full order    | the client's ERP | generated  | GAP-36         |
        | COMPLETED         | the seller | part of the order | the client's ERP | not posted | GAP-36         |
        | READY_TO_DISPATCH | the seller | part of the order | the client's ERP | not posted | GAP-36         |
        | READY_TO_DISPATCH | the seller | part of the order | the client's ERP | posted     | GAP-36         |
        | COMPLETED         | the seller | part of the order | the client's ERP | generated  | GAP-36         |
        | READY_TO_DISPATCH | Ajio       | the full order    | the client's ERP | not posted | GAP-36         |
        | COMPLETED         | Ajio       | the full order    | the client's ERP | not posted | GAP-36         |
        | COMPLETED         | Ajio       | the full order    | the client's ERP | posted     | GAP-36         |
        | READY_TO_DISPATCH | Ajio       | the full order    | the client's ERP | generated  | GAP-36         |
        | COMPLETED         | Ajio       | part of the order | the client's ERP | not posted | GAP-11, GAP-36 |
        | READY_TO_DISPATCH | Ajio       | part of the order | the client's ERP | posted     | GAP-11, GAP-36 |
        | COMPLETED         | Ajio       | part of the order | the client's ERP | generated  | GAP-11, GAP-36 |

      Examples: Off the regular way, pushed under RMS
        | stage             | canceller  | scope             | invoicing | e-invoice | gaps           |
        | READY_TO_DISPATCH | the seller | the full order    | RMS       | pushed    | GAP-36         |
        | COMPLETED         | the seller | part of the order | RMS       | pushed    | GAP-36         |
        | READY_TO_DISPATCH | Ajio       | the full order    | RMS       | pushed    | GAP-14, GAP-36 |
        | COMPLETED         | Ajio       | part of the order | RMS       | pushed    | GAP-14, GAP-36 |

    @as-written
    Scenario Outline: As written, the stages after PACKED are open
      Given the SOP is taken as written
      And an order invoiced through <invoicing>
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When <canceller> cancels <scope>
      Then what becomes of the cancellation is an open question
      And what the client must do is an open question
      And no clause says so
      And the question is registered as GAP-36

      Examples: Every heading of the SOP
        | stage             | canceller  | scope             | invoicing        | e-invoice |
        | READY_TO_DISPATCH | the seller | the full order    | the client's ERP | pushed    |
        | COMPLETED         | the seller | part of the order | the client's ERP | pushed    |
        | READY_TO_DISPATCH | the seller | the full order    | RMS              | generated |
        | COMPLETED         | the seller | part of the order | RMS              | generated |
        | READY_TO_DISPATCH | Ajio       | the full order    | the client's ERP | pushed    |
        | COMPLETED         | Ajio       | part of the order | the client's ERP | pushed    |
        | READY_TO_DISPATCH | Ajio       | the full order    | RMS              | generated |
        | COMPLETED         | Ajio       | part of the order | RMS              | generated |

      Examples: With the e-invoice behind
        | stage             | canceller | scope             | invoicing        | e-invoice  |
        | READY_TO_DISPATCH | Ajio      | part of the order | the client's ERP | not posted |
