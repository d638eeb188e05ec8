@simulation
Feature: Cancellations in simulated weeks are decided like single cases

  A simulation draws a few hundred orders. Customers, sellers and Ajio cancel them in full
  and in part, at random times. Each cancellation has the answer of its case, by our
  reading where the SOP does not say. The weeks are short and busy, so that rare events
  happen as well.

  Source: the experiment partial cancels of the simulator, with the settings below; the
  rules are those of the other features.

  Background:
    Given the experiment partial cancels
    And these settings
      | run.days                         | 2   |
      | run.warm_up_days                 | 0   |
      | ajio.orders_per_day              | 150 |
      | oms.seller_cancellation_share    | 0.3 |
      | oms.seller_delay_hours_mean      | 5   |
      | erp.invoice_lag_minutes_median   | 90  |
      | erp.learns_of_cancellation_share | 0.0 |

  Rule: The answer to a cancellation depends on its case and on nothing else

    Scenario: Every cancellation has the answer of its case
      When the weeks are simulated
      Then every cancellation is decided as the SOP decides its case
      And they include a refusal
      And they include an error on screen
      And they include a second cancellation

  @SC-ERP-FULL-3 @SC-ERP-PART-2 @AC-ERP-FULL-2b @AC-ERP-PART-1a
  Rule: Once an order is packed, it is not cancelled any more

    The seller is refused by SC-ERP-FULL-3 and SC-ERP-PART-2, Ajio by AC-ERP-FULL-2b and AC-ERP-PART-1a.

    Scenario: Cancellations after packing are refused
      When the weeks are simulated
      Then no order is cancelled after it was packed
      And they include a refusal

  Rule: Work on an order ends with its cancellation, and no order is lost

    Scenario: Every order is dispatched or cancelled, and not both
      When the weeks are simulated
      Then no one works on an order after it was cancelled
      And every order is either dispatched or cancelled in the end
      And they include a packing error

  @SC-ERP-FULL-1.1.1 @SC-ERP-FULL-2.1.1 @AC-ERP-FULL-1.1.1 @AC-ERP-PART-1.3
  Rule: The VMS report of a day lists the orders cancelled on it after they were posted, and no others

    SC-ERP-FULL-1.1.1, SC-ERP-FULL-2.1.1, AC-ERP-FULL-1.1.1 and AC-ERP-PART-1.3 name this report.

    Scenario: Each order cancelled after posting is in the report of one day
      When the weeks are simulated
      Then every order that was posted and then cancelled is in the VMS report of its day and in no other
