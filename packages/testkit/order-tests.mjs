// Which test files run beside which. Faults measure time, so they go first and beside each other alone; browsers take the most
// processor time, so they go last. Between them Jest's own order: what took long the last time begins early.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { default: Sequencer } = require('@jest/test-sequencer');

const FIRST = /\/test\/faults\//;
const LAST = /\/test\/console\//;
const rankOf = (path) => (FIRST.test(path) ? 0 : LAST.test(path) ? 2 : 1);

export default class OrderTests extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => rankOf(a.path) - rankOf(b.path));
  }
}
