@GAP-37
Feature: Cancelling an order that is already cancelled

  Messages are repeated: a seller clicks twice, or Ajio cancels an order that the seller
  has cancelled. At the second request the order is CANCELLED, and no sentence of the SOP
  is about a cancelled order. We assume that the second one neither adds a duty nor
  removes one (GAP-37); the features on the life of an order show that what was due stays
  due.

  Source: none; not covered by the SOP. GAP-37 has the readings and our choice.

  Rule: The SOP does not say what a second cancellation does; we assume that it has no effect

    Scenario: A second cancellation changes nothing and asks for nothing
      Given the order is CANCELLED
      When the seller or Ajio cancels the full order or part of the order
      Then the cancellation is without effect
      And the client has nothing to do
      And no clause says so
      And it is our reading of GAP-37

    @as-written
    Scenario: As written, a second cancellation is an open question
      Given the SOP is taken as written
      And the order is CANCELLED
      When the seller or Ajio cancels the full order or part of the order
      Then the outcome of the cancellation is an open question
      And what the client must do is an open question
      And no clause says so
      And the question is registered as GAP-37
