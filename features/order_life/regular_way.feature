@GAP-22
Feature: An order goes through its regular steps, one after the other

  The SOP does not state the life cycle of an order. We assume that under the client's ERP
  an order is allocated, posted, e-invoiced, its e-invoice is pushed, and only then is it
  released to the warehouse, packed, made ready and dispatched: the situations that the
  SOP distinguishes fit this, and so does the public description of the flow. For RMS
  there is no public text; we infer that nothing is posted and that RMS makes the
  e-invoice at packing. The hold of the first hours is left out here and has a feature of
  its own.

  Source: none; not covered by the SOP. GAP-22 and GAP-15 have the readings and our choices.

  Rule: The SOP does not state the life cycle; we assume that the e-invoice of the client's ERP is made before the order is released to the warehouse

    Scenario Outline: Under the client's ERP each step changes the stage or the e-invoice
      Given an order of 1 unit, invoiced through the client's ERP
      And the order has been <so far>
      When the order is <next>
      Then the order is <stage>
      And its e-invoice is <e-invoice>

      Examples: From allocation to the carrier
        | so far     | next       | stage             | e-invoice |
        | allocated  | posted     | FULFILLABLE       | posted    |
        | posted     | e-invoiced | FULFILLABLE       | generated |
        | e-invoiced | pushed     | FULFILLABLE       | pushed    |
        | pushed     | released   | PROCESSING        | pushed    |
        | released   | packed     | PACKED            | pushed    |
        | packed     | made ready | READY_TO_DISPATCH | pushed    |
        | made ready | dispatched | COMPLETED         | pushed    |

  @GAP-15
  Rule: The SOP does not say when RMS invoices; we assume that it does so at packing

    Scenario Outline: Under RMS nothing is posted, and the e-invoice is made at packing
      Given an order of 1 unit, invoiced through RMS
      And the order has been <so far>
      When the order is <next>
      Then the order is <stage>
      And its e-invoice is <e-invoice>

      Examples: From allocation to the carrier
        | so far     | next       | stage             | e-invoice  |
        | allocated  | released   | PROCESSING        | not posted |
        | released   | packed     | PACKED            | generated  |
        | packed     | made ready | READY_TO_DISPATCH | generated  |
        | made ready | dispatched | COMPLETED         | generated  |

  Rule: An order without stock waits until there is some

    Scenario: An order without stock becomes FULFILLABLE when stock is reserved
      Given an order of 1 unit, invoiced through the client's ERP
      And it has since been found without stock
      When the order is allocated
      Then the order is FULFILLABLE
      And its e-invoice is not posted

  Rule: A step out of sequence is impossible

    Scenario Outline: Under the client's ERP no step can be taken out of sequence
      Given an order of 1 unit, invoiced through the client's ERP
      And the order has been <so far>
      When someone tries to get the order <step>
      Then that is impossible, because <obstacle>

      Examples: Each step, taken out of sequence
        | so far     | step                | obstacle                        |
        | allocated  | allocated           | its stock is reserved already   |
        | allocated  | found without stock | its stock is reserved already   |
        | posted     | posted              | it is posted already            |
        | allocated  | e-invoiced          | it is not posted yet            |
        | posted     | pushed              | its e-invoice is not made yet   |
        | e-invoiced | released            | its e-invoice is not pushed yet |
        | pushed     | packed              | it is not released yet          |
        | released   | made ready          | it is not packed yet            |
        | packed     | dispatched          | it is not made ready yet        |
        | packed     | returned            | it is not dispatched yet        |

    @GAP-15
    Scenario: Under RMS an order cannot be posted to the client's ERP
      Given an order of 1 unit, invoiced through RMS
      And the order has been allocated
      When someone tries to get the order posted
      Then that is impossible, because it is e-invoiced by RMS
