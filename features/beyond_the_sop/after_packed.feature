Feature: Cancelling an order that is READY_TO_DISPATCH or COMPLETED

  By the public descriptions an order that is packed is READY_TO_DISPATCH once its
  manifest is closed, and COMPLETED once the carrier has it. The SOP names neither stage.
  Where it rules out cancelling after packing, or at every stage, its words cover both.
  Where it only permits cancelling until packing, for Ajio under RMS, it does not say; we
  assume that both stages are then like PACKED (GAP-36).

  Source: SOPs For Clients, version 1, wherever it says after packing or no support;
  GAP-11, GAP-14 and GAP-36 have the readings and our choices for the rest.

  Rule: What cannot be cancelled after packing cannot be cancelled at a later stage

    Scenario Outline: What is refused for a PACKED order is refused at every later stage
      Given an order invoiced through <invoicing>
      And the order is <stage>
      When <canceller> cancels <scope>
      Then the cancellation is refused
      And the SOP says so in <clauses>
      And it follows that the client has nothing to do

      @SC-ERP-FULL-3
      Examples: The seller, the full order under the client's ERP
        | stage             | canceller  | scope          | invoicing        | clauses       |
        | READY_TO_DISPATCH | the seller | the full order | the client's ERP | SC-ERP-FULL-3 |
        | COMPLETED         | the seller | the full order | the client's ERP | SC-ERP-FULL-3 |

      @SC-ERP-PART-2
      Examples: The seller, part of the order under the client's ERP
        | stage             | canceller  | scope             | invoicing        | clauses       |
        | READY_TO_DISPATCH | the seller | part of the order | the client's ERP | SC-ERP-PART-2 |
        | COMPLETED         | the seller | part of the order | the client's ERP | SC-ERP-PART-2 |

      @SC-RMS-FULL-2
      Examples: The seller, the full order under RMS
        | stage             | canceller  | scope          | invoicing | clauses       |
        | READY_TO_DISPATCH | the seller | the full order | RMS       | SC-RMS-FULL-2 |
        | COMPLETED         | the seller | the full order | RMS       | SC-RMS-FULL-2 |

      @SC-RMS-PART-2
      Examples: The seller, part of the order under RMS
        | stage             | canceller  | scope             | invoicing | clauses       |
        | READY_TO_DISPATCH | the seller | part of the order | RMS       | SC-RMS-PART-2 |
        | COMPLETED         | the seller | part of the order | RMS       | SC-RMS-PART-2 |

      @AC-ERP-FULL-2b
      Examples: Ajio, the full order under the client's ERP
        | stage             | canceller | scope          | invoicing        | clauses        |
        | READY_TO_DISPATCH | Ajio      | the full order | the client's ERP | AC-ERP-FULL-2b |
        | COMPLETED         | Ajio      | the full order | the client's ERP | AC-ERP-FULL-2b |

  @AC-ERP-PART-1a
  Rule: A partial cancellation by Ajio is not supported at any stage, and so not after packing

    @GAP-11
    Scenario Outline: What to do with a partial cancellation by Ajio at a later stage is open
      Given an order invoiced through the client's ERP
      And the order is <stage>
      When Ajio cancels part of the order
      Then the cancellation is refused
      But what the client must do is an open question
      And the answer rests on AC-ERP-PART-1a
      And the question is registered as GAP-11

      Examples: Both stages after PACKED
        | stage             |
        | READY_TO_DISPATCH |
        | COMPLETED         |

  @GAP-36
  Rule: The SOP lets Ajio cancel until packing under RMS and does not say what happens after it; we assume that it is refused at every later stage, as for PACKED

    @GAP-14
    Scenario Outline: A cancellation by Ajio at a stage after PACKED is refused under RMS
      Given an order invoiced through RMS
      And the order is <stage>
      When Ajio cancels the full order or part of the order
      Then the cancellation is refused
      And the client has nothing to do
      And no clause says so
      And it is our reading of GAP-14, GAP-36

      Examples: Both stages after PACKED
        | stage             |
        | READY_TO_DISPATCH |
        | COMPLETED         |

    @as-written
    Scenario Outline: As written, a cancellation by Ajio at a stage after PACKED under RMS is an open question
      Given the SOP is taken as written
      And an order invoiced through RMS
      And the order is <stage>
      When Ajio cancels the full order or part of the order
      Then the outcome of the cancellation is an open question
      And what the client must do is an open question
      And no clause says so
      And the question is registered as GAP-36

      Examples: Both stages after PACKED
        | stage             |
        | READY_TO_DISPATCH |
        | COMPLETED         |
