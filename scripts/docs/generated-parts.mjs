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
  const rows = profiles.map(({ name, envelope, signature, attempts, waitsMinutes, jitter, timeoutMs }) => {
    const id = signature.idHeader ? `${code(signature.idHeader.name)} (the ${signature.idHeader.of}'s id)` : 'none';
    const spread = jitter > 0 ? `, ±${jitter * 100} %` : '';
    return [
      code(name),
      envelope.map(({ key }) => code(key)).join(', '),
      code(`${signature.signatureHeader}: ${signature.signaturePrefix}<${signature.encoding}>`),
      code(signature.signed.map((part) => `<${part}>`).join('.')),
      signature.timestampHeader ? code(signature.timestampHeader) : 'none',
      id,
      `${attempts} attempts; waits ${waitsMinutes.map(describeWait).join(', ')}${spread}`,
      `${timeoutMs / 1_000} s`,
    ];
  });
  const head = ['Profile', 'Body', 'Signature', 'Signed text', 'Timestamp', 'Id', 'Attempts', 'Timeout'];
  return table(head, rows);
}

function describeWait(minutes) {
  if (minutes < 1) return `${Math.round(minutes * 60)} s`;
  return minutes < 60 ? `${minutes} min` : `${minutes / 60} h`;
}

/** Every route, with the scope that its key needs. */
export function describeRoutes({ routes }) {
  const rows = routes.map(({ method, path, scope, answers }) => [
    code(`${method} ${path}`),
    scope ? code(scope) : 'none',
    Object.entries(answers)
      .map(([status, { description }]) => `${status}: ${description}`)
      .join(' '),
  ]);
  return table(['Route', 'Scope', 'Answer'], rows);
}
