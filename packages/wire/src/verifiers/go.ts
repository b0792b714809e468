import { explainTime } from './explain-time.ts';
import { affixesOf, type SignedPart, type VerifierPlan } from './plan-verifier.ts';
import { escapePattern, escapeText, longEscape } from './quote-text.ts';
import { writeLines } from './write-lines.ts';

const quote = (text: string): string => `"${escapeText(text, /[\\"]/g, longEscape)}"`;
/** Between backticks, where there is no way to write a backtick itself. */
const quotePattern = (pattern: string): string => `\`^${pattern.replaceAll('\\`', '\\x60')}$\``;
const names: Readonly<Record<string, string>> = { event_id: 'eventID', delivery_id: 'deliveryID' };
const nameOf = (value: string): string => names[value] ?? value;
const readHeader = (name: string): string => `headers.Get("${name}")`;
const sum = (operands: readonly string[]): string => operands.filter((each) => each !== '""').join(' + ');

/** The signed text as byte slices: the body, and what stands before and after it. */
function signedChunks({ signed }: VerifierPlan): string[] {
  const chunks: SignedPart[][] = [[]];
  for (const part of signed) {
    if ('value' in part && part.value === 'body') chunks.push([part], []);
    else chunks.at(-1)?.push(part);
  }
  const write = (part: SignedPart): string => ('text' in part ? quote(part.text) : nameOf(part.value));
  return chunks
    .filter((chunk) => chunk.length > 0)
    .map((chunk) => chunk.map(write).join(' + '))
    .map((chunk) => (chunk === 'body' ? chunk : `[]byte(${chunk})`));
}

function readSignatures({ signatureHeaders, scheme: { separator } }: VerifierPlan): string {
  const read = signatureHeaders.map(readHeader);
  if (separator === '') return `\tsignatures := []string{${read.join(', ')}}`;
  return `\tsignatures := strings.Split(${read.join(`+"${separator}"+`)}, "${separator}")`;
}

function checkTime(plan: VerifierPlan): string[] {
  if (plan.time === null) return [];
  const isStale = 'age > toleranceSeconds || age < -toleranceSeconds';
  const refuse = [`\t// ${explainTime(plan)}`, '\tage := now.Unix() - int64(sent)'];
  if ('header' in plan.time) {
    return [
      `\ttimestamp := ${readHeader(plan.time.header)}`,
      '\tsent, err := strconv.ParseUint(timestamp, 10, 63)',
      ...refuse,
      `\tif err != nil || ${isStale} {`,
      '\t\treturn false',
      '\t}',
    ];
  }
  return [
    '\tlead := leadPattern.FindStringSubmatch(signatures[0])',
    '\tif lead == nil {',
    '\t\treturn false',
    '\t}',
    plan.timeIsSigned ? '\ttimestamp := lead[1]' : '',
    `\tsent, _ := strconv.ParseUint(${plan.timeIsSigned ? 'timestamp' : 'lead[1]'}, 10, 63)`,
    ...refuse,
    `\tif ${isStale} {`,
    '\t\treturn false',
    '\t}',
  ].filter((line) => line !== '');
}

const leadOf = ({ time }: VerifierPlan) => (time && 'before' in time ? time : null);

function leadPattern(plan: VerifierPlan): string | false {
  const lead = leadOf(plan);
  if (!lead) return false;
  const pattern = `${escapePattern(lead.before)}([0-9]{1,12})${escapePattern(lead.after)}`;
  return `var leadPattern = regexp.MustCompile(${quotePattern(pattern)})`;
}

function writeImports(plan: VerifierPlan, own: readonly string[]): string[] {
  const of = {
    'net/http': true,
    regexp: leadOf(plan) !== null,
    strconv: plan.time !== null,
    strings: plan.scheme.separator !== '',
    time: plan.time !== null,
  };
  const needed = Object.entries(of).flatMap(([name, isNeeded]) => (isNeeded ? [name] : []));
  const sorted = [...new Set([...own, ...needed])].sort();
  return ['package webhooks', '', 'import (', ...sorted.map((name) => `\t"${name}"`), ')', ''];
}

function readRequest(plan: VerifierPlan, keys: string) {
  const now = plan.time ? ', now time.Time' : '';
  const what = keys === 'secrets' ? 'secrets' : 'public keys';
  return [
    `// IsAuthentic takes the raw body, and all ${what} that may be live: two during a rotation.`,
    `func IsAuthentic(body []byte, headers http.Header, ${keys} []string${now}) bool {`,
    plan.ids.map(({ value, header }) => `\t${nameOf(value)} := ${readHeader(header)}`),
    readSignatures(plan),
    checkTime(plan),
  ];
}

/** A verifier in Go with shared secrets. */
export function writeGo(plan: VerifierPlan): string {
  const { secretFormat, format, encoding } = plan.scheme;
  const { before, after } = affixesOf(format);
  const isText = secretFormat === 'utf8';
  const encode = encoding === 'hex' ? 'hex.EncodeToString' : 'base64.StdEncoding.EncodeToString';
  return writeLines(
    writeImports(plan, [
      'crypto/hmac',
      'crypto/sha256',
      `encoding/${encoding}`,
      ...(isText ? [] : ['encoding/base64', 'strings']),
    ]),
    plan.time && ['const toleranceSeconds = 300', ''],
    leadOf(plan) && [leadPattern(plan), ''],
    readRequest(plan, 'secrets'),
    '\tfor _, secret := range secrets {',
    !isText && [
      '\t\t// A public key is no secret: with it anybody could sign.',
      '\t\tif !strings.HasPrefix(secret, "whsec_") {',
      '\t\t\tcontinue',
      '\t\t}',
      '\t\tkey, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))',
      '\t\tif err != nil {',
      '\t\t\tcontinue',
      '\t\t}',
    ],
    `\t\tmac := hmac.New(sha256.New, ${isText ? '[]byte(secret)' : 'key'})`,
    signedChunks(plan).map((chunk) => `\t\tmac.Write(${chunk})`),
    `\t\texpected := ${sum([quote(before), `${encode}(mac.Sum(nil))`, quote(after)])}`,
    '\t\tfor _, signature := range signatures {',
    '\t\t\tif hmac.Equal([]byte(signature), []byte(expected)) {',
    '\t\t\t\treturn true',
    '\t\t\t}',
    '\t\t}',
    '\t}',
    '\treturn false',
    '}',
  );
}

/** The same for key pairs: receivers hold `whpk_…`. */
export function writeGoKeyPair(plan: VerifierPlan, signaturePattern: string): string {
  const decode = plan.scheme.encoding === 'hex' ? 'hex.DecodeString' : 'base64.StdEncoding.DecodeString';
  return writeLines(
    writeImports(plan, [
      'bytes',
      'crypto/ed25519',
      'encoding/base64',
      `encoding/${plan.scheme.encoding}`,
      'regexp',
      'strings',
    ]),
    plan.time && ['const toleranceSeconds = 300', ''],
    leadOf(plan) && [leadPattern(plan), ''],
    `var signaturePattern = regexp.MustCompile(${quotePattern(signaturePattern)})`,
    '',
    readRequest(plan, 'publicKeys'),
    `\tsigned := bytes.Join([][]byte{${signedChunks(plan).join(', ')}}, nil)`,
    '\tfor _, entry := range signatures {',
    '\t\tmatch := signaturePattern.FindStringSubmatch(entry)',
    '\t\tif match == nil {',
    '\t\t\tcontinue',
    '\t\t}',
    `\t\tsignature, _ := ${decode}(match[1])`,
    '\t\tfor _, publicKey := range publicKeys {',
    '\t\t\tkey, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(publicKey, "whpk_"))',
    '\t\t\tif err == nil && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, signed, signature) {',
    '\t\t\t\treturn true',
    '\t\t\t}',
    '\t\t}',
    '\t}',
    '\treturn false',
    '}',
  );
}
