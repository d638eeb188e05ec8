@RT-RSI
Feature: Returns by RSI

  Scenario: An example that belongs to no sentence
    Given a returned unit
    When its quality check is recorded
    Then the client may use the report as a reference
      """
      The report is just for reference,
      or the basis of a goods receipt.
      """

  @RT-RSI-1
  Scenario: The reporting screen has the report
    Given a returned unit
    When its quality check is recorded
    Then the client may fetch the RSI report
