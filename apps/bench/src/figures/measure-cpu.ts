import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Numbers } from '../figure.ts';
import { accountProfile, type CpuProfile } from '../parts/account-profile.ts';
import { spreadEach } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';
import { drain, WARM_UP_DELIVERIES } from './measure-drain.ts';

/** µs of each step for one delivery, and of all of them. */
async function profileDrain(system: System, deliveries: number): Promise<Numbers> {
  const dir = mkdtempSync(join(tmpdir(), 'posthorn-profile-'));
  await drain(system, deliveries, 1, { nodeOptions: ['--cpu-prof', '--cpu-prof-dir', dir] });
  const [name = ''] = readdirSync(dir);
  const steps = accountProfile(JSON.parse(readFileSync(join(dir, name), 'utf8')) as CpuProfile);
  rmSync(dir, { recursive: true });
  const sorted = [...steps].sort(([, one], [, other]) => other - one);
  const whole = sorted.reduce((sum, [, micros]) => sum + micros, 0);
  const each = [...sorted, ['whole', whole] as const];
  return Object.fromEntries(each.map(([step, micros]) => [step, micros / (WARM_UP_DELIVERIES + deliveries)]));
}

/** µs of the dispatcher's main thread for one delivery, by step, from a profile of all its life while it drains a backlog. */
export async function measureCpu(system: System, deliveries: number, rounds: number): Promise<Numbers> {
  const taken: Numbers[] = [];
  for (let round = 0; round < rounds; round += 1) taken.push(await profileDrain(system, deliveries));
  return spreadEach(taken, 1);
}
