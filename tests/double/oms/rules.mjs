// What this system answers to a request to cancel and to a returned unit: a table by section of the SOP, written by hand.
// The ids of clauses and gaps, tasks, actors and systems are those of the document's registers.

export const WORDS = {
  canceller: ["seller", "Ajio"],
  scope: ["full", "partial"],
  invoicing: ["ERP", "RMS"],
  stage: ["CREATED", "UNFULFILLABLE", "FULFILLABLE", "PROCESSING", "PACKED", "READY_TO_DISPATCH", "COMPLETED", "CANCELLED"],
  e_invoice: ["not posted", "posted", "generated", "pushed"],
};
const UNRESERVED = ["CREATED", "UNFULFILLABLE"];
const UNPACKED = [...UNRESERVED, "FULFILLABLE", "PROCESSING"];
const PACKED = ["PACKED", "READY_TO_DISPATCH", "COMPLETED"];
const NO_INVOICE = ["not posted", "posted"];
const INVOICED = ["generated", "pushed"];

// Follow-ups: lists of tasks, or why there is none. Each takes the clauses or gaps on which its tasks rest.

const VMS = "Ajio VMS Reports UI";
const ERP = "client's ERP";
const task = (modality, name, system, by, more = {}) => ({ modality, task: name, actor: "seller", system, when: "now", instead_of: null, by, ...more });

const credit = (report, note, share) => [
  task("may", "download-report", VMS, report),
  task("must", "credit-note", ERP, note),
  task("need-not", "share-credit-note", "client's ERP / Ajio", share),
];
const creditByGap = (gap) => credit([gap], [gap], [gap]);
const creditBySection = (item) => credit([`${item}.1`], [`${item}.2a`, `${item}.2b`], [`${item}.2c`]);
const clausesOfCredit = (item) => [`${item}.1`, `${item}.2a`, `${item}.2b`, `${item}.2c`];

const P = "AC-ERP-PART-1";
const STEPS_AFTER_THE_ERROR = [
  task("must", "ask-ajio-to-cancel", "Ajio", [`${P}.1`]),
  task("must", "cancel-in-assure", "Assure OMS", [`${P}.2`]),
  ...credit([`${P}.3`], [`${P}.4a`, `${P}.4b`], [`${P}.4c`]),
].map((step) => ({ ...step, when: "when packing fails" }));

// The table: one row for each situation of a section. `tasks` without `gap` come from the clauses, or follow from the outcome if no
// clause lists any (`follows`). With `gap` our reading fills `open`: what the clauses alone leave open ("tasks", or the whole answer).

const SECTIONS = {
  "seller full ERP": [
    { stage: UNRESERVED, like: "FULFILLABLE", gap: "GAP-35" },
    { stage: ["FULFILLABLE"], invoice: NO_INVOICE, outcome: "allowed", tasks: [], clauses: ["1a", "1.2.1"] },
    { stage: ["FULFILLABLE"], invoice: ["generated"], outcome: "allowed", tasks: creditBySection("SC-ERP-FULL-1.1"), clauses: ["1a", ...clausesOfCredit("1.1")] },
    { stage: ["FULFILLABLE"], invoice: ["pushed"], outcome: "allowed", tasks: creditByGap("GAP-02"), clauses: ["1a"], gap: "GAP-02", open: "tasks" },
    { stage: ["PROCESSING"], invoice: NO_INVOICE, outcome: "allowed", tasks: [], clauses: ["2a"], gap: "GAP-03", open: "tasks" },
    { stage: ["PROCESSING"], invoice: ["generated"], outcome: "allowed", tasks: creditByGap("GAP-04"), clauses: ["2a"], gap: "GAP-04", open: "tasks" },
    { stage: ["PROCESSING"], invoice: ["pushed"], outcome: "allowed", tasks: creditBySection("SC-ERP-FULL-2.1"), clauses: ["2a", ...clausesOfCredit("2.1")] },
    { stage: PACKED, outcome: "refused", follows: true, clauses: ["3"] },
  ],
  "seller partial ERP": [
    { stage: UNRESERVED, like: "FULFILLABLE", gap: "GAP-35" },
    { stage: ["FULFILLABLE"], invoice: ["not posted"], outcome: "allowed", follows: true, clauses: ["1.2.1"] },
    { stage: ["FULFILLABLE"], outcome: "fails on screen", follows: true, clauses: ["1c", "1.1.1"] },
    { stage: ["PROCESSING", ...PACKED], outcome: "refused", follows: true, clauses: ["2"] },
  ],
  "Ajio full ERP": [
    { stage: UNPACKED, invoice: ["not posted"], outcome: "allowed", tasks: [], clauses: ["2a"], gap: "GAP-09", open: "tasks" },
    { stage: UNPACKED, invoice: ["posted"], outcome: "allowed", tasks: [], clauses: ["1.2.1", "2a"] },
    { stage: UNPACKED, outcome: "allowed", tasks: creditBySection("AC-ERP-FULL-1.1"), clauses: [...clausesOfCredit("1.1"), "2a"] },
    { stage: PACKED, outcome: "refused", follows: true, clauses: ["2b"] },
  ],
  "Ajio partial ERP": [
    { stage: ["PROCESSING"], invoice: ["not posted"], outcome: "fails at packing", tasks: STEPS_AFTER_THE_ERROR.slice(0, 2), clauses: ["1c", "1.1", "1.2"], gap: "GAP-13", open: "tasks" },
    { stage: ["PROCESSING"], invoice: ["posted"], outcome: "fails at packing", tasks: STEPS_AFTER_THE_ERROR.slice(0, 3), clauses: ["1c", "1.1", "1.2", "1.3"], gap: "GAP-13", open: "tasks" },
    { stage: UNPACKED, outcome: "fails at packing", tasks: STEPS_AFTER_THE_ERROR, clauses: ["1c", "1.1", "1.2", "1.3", "1.4a", "1.4b", "1.4c"] },
    { stage: PACKED, outcome: "refused", tasks: null, clauses: ["1a"], gap: "GAP-11", open: "tasks" },
  ],
  ...Object.fromEntries(
    ["seller full", "seller partial", "Ajio full", "Ajio partial"].map((request) => [
      `${request} RMS`,
      [
        { stage: UNPACKED, invoice: NO_INVOICE, outcome: "allowed", follows: true, clauses: ["1"] },
        { stage: UNPACKED, outcome: "allowed", tasks: [], clauses: ["1"], gap: "GAP-15", open: "tasks" },
        ...(request.startsWith("seller")
          ? [{ stage: PACKED, outcome: "refused", follows: true, clauses: ["2"] }]
          : [
              { stage: ["PACKED"], outcome: "refused", follows: true, clauses: [], gap: "GAP-14", open: "everything" },
              { stage: PACKED, like: "PACKED", gap: "GAP-36" },
            ]),
      ],
    ]),
  ),
};
const CANCELLED_ALREADY = { outcome: "without effect", follows: true, clauses: [], gap: "GAP-37", open: "everything" };

// Questions that are shown beside an answer and do not change it.

const isFull = (facts) => facts.scope === "full";
const isEarly = (facts) => UNPACKED.includes(facts.stage);
const underErp = (facts) => facts.invoicing === "ERP";
const byAjio = (facts) => facts.canceller === "Ajio";
const partOfFulfillable = (facts) => !byAjio(facts) && !isFull(facts) && underErp(facts) && facts.stage === "FULFILLABLE";
const partByAjio = (facts) => byAjio(facts) && !isFull(facts) && isEarly(facts);
const fullUnderErp = (facts) => isFull(facts) && underErp(facts) && isEarly(facts);

const BESIDE = [
  ["GAP-07", (facts) => partOfFulfillable(facts) && facts.e_invoice === "not posted"],
  ["GAP-08", (facts) => partOfFulfillable(facts) && facts.e_invoice !== "not posted"],
  ["GAP-10", (facts) => fullUnderErp(facts) && byAjio(facts) && facts.e_invoice !== "not posted"],
  ["GAP-12", (facts) => partByAjio(facts) && underErp(facts)],
  ["GAP-16", (facts) => !underErp(facts) && facts.stage !== "CANCELLED"],
  ["GAP-17", (facts) => fullUnderErp(facts) && facts.e_invoice === "posted"],
  ["GAP-18", (facts) => !byAjio(facts) && !isFull(facts) && underErp(facts) && facts.stage === "PROCESSING"],
  ["GAP-19", (facts) => byAjio(facts) && isFull(facts) && underErp(facts) && PACKED.includes(facts.stage)],
  ["GAP-20", (facts) => partByAjio(facts) && underErp(facts)],
  ["GAP-44", (facts) => byAjio(facts) && isFull(facts) && isEarly(facts)],
  ["GAP-45", (facts) => byAjio(facts) && isFull(facts) && isEarly(facts)],
  ["GAP-46", (facts) => fullUnderErp(facts) && facts.e_invoice === "not posted"],
  ["GAP-47", (facts) => partByAjio(facts) && underErp(facts)],
  ["GAP-48", (facts) => fullUnderErp(facts) && INVOICED.includes(facts.e_invoice)],
  ["GAP-52", (facts) => partByAjio(facts) && !underErp(facts)],
  ["GAP-55", (facts) => fullUnderErp(facts) && facts.e_invoice === "generated"],
];

function situation(facts) {
  if (facts.stage === "CANCELLED") return CANCELLED_ALREADY;
  const rows = SECTIONS[`${facts.canceller} ${facts.scope} ${facts.invoicing}`];
  return rows.find((row) => row.stage.includes(facts.stage) && (!row.invoice || row.invoice.includes(facts.e_invoice)));
}

const section = (facts) => `${facts.canceller === "seller" ? "SC" : "AC"}-${facts.invoicing}-${facts.scope === "full" ? "FULL" : "PART"}`;

/** The decision on a request to cancel, in the form of the contract. */
export function decide(facts, reading) {
  const row = situation(facts);
  const notes = BESIDE.filter(([, applies]) => applies(facts)).map(([gap]) => gap);
  const isWritten = reading === "as-written";
  const about = { case: facts, reading, notes };
  if (isWritten && (row.open === "everything" || row.like)) {
    return { ...about, outcome: "unspecified", outcome_source: "silent", tasks: null, tasks_source: "silent", clauses: [], gaps: [row.gap] };
  }
  if (row.like) {
    const other = decide({ ...facts, stage: row.like }, reading);
    const gaps = [...other.gaps, row.gap].sort();
    return { ...other, ...about, gaps, notes: [...new Set([...notes, ...other.notes])].sort(), outcome_source: "assumed", tasks_source: "assumed" };
  }
  const isOpen = isWritten && row.open === "tasks";
  const tasks = isOpen ? null : row.follows ? [] : row.tasks;
  const clauses = isOpen ? row.clauses.slice(0, 1) : row.clauses;
  return {
    ...about,
    outcome: row.outcome,
    outcome_source: row.open === "everything" ? "assumed" : "stated",
    tasks,
    tasks_source: tasks === null ? "silent" : row.gap ? "assumed" : row.follows ? "follows" : "stated",
    clauses: clauses.map((item) => `${section(facts)}-${item}`),
    gaps: row.gap ? [row.gap] : [],
  };
}

// Returned units

const RETURN_TASKS = [
  task("may", "rsi-report", VMS, ["RT-RSI-1"]),
  task("may", "use-as-reference", "", ["RT-RSI-3a"]),
  task("may", "inward-po", ERP, ["RT-RSI-3b"], { instead_of: "use-as-reference" }),
  task("may", "grn", ERP, ["RT-RSI-3b"], { instead_of: "use-as-reference" }),
];

/** What is done with a returned unit, in the form of the contract. */
export function receive(qualityCheck, reading) {
  const isPractised = reading === "as-practised";
  const isProcessed = qualityCheck === "pass" || (isPractised && qualityCheck === "fail");
  const notes = qualityCheck === "not recorded" ? [] : qualityCheck === "missing" ? ["GAP-50"] : ["GAP-50", "GAP-51"];
  let tasks = null;
  if (isPractised && isProcessed) tasks = RETURN_TASKS;
  if (isPractised && qualityCheck === "missing") tasks = RETURN_TASKS.slice(0, 2).map((step) => ({ ...step, by: ["GAP-42"] }));
  return {
    quality_check: qualityCheck,
    reading,
    tasks,
    tasks_source: tasks === null ? "silent" : "assumed",
    clauses: isPractised ? (isProcessed ? ["RT-RSI-0", "RT-RSI-1", "RT-RSI-3a", "RT-RSI-3b"] : []) : isProcessed ? ["RT-RSI-0"] : [],
    gaps: qualityCheck === "pass" && !isPractised ? ["GAP-32"] : ["GAP-32", "GAP-42"],
    notes,
    by_hand: isProcessed || tasks !== null,
    stock: isPractised ? ({ pass: "saleable", fail: "quarantine" }[qualityCheck] ?? null) : null,
    offline_claim: isPractised && ["fail", "missing"].includes(qualityCheck),
  };
}
