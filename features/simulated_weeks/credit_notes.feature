@simulation
Feature: What simulated weeks leave the client to do

  A cancelled order with an e-invoice needs a credit note, whoever cancelled it and
  however late the e-invoice came. An order that RMS invoices needs none, because RMS
  invoices nothing before it is packed. Here a simulation makes the orders up, and the
  credit notes are counted.

  Source: the experiments ordinary week erp, ordinary week rms and erp outage of the
  simulator, with the settings below; the rules are those of the other features.

  @SC-ERP-FULL-1.1.2a @SC-ERP-FULL-2.1.2a
  Rule: Each cancelled order with an e-invoice leaves one credit note to make, and no other order does

    Scenario: There are as many credit notes as e-invoices of cancelled orders, late ones included
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
      And they have seen a late e-invoice

  @SC-RMS-FULL-1 @AC-RMS-FULL-1
  Rule: Under RMS a cancellation leaves the client nothing to do

    Scenario: A week under RMS asks nothing
      Given the experiment ordinary week rms
      And these settings
        | run.days                      | 2   |
        | run.warm_up_days              | 0   |
        | ajio.orders_per_day           | 100 |
        | oms.seller_cancellation_share | 0.3 |
      When the weeks are simulated
      Then nothing is asked of the client

  Rule: While the client's ERP is down, orders wait, and their cancellations are decided all the same

    Scenario: An outage delays e-invoices and changes no answer
      Given the experiment erp outage
      And these settings
        | run.days                      | 4   |
        | ajio.orders_per_day           | 60  |
        | oms.seller_cancellation_share | 0.3 |
        | erp.outage_starts_at_hours    | [6] |
      When the weeks are simulated
      Then nothing reaches or leaves the client's ERP while it is down
      And every cancellation is decided as the SOP decides its case
      And they have seen an outage
