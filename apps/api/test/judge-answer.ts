import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { errorCatalog } from '../src/http/error-catalog.ts';
import type { GeneratedRequest } from './generate-requests.ts';
import { type OpenapiDocument, type Operation, type Schema, scopeOf } from './openapi-document.ts';
import type { ReceivedAnswer } from './send-request.ts';

const PROBLEM_TYPE = 'application/problem+json';
/** What only the inside of this process, or of its database, says. */
export const INSIDE =
  /prisma|node_modules|\.[cm]?[jt]s:\d|\bat \S+ \(|\bSELECT\b|\bINSERT\b|postgres|\bpg_|ECONN|\/tmp\//i;

const GUARDS: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /^default-src 'none'/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'referrer-policy': /^no-referrer$/,
};

/** Says what is wrong with an answer; an empty list says that nothing is. */
export type Judge = (operation: Operation, request: GeneratedRequest, answer: ReceivedAnswer) => string[];

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

function problemFaults({ status, headers, text }: ReceivedAnswer): string[] {
  const { code, ref, status: said } = (parsed(text) ?? {}) as { code?: string; ref?: string; status?: number };
  const entry = Object.hasOwn(errorCatalog, code ?? '') ? errorCatalog[code as keyof typeof errorCatalog] : undefined;
  return [
    ...(said === status && entry?.status === status ? [] : [`the code ${code} does not go with the status ${status}`]),
    ...(ref !== undefined && ref === headers['x-request-id'] ? [] : ['ref is not X-Request-Id']),
  ];
}

/** What another tenant has. */
export interface Canaries {
  /** Ids and names, which the operator may see. */
  readonly names: readonly string[];
  /** Which nobody may see. */
  readonly secrets: readonly string[];
}

/** What an answer must not hold, unless the request said it first. */
function leaks(
  { path, headers, body }: GeneratedRequest,
  { status, text }: ReceivedAnswer,
  canaries: readonly string[],
) {
  const said = `${decodeURIComponent(path.replaceAll(/%(?![0-7][0-9a-f])/gi, '%25'))}\n${JSON.stringify(headers)}\n${String(body)}`;
  const foreign = canaries.filter((canary) => text.includes(canary) && !said.includes(canary));
  const inside = status >= 400 && !INSIDE.test(said) ? INSIDE.exec(text) : null;
  return [
    ...foreign.map((canary) => `shows ${canary}, which is another tenant's`),
    ...(inside ? [`shows ${inside[0]}, which is of the inside`] : []),
  ];
}

const guardFaults = ({ headers }: ReceivedAnswer): string[] =>
  Object.entries(GUARDS)
    .filter(([name, form]) => !form.test(String(headers[name] ?? '')))
    .map(([name]) => `lacks the header ${name}`);

/**
 * Judges answers by the document and by what no answer may say.
 *
 * */
export function createJudge(document: OpenapiDocument, { names, secrets }: Canaries): Judge {
  const validators = new Map<string, ValidateFunction>();
  /** The document's references start at its root, so its components come along. */
  const validatorOf = (schema: Schema): ValidateFunction => {
    const text = JSON.stringify(schema);
    const known = validators.get(text);
    if (known) return known;
    const made = new Ajv2020({ strict: false, validateFormats: false }).compile({
      ...schema,
      components: document.components,
    });
    validators.set(text, made);
    return made;
  };
  const shapeFaults = ({ responses }: Operation, { status, headers, text }: ReceivedAnswer): string[] => {
    const spec = responses[String(status)] ?? responses['4XX'];
    if (!spec) return [`the status ${status} is not in the document`];
    const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
    if (!spec.content) return text === '' ? [] : ['has a body, which the document has not'];
    const schema = spec.content[type]?.schema;
    if (!schema) return [`the media type ${type} is not in the document`];
    if (!type.endsWith('json')) return [];
    const validate = validatorOf(schema);
    return validate(parsed(text)) ? [] : [`its body is none of the document's: ${JSON.stringify(validate.errors)}`];
  };
  return (operation, request, answer) => [
    ...(answer.status >= 500 ? [`is a ${answer.status}`] : []),
    ...shapeFaults(operation, answer),
    ...(answer.headers['content-type'] === PROBLEM_TYPE ? problemFaults(answer) : []),
    ...(answer.headers['x-request-id'] ? [] : ['has no X-Request-Id']),
    ...guardFaults(answer),
    ...leaks(request, answer, scopeOf(operation) === 'apps:admin' ? secrets : [...names, ...secrets]),
  ];
}
