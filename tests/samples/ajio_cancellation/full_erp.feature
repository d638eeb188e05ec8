@AC-ERP-FULL
Feature: Ajio cancels a whole order

  @AC-ERP-FULL-1.1.2a
  Rule: An e-invoice is credited by the client

    Scenario: The report lists what was cancelled after posting
      Given these orders
        | order | posted | cancelled |
        | A-1   | yes    | yes       |
        | A-2   | yes    | no        |
      When the client downloads the report
      Then the report has the rows
        | order | canceller |
        | A-1   | Ajio      |

  @AC-ERP-FULL-2b
  Rule: Nothing is cancelled after packing

    Scenario: Ajio is too late once packed
      Given the order is PACKED in WMS
      When Ajio cancels the full order
      Then the cancellation is refused
      And nothing is due

    Scenario: A sentence nobody knows
      Given the order is PACKED in WMS
      When Ajio cancels the full order
      Then the parcel is sent back to the moon

    Scenario: A sentence two bindings know
      Given the order is PACKED in WMS
      When Ajio cancels the full order
      Then the order stays packed

    Scenario: A binding that breaks
      Given the order has minus one units
      When Ajio cancels the full order
      Then the cancellation is refused
