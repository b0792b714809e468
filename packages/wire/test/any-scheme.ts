import fc from 'fast-check';
import type { HeaderSource, SignatureScheme } from '../src/profile.ts';

const anyName = fc.stringMatching(/^X-[A-Za-z0-9][A-Za-z0-9-]{0,20}$/);
/** Visible ASCII without braces, which could make a placeholder. */
const anyVisible = fc.stringMatching(/^[!-z|~]{0,6}$/);
/** Any text between placeholders, above all what ends a text or starts an expression in some language. */
const anyText = fc.oneof(
  fc.constantFrom(
    '.',
    ':',
    '',
    '|',
    "'",
    '"',
    '`',
    '\\',
    '\\\\',
    "\\'",
    '$',
    '${',
    '#{',
    '#$',
    '{',
    '}',
    '%s',
    '?>',
    '\n',
  ),
  fc.constantFrom(
    '*/',
    '//',
    '#',
    '\0',
    '\r',
    '\t',
    'é',
    '🦊',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\u007f',
    '\\u0041',
    '{$body}',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }).map((text) => text.replaceAll(/[{}]/g, '')),
);

const textsOf = (count: number) => fc.array(anyText, { minLength: count, maxLength: count });

/** The body, and what else is sent: each may be signed once or twice, with any text around it. */
const anySigned = (sent: readonly string[]) =>
  fc
    .shuffledSubarray([...sent, ...sent, 'body'])
    .map((names) => (names.includes('body') ? names : [...names, 'body']))
    .chain((names) =>
      textsOf(names.length + 1).map((texts) =>
        texts.map((text, index) => (names[index] === undefined ? text : `${text}{${names[index]}}`)).join(''),
      ),
    );

const anySources = fc.subarray<HeaderSource>(['timestamp', 'event_id', 'delivery_id', 'delivery_uuid', 'type']);
const anyHeaders = fc
  .tuple(anySources, fc.uniqueArray(anyName, { minLength: 6, maxLength: 6, selector: (name) => name.toLowerCase() }))
  .map(([sources, [header = '', ...names]]) => ({
    header,
    headers: sources.map((from, index) => ({ name: names[index] ?? '', from })),
  }))
  .filter(({ header, headers }) => headers.every(({ name }) => name.toLowerCase() !== `${header}-next`.toLowerCase()));

const anyShape = fc.record({
  separator: fc.constantFrom('', ' ', ',', ';'),
  before: anyVisible,
  after: anyVisible,
  hasLead: fc.boolean(),
  leadBefore: anyVisible,
  leadAfter: anyVisible,
  isList: fc.boolean(),
});

/** Schemes that a tenant may declare. */
export const anyScheme: fc.Arbitrary<SignatureScheme> = fc.tuple(anyHeaders, anyShape).chain(([names, shape]) => {
  const { separator } = shape;
  const clean = (text: string) => (separator === '' ? text : text.replaceAll(separator, ''));
  const lead =
    separator !== '' && shape.hasLead ? `${clean(shape.leadBefore)}{timestamp}${clean(shape.leadAfter)}` : '';
  const signable = new Set<string>([...names.headers.map(({ from }) => from), ...(lead === '' ? [] : ['timestamp'])]);
  const sent = ['timestamp', 'event_id', 'delivery_id'].filter((name) => signable.has(name));
  return fc.record<SignatureScheme>({
    algorithm: fc.constant('hmac-sha256' as const),
    encoding: fc.constantFrom('hex' as const, 'base64' as const),
    signed: anySigned(sent),
    secretFormat: fc.constantFrom('utf8' as const, 'whsec' as const),
    header: fc.constant(names.header),
    format: fc.constant(`${clean(shape.before)}{signature}${clean(shape.after)}`),
    keyPair: fc.constant(null),
    lead: fc.constant(lead),
    rotation: fc.constant(separator !== '' && shape.isList ? ('list' as const) : ('next-header' as const)),
    separator: fc.constant(separator),
    headers: fc.constant(names.headers),
  });
});
