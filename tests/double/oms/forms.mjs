// The form of requests: they are checked against the published document of the contract, with the part of JSON Schema that it uses.

import { readFileSync } from "node:fs";

const FILE = new URL("../../../sop_engine/schemas/oms-contract-1.openapi.json", import.meta.url);
export const CONTRACT = JSON.parse(readFileSync(FILE, "utf8"));

/** A value that the contract does not have; `place` is a JSON pointer. */
export class WrongForm extends Error {
  constructor(reason, place) {
    super(reason);
    this.place = place;
  }
}

const TYPES = {
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === "string",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
};
const TIME = /^\d{4}-(\d\d)-(\d\d)[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const FORMATS = {
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isDay(text),
  "date-time": (text) => TIME.test(text) && isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text)),
};

function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(text);
}

function named(schema) {
  const name = schema.$ref?.split("/").at(-1);
  return name ? { ...CONTRACT.components.schemas[name], ...schema, $ref: undefined } : schema;
}

/** Throw WrongForm unless the value has the form of the schema. */
export function check(value, given, place = "") {
  const schema = named(given);
  const refuse = (reason, at = place) => {
    throw new WrongForm(reason, at);
  };
  if (schema.discriminator) {
    const { propertyName, mapping } = schema.discriminator;
    const $ref = TYPES.object(value) ? mapping[value[propertyName]] : undefined;
    return $ref ? check(value, { $ref }, place) : refuse(`\`${propertyName}\` is none of ${Object.keys(mapping).join(", ")}`);
  }
  if (schema.anyOf) {
    const choices = value === null ? schema.anyOf : schema.anyOf.filter((choice) => choice.type !== "null");
    return choices.length === 1 || value !== null ? check(value, choices[0], place) : undefined;
  }
  if (schema.type && !TYPES[schema.type](value)) refuse(`expected ${schema.type}`);
  if (schema.enum && !schema.enum.includes(value)) refuse(`expected one of ${schema.enum.join(", ")}`);
  if (typeof value === "string") {
    const length = [...value].length;
    if (length < (schema.minLength ?? 0) || length > (schema.maxLength ?? Infinity)) refuse("too short or too long");
    if (schema.format && !FORMATS[schema.format](value)) refuse(`not a ${schema.format}`);
  }
  if (typeof value === "number" && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity))) {
    refuse(`expected a number from ${schema.minimum} to ${schema.maximum}`);
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0) || value.length > (schema.maxItems ?? Infinity)) refuse("too few or too many entries");
    value.forEach((entry, index) => check(entry, schema.items, `${place}/${index}`));
  } else if (TYPES.object(value)) {
    const properties = schema.properties ?? {};
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(properties, key)) refuse(`\`${key}\` is not in the contract`, `${place}/${key}`);
      check(value[key], properties[key], `${place}/${key}`);
    }
    for (const key of schema.required ?? []) if (!Object.hasOwn(value, key)) refuse(`\`${key}\` is missing`);
  }
}
