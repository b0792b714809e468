// npm run bench: the benchmarks. Progress goes to stderr; the last line of stdout is the figures as JSON.
import { checkNode } from './check-node.mjs';

checkNode();
const { bootstrap } = await import('./bootstrap.mjs');
const { runChild } = await import('./run-child.mjs');
await bootstrap();
process.exitCode = await runChild(process.execPath, ['apps/bench/dist/main.js', ...process.argv.slice(2)]);
