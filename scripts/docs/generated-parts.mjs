const WIDTH = 118;

/** A table in Markdown; a `|` inside a cell would end it. */
function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text) => `\`${text}\``;

/** The settings, for the README. */
export function describeSettings({ settings }) {
  const fallbackOf = (fallback) => (fallback === null ? 'required' : fallback === '' ? 'empty' : code(fallback));
  const rows = Object.entries(settings).map(([name, { fallback, meaning }]) => [
    code(name),
    fallbackOf(fallback),
    meaning,
  ]);
  return table(['Name', 'Default', 'Meaning'], rows);
}

/** The settings, as a file that a shell or a service manager can read. */
export function writeEnvExample({ settings }) {
  const blocks = Object.entries(settings).map(([name, { fallback, meaning }]) => {
    const comment = wrap(`${meaning}.`).map((line) => `# ${line}`);
    return [...comment, fallback === null ? `${name}=` : `#${name}=${fallback}`].join('\n');
  });
  const head = '# Every setting, made from packages/runtime/src/settings.ts. Those without # have no default.\n';
  return `${head}\n${blocks.join('\n\n')}\n`;
}

function wrap(text) {
  const lines = [''];
  for (const word of text.replaceAll('`', '').split(' ')) {
    const last = lines.at(-1);
    if (last && last.length + word.length + 1 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

/** The catalog of refusals. */
export function describeErrors({ errors }) {
  const rows = Object.entries(errors).map(([name, { status, title, detail }]) => [code(name), status, title, detail]);
  return table(['Code', 'HTTP', 'Title', 'What it says by default'], rows);
}

/** What each profile sends and signs. */
export function describeProfiles({ profiles }) {
  const rows = profiles.map((profile) => {
    const { name, signature, attempts, waitsMinutes, jitter, timeoutMs } = profile;
    const spread = jitter > 0 ? `, ±${jitter * 100} %` : '';
    return [
      code(name),
      describeEnvelope(profile.envelope),
      describeSignatures(signature),
      code(angled(signature.signed)),
      signature.headers.map(({ name: header, from }) => code(`${header}: <${from}>`)).join(', ') || 'none',
      `${attempts} attempts; waits ${waitsMinutes.map(describeWait).join(', ')}${spread}`,
      `${timeoutMs / 1_000} s`,
      describeEnd(profile),
    ];
  });
  const head = ['Profile', 'Body', 'Signature', 'Signed text', 'Further headers', 'Attempts', 'Timeout', 'Disables'];
  return table(head, rows);
}

/** `{timestamp}.{body}` as `<timestamp>.<body>`, as the other cells of the table have it. */
const angled = (template) => template.replaceAll(/\{(\w+)\}/g, '<$1>');

function describeSignatures(scheme) {
  const { header, keyPair } = scheme;
  const first = code(`${header}: ${describeSignature(scheme)}`);
  if (!keyPair) return first;
  return `${first}; with a key pair ${code(describeSignature({ ...scheme, format: keyPair.format }))}`;
}

function describeSignature({ lead, separator, format, encoding }) {
  const start = lead === '' ? '' : `${angled(lead)}${separator}`;
  return start + format.replaceAll('{signature}', `<${encoding}>`);
}

function describeEnvelope(envelope) {
  if (envelope === 'data') return 'the data alone';
  return envelope.flatMap((field) => describeField(field, '')).join(', ');
}

function describeField(field, path) {
  const key = `${path}${field.key}`;
  if (field.fields) return field.fields.flatMap((inner) => describeField(inner, `${key}.`));
  if ('value' in field) return [code(`${key}: ${JSON.stringify(field.value)}`)];
  return [field.optional ? `${code(key)} (where there is one)` : code(key)];
}

/** What disables an endpoint of this profile, besides its owner. */
function describeEnd({ onExhausted, goneDisables }) {
  const reasons = [onExhausted === 'disable-endpoint' ? 'the last attempt' : '', goneDisables ? '410' : ''];
  return reasons.filter(Boolean).join(', ') || 'nothing';
}

function describeWait(minutes) {
  if (minutes < 1) return `${Math.round(minutes * 60)} s`;
  return minutes < 60 ? `${minutes} min` : `${minutes / 60} h`;
}

/** Every route, with the scope that its key needs. */
export function describeRoutes({ routes }) {
  const rows = routes.map(({ method, path, scope, access, answers }) => [
    code(`${method} ${path}`),
    scope ? code(scope) : access === 'public' ? 'none' : 'any key',
    Object.entries(answers)
      .map(([status, { description }]) => `${status}: ${description}`)
      .join(' '),
  ]);
  return table(['Route', 'Scope', 'Answer'], rows);
}
