@GAP-22
Feature: An order takes its regular way, one step after the other

  Under the client's ERP an order is allocated, posted, e-invoiced, its e-invoice is
  pushed, and only then is it released to the warehouse, packed, made ready and
  dispatched. Under RMS it is released as soon as it is allocated, and the e-invoice
  is made at packing. The SOP takes this for granted; the order of the steps is read
  from the situations it distinguishes.

  Source: none; the SOP never states the life cycle. GAP-22 has the readings and our choice.

  Rule: The SOP does not state the life cycle; we take it that the e-invoice of the client's ERP comes before the warehouse

    Scenario Outline: Each step takes the order one stage or one e-invoice further
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

  Rule: The SOP does not say when RMS invoices; we take it that it does so at packing

    Scenario Outline: RMS needs no posting, and its e-invoice comes with packing
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

  Rule: An order without stock waits before its regular way begins

    Scenario: Stock that arrives later makes the order FULFILLABLE
      Given an order of 1 unit, invoiced through the client's ERP
      And it has since been found without stock
      When the order is allocated
      Then the order is FULFILLABLE
      And its e-invoice is not posted

  Rule: A step out of turn is impossible, and the reason names where the order is and where it would have to be

    Scenario Outline: The client's ERP comes before the warehouse
      Given an order of 1 unit, invoiced through the client's ERP
      And the order has been <so far>
      When the order is to be <step>
      Then that is impossible: the order is "<stands>" and would have to be "<needed>"

      Examples: One step out of turn for each step
        | so far     | step                | stands                                              | needed                                         |
        | allocated  | allocated           | FULFILLABLE under ERP with its e-invoice not posted | CREATED or UNFULFILLABLE                       |
        | allocated  | found without stock | FULFILLABLE under ERP with its e-invoice not posted | CREATED                                        |
        | posted     | posted              | FULFILLABLE under ERP with its e-invoice posted     | FULFILLABLE under ERP and not posted           |
        | allocated  | e-invoiced          | FULFILLABLE under ERP with its e-invoice not posted | posted, and FULFILLABLE or CANCELLED           |
        | posted     | pushed              | FULFILLABLE under ERP with its e-invoice posted     | under ERP with its e-invoice generated         |
        | e-invoiced | released            | FULFILLABLE under ERP with its e-invoice generated  | FULFILLABLE, not on hold, its e-invoice pushed |
        | pushed     | packed              | FULFILLABLE under ERP with its e-invoice pushed     | PROCESSING without a packing error             |
        | released   | made ready          | PROCESSING under ERP with its e-invoice pushed      | PACKED                                         |
        | packed     | dispatched          | PACKED under ERP with its e-invoice pushed          | READY_TO_DISPATCH                              |
        | packed     | returned            | PACKED under ERP with its e-invoice pushed          | COMPLETED with a unit that has not come back   |

    Scenario: Under RMS nothing is posted to the client's ERP
      Given an order of 1 unit, invoiced through RMS
      And the order has been allocated
      When the order is to be posted
      Then that is impossible: the order is "FULFILLABLE under RMS with its e-invoice not posted" and would have to be "FULFILLABLE under ERP and not posted"
