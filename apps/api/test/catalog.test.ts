import { expect, test } from '@jest/globals';
import { profiles } from '@posthorn/wire/profiles';
import { compileSchema } from '../src/events/compile-schema.ts';

/** What `POST /v1/events` finds wrong with this data for the type of that name. */
function problemsOf(profile: string, name: string, data: unknown): unknown {
  const type = profiles.find((each) => each.name === profile)?.eventTypes.find((each) => each.name === name);
  const compiled = compileSchema(JSON.stringify(type?.schema ?? null), true);
  return compiled.ok ? compiled.check(data, 'data') : compiled.problem;
}

const types = profiles.flatMap(({ name, eventTypes }) => eventTypes.map((type) => ({ profile: name, ...type })));

test.each(types)('$profile: the sample of $name is accepted as its data', ({ profile, name, sample }) => {
  expect(problemsOf(profile, name, sample)).toEqual([]);
});

const requiring = types.flatMap(({ schema, ...type }) =>
  ((schema['required'] ?? []) as string[]).map((field) => ({ ...type, field })),
);

test.each(requiring)('$profile: $name without its $field is not', ({ profile, name, sample, field }) => {
  const { [field]: _, ...rest } = sample;
  expect(problemsOf(profile, name, rest)).toEqual([{ path: `data.${field}`, message: 'is required' }]);
});

const repeated = profiles.flatMap(({ name, lifecycles }) =>
  lifecycles.flatMap(({ edges }) =>
    edges.flatMap(({ events }) =>
      events.flatMap(({ type, forEach }) =>
        forEach === undefined ? [] : [{ profile: name, type, forEach, first: events[0]?.type ?? '' }],
      ),
    ),
  ),
);

test.each(repeated)(
  '$profile: each entry of $forEach in the sample of $first makes an acceptable $type',
  ({ profile, type, forEach, first }) => {
    const sample = types.find((each) => each.profile === profile && each.name === first)?.sample ?? {};
    const { [forEach]: entries, ...rest } = sample;
    expect(entries).not.toHaveLength(0);
    for (const entry of entries as object[]) expect(problemsOf(profile, type, { ...rest, ...entry })).toEqual([]);
  },
);
