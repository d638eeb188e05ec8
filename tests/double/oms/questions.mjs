// The questions that this system knows to be open, with its own readings.

const question = (id, asks, readings, ours) => ({ id, question: asks, readings, ours, status: "open" });

export const questions = [
  question(
    "GAP-02",
    "What follows when the e-invoice of a FULFILLABLE order is pushed already?",
    ["No order is in this state.", "It is credited, as in PROCESSING.", "There is nothing to do."],
    "the e-invoice is credited",
  ),
  question(
    "GAP-39",
    "Can a partial cancellation take every unit that is left?",
    ["It is refused.", "It is a cancellation of the whole order."],
    "it is a cancellation of the whole order",
  ),
];
