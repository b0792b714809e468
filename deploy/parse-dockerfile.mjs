/**
 * Reads a Dockerfile into steps: `{kind, text, …}`, one for each instruction, in order. Knows what ours uses;
 * throws on an instruction that it does not know.
 */
export function parseDockerfile(source) {
  const lines = source.replace(/\\\n/g, ' ').split('\n');
  const instructions = lines.map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));
  const values = new Map();
  return instructions.map((text) => {
    const [, name, rest] = /^(\w+)\s+(.*)$/.exec(text);
    const argument = rest.replaceAll(/\$\{(\w+)\}/g, (_, variable) => values.get(variable) ?? '');
    const parse = parsers[name.toLowerCase()];
    if (!parse) throw new Error(`The Dockerfile uses ${name}, which this does not know`);
    return { kind: name.toLowerCase(), text: text.replaceAll(/\s+/g, ' '), ...parse(argument, values) };
  });
}

const wordsOf = (text) => text.split(/\s+/);
const ignored = () => ({});

const parsers = {
  arg(text, values) {
    const [name, value = ''] = text.split('=');
    values.set(name, value);
    return {};
  },
  from(text) {
    const [from, , name] = wordsOf(text);
    return { from, name };
  },
  workdir: (path) => ({ path }),
  env: (text) => ({ values: Object.fromEntries(wordsOf(text).map((pair) => pair.split('='))) }),
  copy(text) {
    const words = wordsOf(text);
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
    const paths = words.filter((word) => !word.startsWith('--'));
    return { from, sources: paths.slice(0, -1), target: paths.at(-1) };
  },
  run: (command) => ({ command }),
  user: (user) => ({ user }),
  entrypoint: (text) => ({ words: JSON.parse(text) }),
  cmd: (text) => ({ words: JSON.parse(text) }),
  healthcheck: (check) => ({ check }),
  label: ignored,
  expose: ignored,
};
