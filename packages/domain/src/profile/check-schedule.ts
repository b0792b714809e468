import type { Profile } from '@posthorn/wire/profile';
import { type ProfileProblem, problemIf } from './profile-problem.ts';

/** Whether attempts, waits and cap fit together. */
export function checkSchedule({ attempts, waitsMinutes, waitCapMinutes }: Profile): ProfileProblem[] {
  const entries = attempts - 1;
  const tooLong = waitsMinutes.findIndex((wait) => wait > waitCapMinutes);
  return [
    ...problemIf(
      waitsMinutes.length !== entries,
      'waits_minutes',
      `must have ${entries} ${entries === 1 ? 'entry' : 'entries'}, one fewer than attempts (${attempts})`,
    ),
    ...problemIf(tooLong >= 0, `waits_minutes.${tooLong}`, `must be at most wait_cap_minutes (${waitCapMinutes})`),
  ];
}
