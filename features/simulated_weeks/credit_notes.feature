@simulation
Feature: Credit notes in simulated weeks

  A simulation draws the orders, and the credit notes are counted. Under the client's ERP
  every cancelled order with an e-invoice needs one: where the SOP describes the
  situation, it says so; for a late e-invoice it is our reading (GAP-17). Under RMS the
  SOP lists no step for the client, and the simulated orders have no e-invoice before they
  are packed, which is our reading too (GAP-15).

  Source: the experiments ordinary week erp, ordinary week rms and erp outage of the
  simulator, with the settings below; the rules are those of the other features.

  @SC-ERP-FULL-1.1.2a @SC-ERP-FULL-2.1.2a @AC-ERP-FULL-1.1.2a @GAP-17
  Rule: Each cancelled order with an e-invoice leaves one credit note to make, and no other order does

    SC-ERP-FULL-1.1.2a, SC-ERP-FULL-2.1.2a and AC-ERP-FULL-1.1.2a ask for it.

    Scenario: As many credit notes are due as cancelled orders have an e-invoice, late ones included
      Given the experiment ordinary week erp
      And these settings
        | run.days                         | 2   |
        | run.warm_up_days                 | 0   |
        | ajio.orders_per_day              | 150 |
        | oms.seller_cancellation_share    | 0.3 |
        | erp.invoice_lag_minutes_median   | 90  |
        | erp.learns_of_cancellation_share | 0.0 |
      When the weeks are simulated
      Then as many credit notes are due as cancelled orders have an e-invoice
      And every credit note that is due is made
      And they include a late e-invoice

  @SC-RMS-FULL @SC-RMS-PART @AC-RMS-FULL @AC-RMS-PART @GAP-15
  Rule: Under RMS a cancellation leaves the client nothing to do

    Scenario: The client has no duty in weeks under RMS
      Given the experiment ordinary week rms
      And these settings
        | run.days                      | 2   |
        | run.warm_up_days              | 0   |
        | ajio.orders_per_day           | 100 |
        | oms.seller_cancellation_share | 0.3 |
      When the weeks are simulated
      Then the client has no duty in these weeks

  Rule: While the client's ERP is down orders wait, and their cancellations are decided in the same way

    Scenario: An outage of the ERP delays e-invoices and changes no answer
      Given the experiment erp outage
      And these settings
        | run.days                      | 4   |
        | ajio.orders_per_day           | 60  |
        | oms.seller_cancellation_share | 0.3 |
        | erp.outage_starts_at_hours    | [6] |
      When the weeks are simulated
      Then nothing reaches or leaves the client's ERP while it is down
      And every cancellation is decided as the SOP decides its case
      And they include an outage
