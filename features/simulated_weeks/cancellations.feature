@simulation
Feature: Whatever happens in simulated weeks, cancellations are what the SOP makes of them

  A simulation makes a few hundred orders up and lets them live: customers, sellers and
  Ajio cancel when it suits them, in full and in part, and not when a rule would have
  them cancel. What the SOP says of one case holds of every order all the same. The
  weeks are short and busy, so that rare things happen as well.

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

  Rule: The answer to a cancellation depends on its case, and on nothing else that happens around it

    Scenario: Every answer is the one of its case
      When the weeks are simulated
      Then every cancellation is decided as the SOP decides its case
      And they have seen a refusal
      And they have seen an error on screen
      And they have seen a second cancellation

  @SC-ERP-FULL-3 @AC-ERP-FULL-2b
  Rule: Once an order is packed, nobody cancels it any more

    Scenario: Those who come after packing come too late
      When the weeks are simulated
      Then no order is cancelled after it was packed
      And they have seen a refusal

  Rule: A cancelled order is out of the flow, and no order is lost in it

    Scenario: Every order has one end
      When the weeks are simulated
      Then nobody works on an order after it was cancelled
      And every order is either dispatched or cancelled in the end
      And they have seen a packing error

  @SC-ERP-FULL-1.1.1 @SC-ERP-FULL-2.1.1 @AC-ERP-FULL-1.1.1 @AC-ERP-PART-1.3
  Rule: The VMS report of a day lists the orders cancelled on it after they were posted, and no others

    Scenario: Each of them stands in one report
      When the weeks are simulated
      Then every order that was posted and then cancelled is in the VMS report of its day and in no other
