Feature: Cancelling an order that is READY_TO_DISPATCH or COMPLETED

  By the public descriptions an order that is packed is READY_TO_DISPATCH once its manifest
  is closed, and COMPLETED once the carrier has it. The SOP names neither stage. Where it
  bars what comes after packing, its words cover both. Where it only permits up to packing,
  for Ajio under RMS, it is silent; we take it that both stages are then like PACKED
  (GAP-36).

  Source: SOPs For Clients, version 1, wherever it says after packing or no support;
  GAP-11, GAP-14 and GAP-36 have the readings and our choices for the rest.

  @SC-ERP-FULL-3 @SC-ERP-PART-2 @SC-RMS-FULL-2 @SC-RMS-PART-2 @AC-ERP-FULL-2b
  Rule: What the SOP bars after packing stays barred at every later stage

    Scenario Outline: What is refused for a PACKED order is refused at every later stage
      Given an order invoiced through <invoicing>
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When <canceller> cancels <scope>
      Then the cancellation is refused
      And the SOP says so in <clauses>
      And it follows that the client has nothing to do

      Examples: Ready to be dispatched
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

      Examples: Off the regular way, with the e-invoice behind
        | stage             | canceller  | scope             | invoicing        | e-invoice  | clauses        |
        | READY_TO_DISPATCH | the seller | the full order    | the client's ERP | not posted | SC-ERP-FULL-3  |
        | COMPLETED         | the seller | the full order    | the client's ERP | posted     | SC-ERP-FULL-3  |
        | READY_TO_DISPATCH | the seller | the full order    | the client's ERP | generated  | SC-ERP-FULL-3  |
        | COMPLETED         | the seller | the full order    | the client's ERP | generated  | SC-ERP-FULL-3  |
        | COMPLETED         | the seller | part of the order | the client's ERP | not posted | SC-ERP-PART-2  |
        | READY_TO_DISPATCH | the seller | part of the order | the client's ERP | posted     | SC-ERP-PART-2  |
        | COMPLETED         | the seller | part of the order | the client's ERP | generated  | SC-ERP-PART-2  |
        | READY_TO_DISPATCH | Ajio       | the full order    | the client's ERP | not posted | AC-ERP-FULL-2b |
        | COMPLETED         | Ajio       | the full order    | the client's ERP | not posted | AC-ERP-FULL-2b |
        | READY_TO_DISPATCH | Ajio       | the full order    | the client's ERP | posted     | AC-ERP-FULL-2b |
        | COMPLETED         | Ajio       | the full order    | the client's ERP | posted     | AC-ERP-FULL-2b |
        | READY_TO_DISPATCH | Ajio       | the full order    | the client's ERP | generated  | AC-ERP-FULL-2b |

      Examples: Off the regular way, pushed under RMS
        | stage             | canceller  | scope             | invoicing | e-invoice | clauses       |
        | READY_TO_DISPATCH | the seller | the full order    | RMS       | pushed    | SC-RMS-FULL-2 |
        | COMPLETED         | the seller | part of the order | RMS       | pushed    | SC-RMS-PART-2 |

  @AC-ERP-PART-1a
  Rule: A part that Ajio cancels is not supported at any stage, so not after packing either

    @GAP-11
    Scenario Outline: What to do with a part that Ajio cancels at a later stage is open
      Given an order invoiced through the client's ERP
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When Ajio cancels part of the order
      Then the cancellation is refused
      But what the client must do is an open question
      And the answer rests on AC-ERP-PART-1a
      And the question is registered as GAP-11

      Examples: Both stages after PACKED
        | stage             | e-invoice |
        | READY_TO_DISPATCH | pushed    |
        | COMPLETED         | pushed    |

      Examples: Off the regular way, with the e-invoice behind
        | stage             | e-invoice  |
        | COMPLETED         | not posted |
        | READY_TO_DISPATCH | posted     |
        | COMPLETED         | generated  |

  @GAP-36
  Rule: The SOP lets Ajio cancel until packing under RMS and does not say what holds after it; we take it that every later stage refuses like PACKED

    @GAP-14
    Scenario Outline: A cancellation by Ajio at a stage after PACKED is refused under RMS
      Given an order invoiced through RMS
      And the order is <stage>
      And its e-invoice is <e-invoice>
      When Ajio cancels <scope>
      Then the cancellation is refused
      And the client has nothing to do
      And no clause says so
      And it is our reading of GAP-14, GAP-36

      Examples: Both stages after PACKED
        | stage             | scope             | e-invoice |
        | READY_TO_DISPATCH | the full order    | generated |
        | READY_TO_DISPATCH | part of the order | generated |
        | COMPLETED         | the full order    | generated |
        | COMPLETED         | part of the order | generated |

      Examples: Off the regular way, with another e-invoice
        | stage             | scope             | e-invoice  |
        | COMPLETED         | the full order    | not posted |
        | READY_TO_DISPATCH | part of the order | posted     |
        | READY_TO_DISPATCH | the full order    | pushed     |
        | COMPLETED         | part of the order | pushed     |

    @as-written
    Scenario Outline: As written, a cancellation by Ajio at a stage after PACKED under RMS is an open question
      Given the SOP is taken as written
      And an order invoiced through RMS
      And the order is <stage>
      And its e-invoice is generated
      When Ajio cancels <scope>
      Then what becomes of the cancellation is an open question
      And what the client must do is an open question
      And no clause says so
      And the question is registered as GAP-36

      Examples: Both stages after PACKED
        | stage             | scope             |
        | READY_TO_DISPATCH | the full order    |
        | READY_TO_DISPATCH | part of the order |
        | COMPLETED         | the full order    |
        | COMPLETED         | part of the order |
