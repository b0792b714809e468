import type { Lifecycle, LifecycleEdge } from '@posthorn/wire/lifecycle';
import type { Profile } from '@posthorn/wire/profile';
import { type ProfileProblem, problemIf } from './profile-problem.ts';

const unknownType = (type: string): string => `names ${type}, which event_types does not have`;

function checkEdge({ from, to, events }: LifecycleEdge, path: string, states: readonly string[], types: Set<string>) {
  return [
    ...problemIf(!states.includes(from), `${path}.from`, `must be one of the states ${states.join(', ')}`),
    ...problemIf(!states.includes(to), `${path}.to`, `must be one of the states ${states.join(', ')}`),
    ...problemIf(from === to, `${path}.to`, 'must be another state than from'),
    ...events.flatMap(({ type }, index) =>
      problemIf(!types.has(type), `${path}.events.${index}.type`, unknownType(type)),
    ),
  ];
}

function checkLifecycle(lifecycle: Lifecycle, path: string, types: Set<string>): ProfileProblem[] {
  const { states, edges, metersEntering } = lifecycle;
  const ways = edges.map(({ from, to }) => JSON.stringify([from, to]));
  return [
    ...states.flatMap((state, index) =>
      problemIf(states.indexOf(state) < index, `${path}.states.${index}`, `must not be ${state} a second time`),
    ),
    ...edges.flatMap((edge, index) => [
      ...checkEdge(edge, `${path}.edges.${index}`, states, types),
      ...problemIf(ways.indexOf(ways[index] ?? '') < index, `${path}.edges.${index}`, 'stands there already'),
    ]),
    ...Object.keys(metersEntering).flatMap((state) =>
      problemIf(!states.includes(state), `${path}.meters_entering.${state}`, 'is not one of the states'),
    ),
  ];
}

/** Whether lifecycles and pair name states and event types that exist. */
export function checkLifecycles({ lifecycles, pair, eventTypes }: Profile): ProfileProblem[] {
  const types = new Set(eventTypes.map(({ name }) => name));
  const names = lifecycles.map(({ name }) => name);
  const paired = pair ? [...pair.types, pair.endedBy] : [];
  const unknown = paired.find((type) => !types.has(type));
  return [
    ...problemIf(unknown !== undefined, 'pair', `${unknownType(unknown ?? '')}; set pair to null, or add the type`),
    ...problemIf(pair !== null && new Set(paired).size < paired.length, 'pair', 'must name three different types'),
    ...lifecycles.flatMap((lifecycle, index) => [
      ...problemIf(
        names.indexOf(lifecycle.name) < index,
        `lifecycles.${index}.name`,
        'must not be there a second time',
      ),
      ...checkLifecycle(lifecycle, `lifecycles.${index}`, types),
    ]),
  ];
}
