// Loaded before a process: it kills itself with SIGKILL at one exact step, named by KILL_AT. The step is compiled into
// the module as it is loaded, so that what ships holds none of it.
import { register } from 'node:module';

register(new URL('compile-kill-point.mjs', import.meta.url), { data: JSON.parse(process.env.KILL_AT) });
