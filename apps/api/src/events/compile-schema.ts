import type { FieldProblem } from '@posthorn/http-api/problem';
import { type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { runWithBudget } from './run-with-budget.ts';

/** What a schema finds wrong with a value; empty when nothing is. */
export type SchemaCheck = (value: unknown, path: string) => readonly FieldProblem[];

export type CompiledSchema =
  | {
      readonly ok: true;
      readonly check: SchemaCheck;
      /** The same without a time limit of its own: for a caller that sets one over many. */
      readonly checkUnlimited: SchemaCheck;
    }
  | { readonly ok: false; readonly problem: string; readonly final: boolean };

const MAX_CACHED_SCHEMAS = 1_000;
const COMPILE_BUDGET_MS = 500;
export const CHECK_BUDGET_MS = 100;
const MAX_PROBLEMS = 20;
const MAX_PROBLEM_CHARACTERS = 300;

const metaSchema = new Ajv2020({ strict: false, validateFormats: false });
// Compiled here and now: broken off by a time limit half-way, this instance would be of no use any more.
void metaSchema.validateSchema({ type: 'object' });

/** A fresh compiler each time: one that is kept would keep every schema it ever saw, and mix their `$id`s up. */
const newCompiler = () =>
  new Ajv2020({
    strict: false,
    validateFormats: false,
    allErrors: true,
    ownProperties: true,
    validateSchema: false,
    meta: false,
    logger: false,
  });

function fieldProblem({ instancePath, keyword, params, message }: ErrorObject, path: string): FieldProblem {
  const missing = keyword === 'required' ? [(params as { missingProperty: string }).missingProperty] : [];
  const parts = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const text = missing.length > 0 ? 'is required' : (message ?? 'does not match the schema');
  return {
    path: [path, ...parts, ...missing].join('.').slice(0, MAX_PROBLEM_CHARACTERS),
    message: text.slice(0, MAX_PROBLEM_CHARACTERS),
  };
}

function problemsOf(validate: ValidateFunction, value: unknown, path: string): FieldProblem[] {
  // Only `true` is a yes: what is no boolean has judged nothing.
  if ((validate(value) as unknown) === true) return [];
  return (validate.errors ?? []).slice(0, MAX_PROBLEMS).map((error) => fieldProblem(error, path));
}

/** Ajv's own keyword makes a check that answers later, outside of every limit, and whose refusal nobody hears. */
const holdsAsync = (schema: unknown): boolean =>
  typeof schema === 'object' &&
  schema !== null &&
  Object.entries(schema).some(([key, value]) => (key === '$async' && value === true) || holdsAsync(value));

function compile(schema: object): ValidateFunction {
  if (holdsAsync(schema)) throw new Error('must not use $async');
  if (!metaSchema.validateSchema(schema)) {
    const [first] = metaSchema.errors ?? [];
    throw new Error(`is not a JSON Schema: ${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim());
  }
  return newCompiler().compile(schema);
}

const tooSlow = (path: string): FieldProblem[] => [
  { path, message: `could not be checked against the type's schema within ${CHECK_BUDGET_MS} ms` },
];

const endless = (path: string): FieldProblem[] => [
  { path, message: 'cannot be checked: the type’s schema refers to itself without end' },
];

function compileUntrusted(text: string): CompiledSchema {
  try {
    const compiled = runWithBudget(() => compile(JSON.parse(text) as object), COMPILE_BUDGET_MS);
    if (!compiled.done)
      return { ok: false, problem: `takes longer than ${COMPILE_BUDGET_MS} ms to compile`, final: false };
    const validate = compiled.result;
    const checkUnlimited: SchemaCheck = (value, path) => {
      try {
        return problemsOf(validate, value, path);
      } catch (error) {
        if (error instanceof RangeError) return endless(path);
        throw error;
      }
    };
    return {
      ok: true,
      checkUnlimited,
      check(value, path) {
        const checked = runWithBudget(() => checkUnlimited(value, path), CHECK_BUDGET_MS);
        return checked.done ? checked.result : tooSlow(path);
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: reason.slice(0, MAX_PROBLEM_CHARACTERS), final: true };
  }
}

function compileTrusted(text: string): CompiledSchema {
  const validate = compile(JSON.parse(text) as object);
  const check: SchemaCheck = (value, path) => problemsOf(validate, value, path);
  return { ok: true, check, checkUnlimited: check };
}

const cache = new Map<string, CompiledSchema>();

/**
 * Makes a check from the text of a JSON Schema (draft 2020-12). It never fetches: a `$ref` to elsewhere is refused.
 *
 * @param trusted the profiles' own schemas run without a time limit, which costs a little on every check
 */
export function compileSchema(text: string, trusted: boolean): CompiledSchema {
  const key = `${trusted ? 'trusted' : 'tenant'} ${text}`;
  const known = cache.get(key);
  if (known) return known;
  const compiled = trusted ? compileTrusted(text) : compileUntrusted(text);
  // A process that was short of time may compile it the next time.
  if (!compiled.ok && !compiled.final) return compiled;
  const [oldest] = cache.keys();
  if (cache.size >= MAX_CACHED_SCHEMAS && oldest !== undefined) cache.delete(oldest);
  cache.set(key, compiled);
  return compiled;
}
