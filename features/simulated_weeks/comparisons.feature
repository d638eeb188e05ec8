@simulation
Feature: Simulated weeks can be compared

  A simulation can show what a policy or another number of packers costs: it simulates the
  same orders twice. The random draws are the same both times, so that a difference in the
  results comes from what was changed. This feature checks results that can be
  expected without a simulation. None of it is in the SOP.

  Source: the experiments erp against rms, sla squeeze and sale days of the simulator,
  with the settings below.

  Rule: The same settings give the same weeks, down to the last event

    Scenario: Sale days that are simulated twice come out the same
      Given the experiment sale days
      And these settings
        | run.days            | 5  |
        | ajio.orders_per_day | 30 |
      When the weeks are simulated
      Then the weeks are the same when they are simulated again

  Rule: The same orders come, whether the client's ERP or RMS invoices them

    Scenario: The client's ERP and RMS are given the same orders
      Given the experiment erp against rms
      And these settings
        | run.days            | 2  |
        | ajio.orders_per_day | 80 |
      When the weeks are simulated in each variant
      Then the same orders arrive in every variant
      And every cancellation is decided as the SOP decides its case

  Rule: With fewer packers the same orders are never ready sooner

    Scenario: With fewer packers the SLA is breached at least as often
      Given the experiment sla squeeze
      And these settings
        | run.days                | 3         |
        | ajio.orders_per_day     | 150       |
        | wms.pack_seconds_median | 600       |
        | sweep.values            | [4, 2, 1] |
      When the weeks are simulated in each variant
      Then fewer packers never mean fewer SLA breaches
