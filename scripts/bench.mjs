// npm run bench [-- --runs 3 --seed 7 drain …]: the benchmarks. The last line of stdout is the figures as JSON.
import { checkNode } from './check-node.mjs';

checkNode();
const { bootstrap } = await import('./bootstrap.mjs');
const { runChild } = await import('./run-child.mjs');
await bootstrap();
process.exitCode = await runChild(process.execPath, ['apps/bench/dist/main.js', ...process.argv.slice(2)]);
