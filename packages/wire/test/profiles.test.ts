import { describe, expect, test } from '@jest/globals';
import { placeholdersOf } from '../src/fill-template.ts';
import type { EnvelopeField } from '../src/profile.ts';
import { findProfile, profiles } from '../src/profiles.ts';

test('A profile is found by its name, and by nothing else', () => {
  for (const profile of profiles) expect(findProfile(profile.name)).toBe(profile);
  for (const name of ['', 'constructor', '__proto__', 'CONNECT-DOMAIN']) expect(findProfile(name)).toBeUndefined();
});

test('No two profiles share a name', () => {
  expect(new Set(profiles.map(({ name }) => name)).size).toBe(profiles.length);
});

const sourcesOf = (fields: readonly EnvelopeField[]): string[] =>
  fields.flatMap((field) => ('fields' in field ? sourcesOf(field.fields) : 'from' in field ? [field.from] : []));
const keysAreUnique = (fields: readonly EnvelopeField[]): boolean =>
  new Set(fields.map(({ key }) => key)).size === fields.length &&
  fields.every((field) => !('fields' in field) || keysAreUnique(field.fields));

describe.each(profiles.map((profile) => ({ name: profile.name, profile })))('Profile $name', ({ profile }) => {
  const { signature, envelope } = profile;

  test('has one wait fewer than attempts, none above its cap', () => {
    expect(profile.waitsMinutes).toHaveLength(profile.attempts - 1);
    for (const wait of profile.waitsMinutes) expect(wait).toBeLessThanOrEqual(profile.waitCapMinutes);
  });

  test('names every event type once, with a sample that has what its schema requires', () => {
    const names = profile.eventTypes.map(({ name }) => name);
    expect(names).not.toHaveLength(0);
    expect(new Set(names).size).toBe(names.length);
    for (const { schema, sample, description } of profile.eventTypes) {
      expect(Object.keys(sample)).toEqual(expect.arrayContaining((schema['required'] ?? []) as string[]));
      expect(description).toMatch(/\.$/);
      expect(schema['additionalProperties']).toBeUndefined();
    }
  });

  test('puts the data into its body once, under keys of their own, and lets receivers read the type', () => {
    const sources = envelope === 'data' ? ['data'] : sourcesOf(envelope);
    expect(sources.filter((source) => source === 'data')).toHaveLength(1);
    expect(envelope === 'data' || keysAreUnique(envelope)).toBe(true);
    const told = [...sources, ...signature.headers.map(({ from }) => from)];
    // Svix leaves the type to the data.
    expect(told.includes('type')).toBe(profile.name !== 'svix');
  });

  test('signs the body, and nothing that a receiver cannot read from the headers', () => {
    const signed = placeholdersOf(signature.signed);
    const readable = [...signature.headers.map(({ from }) => from), ...placeholdersOf(signature.lead), 'body'];
    expect(signed).toContain('body');
    expect(readable).toEqual(expect.arrayContaining(signed));
  });

  test('has a signature header that can be taken apart: a separator where there is more than one part', () => {
    expect(placeholdersOf(signature.format)).toEqual(['signature']);
    expect(signature.separator !== '').toBe(signature.rotation === 'list' || signature.lead !== '');
    if (signature.separator !== '') expect(signature.lead + signature.format).not.toContain(signature.separator);
  });

  test('names no header twice, in any case of letters', () => {
    const names = [signature.header, `${signature.header}-Next`, ...signature.headers.map(({ name }) => name)];
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  test('pairs types of its own catalog', () => {
    const names = profile.eventTypes.map(({ name }) => name);
    const paired = profile.pair ? [...profile.pair.types, profile.pair.endedBy] : [];
    expect(names).toEqual(expect.arrayContaining(paired));
  });
});
