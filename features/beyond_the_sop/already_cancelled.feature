@GAP-37
Feature: Cancelling an order that is already cancelled

  Messages are repeated: a seller clicks twice, or Ajio cancels what the seller has
  cancelled. The second request finds the order CANCELLED, and no sentence of the SOP looks
  at a cancelled order. We take it that it neither adds a duty nor takes one away (GAP-37);
  the features on the life of an order show that what was due stays due.

  Source: none; the SOP is silent. GAP-37 has the readings and our choice.

  Rule: The SOP does not say what a second cancellation does; we take it that it has no effect

    Scenario Outline: A second cancellation changes nothing and asks for nothing
      Given an order invoiced through <invoicing>
      And the order is CANCELLED
      And its e-invoice is <e-invoice>
      When <canceller> cancels <scope>
      Then the cancellation is without effect
      And the client has nothing to do
      And no clause says so
      And it is our reading of GAP-37

      Examples: Under every heading, cancelled before anything was posted
        | canceller  | scope             | invoicing        | e-invoice  |
        | the seller | the full order    | the client's ERP | not posted |
        | the seller | part of the order | the client's ERP | not posted |
        | the seller | the full order    | RMS              | not posted |
        | the seller | part of the order | RMS              | not posted |
        | Ajio       | the full order    | the client's ERP | not posted |
        | Ajio       | part of the order | the client's ERP | not posted |
        | Ajio       | the full order    | RMS              | not posted |
        | Ajio       | part of the order | RMS              | not posted |

      Examples: Under every heading, cancelled with an e-invoice
        | canceller  | scope             | invoicing        | e-invoice |
        | the seller | the full order    | the client's ERP | pushed    |
        | the seller | part of the order | the client's ERP | pushed    |
        | the seller | the full order    | RMS              | generated |
        | the seller | part of the order | RMS              | generated |
        | Ajio       | the full order    | the client's ERP | pushed    |
        | Ajio       | part of the order | the client's ERP | pushed    |
        | Ajio       | the full order    | RMS              | generated |
        | Ajio       | part of the order | RMS              | generated |

      Examples: The e-invoice anywhere in between
        | canceller  | scope          | invoicing        | e-invoice |
        | the seller | the full order | the client's ERP | posted    |
        | the seller | the full order | the client's ERP | generated |
        | Ajio       | the full order | the client's ERP | posted    |

    @as-written
    Scenario Outline: As written, a second cancellation is an open question
      Given the SOP is taken as written
      And an order invoiced through <invoicing>
      And the order is CANCELLED
      And its e-invoice is not posted
      When <canceller> cancels <scope>
      Then what becomes of the cancellation is an open question
      And what the client must do is an open question
      And no clause says so
      And the question is registered as GAP-37

      Examples: Every heading of the SOP
        | canceller  | scope             | invoicing        |
        | the seller | the full order    | the client's ERP |
        | the seller | part of the order | the client's ERP |
        | the seller | the full order    | RMS              |
        | the seller | part of the order | RMS              |
        | Ajio       | the full order    | the client's ERP |
        | Ajio       | part of the order | the client's ERP |
        | Ajio       | the full order    | RMS              |
        | Ajio       | part of the order | RMS              |
