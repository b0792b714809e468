// npm start: everything, from a fresh clone to a delivered webhook. The rest of it is apps/local.
import { checkNode } from './check-node.mjs';

checkNode();
const { bootstrap } = await import('./bootstrap.mjs');
await bootstrap();
await import('../apps/local/dist/main.js');
