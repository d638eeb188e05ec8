@GAP-43
Feature: The age of a credit note that is due

  The SOP names no deadline for the credit note. Two dates are shown beside it, and
  neither is the SOP's. The reminder, 30 days after the cancellation, is ours and not a
  law. The legal deadline is 30 November after the financial year of the supply, which
  runs from April to March, or the annual return of that year, whichever is earlier. We
  use the day of the e-invoice as the day of the supply (GAP-43). Days are calendar days
  in India.

  Source: none; not covered by the SOP. GAP-43 has the readings and our choice.

  Rule: The SOP does not name a deadline; we assume that our reminder and the legal deadline are shown beside the credit note

    Scenario Outline: Our reminder comes after 30 days
      Given these orders, invoiced through the client's ERP
        | order | posted           | e-invoiced       | cancelled        | by         |
        | A     | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 12:00 | the seller |
      When the client looks at its credit notes on <day>
      Then the ages of the credit notes are
        | order | days   | standing   | reminder from | basis   |
        | A     | <days> | <standing> | 2026-06-03    | <basis> |

      Examples: Before and on the thirtieth day
        | day        | days | standing | basis        |
        | 2026-05-04 | 0    | due      | SOP          |
        | 2026-06-02 | 29   | due      | SOP          |
        | 2026-06-03 | 30   | reminder | our reminder |

    Scenario Outline: The financial year of the invoice sets the legal deadline
      Given these orders, invoiced through the client's ERP
        | order | posted           | e-invoiced   | cancelled        | by         |
        | A     | 2026-03-30 09:00 | <e-invoiced> | 2026-04-02 12:00 | the seller |
      When the client looks at its credit notes on <day>
      Then the ages of the credit notes are
        | order | standing   | overdue from   | basis   |
        | A     | <standing> | <overdue from> | <basis> |

      Examples: Invoices from the last and the first minute of a financial year
        | e-invoiced       | day        | standing | overdue from | basis        |
        | 2026-03-31 23:59 | 2026-11-30 | reminder | 2026-12-01   | our reminder |
        | 2026-03-31 23:59 | 2026-12-01 | overdue  | 2026-12-01   | law, not SOP |
        | 2026-04-01 00:00 | 2026-12-01 | reminder | 2027-12-01   | our reminder |
        | 2026-04-01 00:00 | 2027-12-01 | overdue  | 2027-12-01   | law, not SOP |

    Scenario Outline: An annual return before 30 November sets the deadline, a later one does not
      Given these orders, invoiced through the client's ERP
        | order | posted           | e-invoiced       | cancelled        | by         |
        | A     | 2026-03-30 09:00 | 2026-03-31 10:00 | 2026-04-02 12:00 | the seller |
      And the annual return for the year to March <year> was furnished on <furnished>
      When the client looks at its credit notes on 2026-10-16
      Then the ages of the credit notes are
        | order | standing   | overdue from   |
        | A     | <standing> | <overdue from> |

      Examples: Returns for the year of the supply, and for the year before
        | year | furnished  | standing | overdue from |
        | 2026 | 2026-10-15 | overdue  | 2026-10-16   |
        | 2026 | 2026-12-20 | reminder | 2026-12-01   |
        | 2025 | 2026-10-15 | reminder | 2026-12-01   |

    Scenario: A credit note that is made no longer ages
      Given these orders, invoiced through the client's ERP
        | order | posted           | e-invoiced       | cancelled        | by         | credited         |
        | A     | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 12:00 | the seller | 2026-05-05 09:00 |
      When the client looks at its credit notes on 2028-01-01
      Then the ages of the credit notes are
        | order | standing |
        | A     | done     |

    Scenario: The age of the credit note for a late e-invoice counts from the cancellation
      Given these orders, invoiced through the client's ERP
        | order | posted           | cancelled        | by   | e-invoiced       |
        | A     | 2026-05-04 09:00 | 2026-05-04 12:00 | Ajio | 2026-06-10 10:00 |
      When the client looks at its credit notes on 2026-06-10
      Then the ages of the credit notes are
        | order | days | standing |
        | A     | 37   | reminder |
