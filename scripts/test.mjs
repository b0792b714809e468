// npm test: every test, or those that the arguments name (npm test -- wire). Arguments are Jest's.
import { checkNode } from './check-node.mjs';

checkNode();
const { bootstrap } = await import('./bootstrap.mjs');
const { runChild } = await import('./run-child.mjs');
await bootstrap();
// Jest needs the flag for ES modules; its warning at every start tells nobody anything.
const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
process.exitCode = await runChild(process.execPath, [
  ...node,
  'node_modules/jest/bin/jest.js',
  ...process.argv.slice(2),
]);
