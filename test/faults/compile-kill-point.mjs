// A hook for module loading: wraps one exported function so that its n-th call ends the process before or after it.
let point;

export function initialize(data) {
  point = data;
}

const wrapper = ({ name, when, nth, returned, counts }) => `
import { writeSync as __write } from 'node:fs';
let __calls = 0;
function __end() {
  __write(2, 'kill point reached: ${when} ${name}\\n');
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}
const __counts = ${counts ?? '() => true'};
const __wrap = (step) => (...args) => {
  if ('${when}' === 'before') return ++__calls === ${nth} ? __end() : step(...args);
  return step(...args).then((result) => (__counts(result) && ++__calls === ${nth} ? __end() : result));
};
const __kept = ${name};
const __replaced = ${returned ? '(...args) => __wrap(__kept(...args))' : '__wrap(__kept)'};
export { __replaced as ${name} };
`;

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!url.endsWith(point.module)) return loaded;
  const source = loaded.source.toString();
  const exported = new RegExp(`^export (?=(async )?function ${point.name}\\(|const ${point.name} =)`, 'm');
  if (!exported.test(source)) throw new Error(`${point.module} exports no function ${point.name}`);
  return { ...loaded, source: source.replace(exported, '') + wrapper(point) };
}
