@simulation
Feature: Simulated weeks can be compared

  A simulation answers what a policy or a staff costs by letting the same orders live
  twice. Chance is the same in both lives, so that whatever differs comes from what was
  changed. Here the answers are checked that anybody would give without a simulation.

  Source: the experiments erp against rms, sla squeeze and sale days of the simulator,
  with the settings below.

  Rule: The same settings give the same weeks, down to the last event

    Scenario: Sale days come out the same on every run
      Given the experiment sale days
      And these settings
        | run.days            | 5  |
        | ajio.orders_per_day | 30 |
      When the weeks are simulated
      Then they come out the same when they are simulated again

  Rule: Who invoices the orders changes nothing about which orders come

    Scenario: The client's ERP and RMS are given the same customers
      Given the experiment erp against rms
      And these settings
        | run.days            | 2  |
        | ajio.orders_per_day | 80 |
      When the weeks are simulated in each variant
      Then the same orders arrive in every variant
      And every cancellation is decided as the SOP decides its case

  Rule: With fewer packers the same orders are never ready sooner

    Scenario: Taking packers away breaks the SLA sooner or later
      Given the experiment sla squeeze
      And these settings
        | run.days                | 3         |
        | ajio.orders_per_day     | 150       |
        | wms.pack_seconds_median | 600       |
        | sweep.values            | [4, 2, 1] |
      When the weeks are simulated in each variant
      Then fewer packers never mean fewer SLA breaches
