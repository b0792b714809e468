// npm run check: every rule of the house that a tool can hold. Arguments pick some by name (npm run check -- types lint).
import { spawn } from 'node:child_process';
import { checkNode } from './check-node.mjs';

checkNode();
const { bootstrap } = await import('./bootstrap.mjs');
const { checks } = await import('./checks.mjs');
const { rootFolder } = await import('./root-folder.mjs');

const AT_ONCE = 2;
const FORWARDED = ['SIGINT', 'SIGTERM'];

await bootstrap();
const names = process.argv.slice(2);
const unknown = names.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0)
  fail(`There is no check ${unknown.join(', ')}. There are: ${checks.map(({ name }) => name).join(', ')}.`);
const waiting = checks.filter(({ name }) => names.length === 0 || names.includes(name));
const failed = [];
await Promise.all(Array.from({ length: AT_ONCE }, work));
if (failed.length > 0) fail(`\nFailed: ${failed.join(', ')}. One alone: npm run check -- ${failed[0]}`);
console.log('\nAll checks passed.');

async function work() {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const started = Date.now();
    const { code, output } = await run(check);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.name.padEnd(8)} ${seconds.padStart(5)} s  ${check.why}`);
    if (code === 0) continue;
    failed.push(check.name);
    console.log(output.replace(/^/gm, '       '));
  }
}

function run({ command: [program, ...args], flags = [] }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...flags, `node_modules/${program}`, ...args], { cwd: rootFolder });
    const forward = (signal) => child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => {
      for (const signal of FORWARDED) process.off(signal, forward);
      resolve({ code, output });
    });
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
