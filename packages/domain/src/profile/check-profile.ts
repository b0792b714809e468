import type { Profile } from '@posthorn/wire/profile';
import { checkEnvelope } from './check-envelope.ts';
import { checkLifecycles } from './check-lifecycles.ts';
import { checkSchedule } from './check-schedule.ts';
import { checkSignature } from './check-signature.ts';
import { type ProfileProblem, problemIf } from './profile-problem.ts';

const checkNames = ({ eventTypes }: Profile): ProfileProblem[] => {
  const names = eventTypes.map(({ name }) => name);
  return names.flatMap((name, index) =>
    problemIf(names.indexOf(name) < index, `event_types.${index}.name`, `must not be ${name} a second time`),
  );
};

/**
 * Whether the parts of a contract fit together; each alone has the right form already. The schemas of its event types
 * are not judged here.
 */
export const checkProfile = (profile: Profile): ProfileProblem[] => [
  ...checkNames(profile),
  ...checkEnvelope(profile.envelope),
  ...checkSignature(profile.signature),
  ...checkSchedule(profile),
  ...checkLifecycles(profile),
];
