@RT-RSI
Feature: The RSI report of returned units

  The report of return sales invoices in the Ajio VMS Reports UI goes down to the single
  item. That is all that the SOP says of its content. We assume that an item is a unit,
  and the columns are our proposal.

  Source: SOPs For Clients, version 1, return processing, model 1.

  @RT-RSI-2
  Rule: The report has one row for each returned unit

    That it goes down to the single item is RT-RSI-2.

    Scenario: Two units of one order have two rows
      Given these orders, each with the units that came back
        | order | units | quality checks |
        | A     | 3     | pass, fail     |
        | B     | 1     | missing        |
      When the client gets the RSI report
      Then the report lists
        | order | unit | quality check |
        | A     | 1    | pass          |
        | A     | 2    | fail          |
        | B     | 1    | missing       |

    Scenario: An order of which nothing came back is not listed
      Given these orders, each with the units that came back
        | order | units | quality checks |
        | A     | 2     | -              |
      When the client gets the RSI report
      Then the report is empty

  @GAP-42
  Rule: The SOP does not say when a return counts as processed; we assume that a unit is listed once its quality check is recorded

    This is our reading of GAP-42.

    Scenario: A unit that waits for its quality check is not listed yet
      Given these orders, each with the units that came back
        | order | units | quality checks     |
        | A     | 2     | not recorded       |
        | B     | 2     | pass, not recorded |
      When the client gets the RSI report
      Then the report lists
        | order | unit | quality check |
        | B     | 1    | pass          |
