// Faults planted on purpose, by name: in an answer of the right form (`FAULTS`), or in its form (`FORMS`).

import { FORMS } from "./faults_of_form.mjs";
import { ORDER_FAULTS } from "./faults_of_orders.mjs";
import { REPORT_FAULTS } from "./faults_of_reports.mjs";
import { SIMULATION_FAULTS } from "./faults_of_simulations.mjs";

const fits = (facts, wanted) => Object.entries(wanted).every(([fact, word]) => [word].flat().includes(facts[fact]));

/** A fault in the decisions on some cases under one reading. */
const decision = (canceller, scope, invoicing, rest, change, reading = "as-practised") => {
  const wanted = { canceller, scope, invoicing, ...rest };
  const inAll = (decisions) => decisions.filter((one) => one.reading === reading && fits(one.case, wanted)).forEach(change);
  return { decisions: ({ answers }) => answers.forEach(({ decisions }) => inAll(decisions)), table: ({ decisions }) => inAll(decisions) };
};
const WRITTEN = "as-written";
const at = (stage, invoice) => (invoice ? { stage, e_invoice: invoice } : { stage });
const taskNamed = (answer, name) => answer.tasks.find((task) => task.task === name);
const without = (list, left) => list.filter((entry) => entry !== left);

const DECISION_FAULTS = {
  "outcome": decision("seller", "full", "RMS", at("PACKED"), (it) => { it.outcome = "allowed"; }),
  "outcome of an open question": decision("Ajio", "full", "RMS", at("PACKED"), (it) => { it.outcome = "refused"; }, WRITTEN),
  "tasks": decision("Ajio", "full", "ERP", at("PROCESSING", "generated"), (it) => { it.tasks.shift(); }),
  "tasks left out": decision("seller", "full", "ERP", at("PROCESSING", "generated"), (it) => { it.tasks = []; }),
  "tasks of an open question": decision("Ajio", "partial", "ERP", at("PACKED"), (it) => { it.tasks = []; }),
  "tasks as written": decision("seller", "full", "RMS", at("FULFILLABLE", "generated"), (it) => { it.tasks = []; }, WRITTEN),
  "tasks in another order": decision("Ajio", "partial", "ERP", at("FULFILLABLE"), (it) => { it.tasks.reverse(); }),
  "modality": decision("Ajio", "full", "ERP", at("FULFILLABLE", "generated"), (it) => { taskNamed(it, "credit-note").modality = "may"; }),
  "timing": decision("Ajio", "partial", "ERP", at("CREATED"), (it) => { it.tasks.forEach((task) => { task.when = "now"; }); }),
  "actor": decision("Ajio", "full", "ERP", at("PROCESSING", "pushed"), (it) => { taskNamed(it, "credit-note").actor = "Increff"; }),
  "system": decision("Ajio", "partial", "ERP", at("PROCESSING", "pushed"), (it) => { taskNamed(it, "cancel-in-assure").system = "WMS"; }),
  "clause left out": decision("Ajio", "full", "ERP", at("CREATED", "posted"), (it) => { it.clauses.pop(); }),
  "clause too many": decision("Ajio", "partial", "RMS", at("PACKED"), (it) => { it.clauses.push("AC-RMS-PART-1"); }),
  "gap": decision("seller", "full", "ERP", at("PROCESSING", "posted"), (it) => { it.gaps = ["GAP-04"]; }),
  "gap as written": decision("Ajio", "full", "RMS", at("COMPLETED"), (it) => { it.gaps = ["GAP-14"]; }, WRITTEN),
  "note": decision("seller", "partial", "ERP", at("FULFILLABLE", "posted"), (it) => { it.notes = []; }),
  "source of the outcome": decision("seller", "partial", "ERP", at("PACKED"), (it) => { it.outcome_source = "assumed"; }),
  "source of the tasks": decision("seller", "partial", "RMS", at("PACKED"), (it) => { it.tasks_source = "stated"; }),
  "source": decision("seller", "full", "ERP", at("FULFILLABLE", "pushed"), (it) => { it.tasks_source = "stated"; }),
  "outcome before stock is reserved": decision("seller", "full", "ERP", at("CREATED", "posted"), (it) => { it.outcome = "refused"; }),
  "tasks before stock is reserved": decision("seller", "full", "ERP", at("CREATED", "generated"), (it) => { it.tasks = []; }),
  "clauses before stock is reserved": decision("seller", "full", "ERP", at("UNFULFILLABLE", "generated"), (it) => { it.clauses = []; }),
};

/** A fault in the answer to one returned unit. */
const receipt = (check, change, reading = "as-practised") => ({
  returns: (it) => {
    if (it.quality_check === check && it.reading === reading) change(it);
  },
});

const RETURN_FAULTS = {
  "tasks of a return": receipt("missing", (it) => { it.tasks.push({ ...it.tasks[0], task: "grn", system: "client's ERP" }); }),
  "tasks of a return as written": receipt("fail", (it) => { it.tasks = []; }, WRITTEN),
  "modality of a return": receipt("fail", (it) => { taskNamed(it, "rsi-report").modality = "must"; }),
  "actor of a return": receipt("missing", (it) => { it.tasks[1].actor = "Increff"; }),
  "system of a return": receipt("pass", (it) => { taskNamed(it, "grn").system = "WMS"; }),
  "by hand": receipt("missing", (it) => { it.by_hand = false; }),
  "alternatives": receipt("pass", (it) => { taskNamed(it, "grn").instead_of = null; }),
  "stock": receipt("fail", (it) => { it.stock = "saleable"; }),
  "offline claim": receipt("missing", (it) => { it.offline_claim = false; }),
  "clauses of a return": receipt("fail", (it) => { it.clauses = without(it.clauses, "RT-RSI-3b"); }),
  "gaps of a return": receipt("not recorded", (it) => { it.gaps = ["GAP-42"]; }),
  "note of a return": receipt("pass", (it) => { it.notes = without(it.notes, "GAP-50"); }),
  "source of a return": receipt("missing", (it) => { it.tasks_source = "stated"; }),
};

export const FAULTS = { ...DECISION_FAULTS, ...RETURN_FAULTS, ...ORDER_FAULTS, ...REPORT_FAULTS };

/** Faults in the event logs of simulations, which only a double with recordings has. */
export { SIMULATION_FAULTS };

/** The faults of these names, with commas between them; none of the empty text. */
export function planted(names) {
  const chosen = names.split(",").filter(Boolean);
  const known = { ...FAULTS, ...SIMULATION_FAULTS };
  const unknown = chosen.filter((name) => !(name in known) && !(name in FORMS));
  if (unknown.length > 0) throw new Error(`no such fault: ${unknown.join(", ")}`);
  for (const name of chosen) known[name]?.plant?.();
  const spoilers = chosen.flatMap((name) => (FORMS[name] ? [FORMS[name]] : []));
  return {
    /** The answer to an operation with the faults in it. */
    changed(operation, answer, question) {
      for (const name of chosen) known[name]?.[operation]?.(answer, question);
      return answer;
    },
    /** Send a spoilt answer, if a fault in the form is planted; return whether it was. */
    spoil: (operation, answer, response) => spoilers.some((spoil) => spoil(operation, answer, response)),
  };
}
