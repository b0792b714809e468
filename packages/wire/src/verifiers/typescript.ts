import { explainTime } from './explain-time.ts';
import { affixesOf, type VerifierPlan } from './plan-verifier.ts';
import { bracedEscape, escapePattern, escapeText } from './quote-text.ts';
import { writeLines } from './write-lines.ts';

const quote = (text: string): string => `'${escapeText(text, /[\\']/g, bracedEscape)}'`;
const inTemplate = (text: string): string => escapeText(text, /[\\`]|\$(?=\{)/g, bracedEscape);
const nameOf = (value: string): string => value.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const readHeader = (name: string): string => `header(${quote(name.toLowerCase())})`;

/** A template around one expression, or the expression alone. */
function around({ before, after }: { before: string; after: string }, expression: string): string {
  if (before + after === '') return expression;
  return `\`${inTemplate(before)}\${${expression}}${inTemplate(after)}\``;
}

/** The signed text as expressions: the body's bytes, and templates for what stands before and after. */
function signedChunks({ signed }: VerifierPlan): string[] {
  const chunks: string[][] = [[]];
  for (const part of signed) {
    if ('value' in part && part.value === 'body') chunks.push(['body'], []);
    else chunks.at(-1)?.push('text' in part ? inTemplate(part.text) : `\${${nameOf(part.value)}}`);
  }
  return chunks
    .filter((chunk) => chunk.length > 0)
    .map((chunk) => (chunk[0] === 'body' ? 'body' : `\`${chunk.join('')}\``));
}

function readSignatures({ signatureHeaders, scheme: { separator } }: VerifierPlan): string {
  const read = signatureHeaders.map(readHeader);
  if (separator === '') return `  const signatures = [${read.join(', ')}];`;
  const whole = read.length === 1 ? read.join('') : `\`${read.map((each) => `\${${each}}`).join(separator)}\``;
  return `  const signatures = ${whole}.split('${separator}');`;
}

function checkTime(plan: VerifierPlan): string[] {
  if (plan.time === null) return [];
  const stale = 'Math.abs(now - Number(timestamp)) > TOLERANCE_SECONDS';
  if ('header' in plan.time) {
    return [
      `  const timestamp = ${readHeader(plan.time.header)};`,
      `  // ${explainTime(plan)}`,
      `  if (!/^\\d{1,12}$/.test(timestamp) || ${stale}) return false;`,
    ];
  }
  const [before, after] = [escapePattern(plan.time.before), escapePattern(plan.time.after)];
  return [
    `  const timestamp = /^${before}(\\d{1,12})${after}$/.exec(signatures[0] ?? '')?.[1];`,
    `  // ${explainTime(plan)}`,
    `  if (timestamp === undefined || ${stale}) return false;`,
  ];
}

/** The function's head, and what it reads: the same with secrets and with key pairs. */
function readRequest(plan: VerifierPlan, keys: string, constants: readonly string[]) {
  const what = keys === 'secrets' ? '`secrets`' : '`publicKeys`';
  return [
    '',
    plan.time && 'const TOLERANCE_SECONDS = 300;',
    constants,
    (plan.time !== null || constants.length > 0) && '',
    `/** \`headers\` with names in lower case; ${what}: all that may be live, two during a rotation. */`,
    'export function isAuthentic(',
    '  body: Uint8Array,',
    '  headers: Record<string, string | string[] | undefined>,',
    `  ${keys}: string[],`,
    plan.time && '  now = Date.now() / 1000,',
    '): boolean {',
    "  const header = (name: string) => String(headers[name] ?? '');",
    plan.ids.map(({ value, header }) => `  const ${nameOf(value)} = ${readHeader(header)};`),
    readSignatures(plan),
    checkTime(plan),
  ];
}

/** A verifier in TypeScript, for Node.js, with shared secrets. */
export function writeTypeScript(plan: VerifierPlan): string {
  const { secretFormat, format, encoding } = plan.scheme;
  const isText = secretFormat === 'utf8';
  const updates = signedChunks(plan).map((chunk) => `.update(${chunk})`);
  return writeLines(
    "import { createHmac, timingSafeEqual } from 'node:crypto';",
    readRequest(plan, 'secrets', []),
    '  return secrets.some((secret) => {',
    !isText && [
      '    // A public key is no secret: with it anybody could sign.',
      "    if (!secret.startsWith('whsec_')) return false;",
      "    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');",
    ],
    `    const digest = createHmac('sha256', ${isText ? 'secret' : 'key'})${updates.join('')}.digest('${encoding}');`,
    `    return signatures.some((signature) => isSame(signature, ${around(affixesOf(format), 'digest')}));`,
    '  });',
    '}',
    '',
    'function isSame(left: string, right: string): boolean {',
    '  const [a, b] = [Buffer.from(left), Buffer.from(right)];',
    '  return a.length === b.length && timingSafeEqual(a, b);',
    '}',
  );
}

/** The same for key pairs: receivers hold `whpk_…`. */
export function writeTypeScriptKeyPair(plan: VerifierPlan, signaturePattern: string): string {
  const chunks = signedChunks(plan).map((chunk) => (chunk === 'body' ? chunk : `Buffer.from(${chunk})`));
  const decode = `Buffer.from(signature, '${plan.scheme.encoding}')`;
  return writeLines(
    "import { createPublicKey, verify } from 'node:crypto';",
    readRequest(plan, 'publicKeys', [
      '/** Stands before the 32 bytes of every Ed25519 public key in DER. */',
      "const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');",
    ]),
    `  const signed = Buffer.concat([${chunks.join(', ')}]);`,
    '  return publicKeys.some((publicKey) => {',
    "    if (!publicKey.startsWith('whpk_')) return false;",
    "    const der = Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey.slice('whpk_'.length), 'base64')]);",
    "    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });",
    '    return signatures.some((entry) => {',
    `      const signature = /^${signaturePattern}$/.exec(entry)?.[1];`,
    `      return signature !== undefined && verify(null, signed, key, ${decode});`,
    '    });',
    '  });',
    '}',
  );
}
