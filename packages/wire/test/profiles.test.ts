import { describe, expect, test } from '@jest/globals';
import { findProfile, profiles } from '../src/profiles.ts';

test('A profile is found by its name, and by nothing else', () => {
  for (const profile of profiles) expect(findProfile(profile.name)).toBe(profile);
  for (const name of ['', 'constructor', '__proto__', 'CONNECT-DOMAIN']) expect(findProfile(name)).toBeUndefined();
});

describe.each(profiles.map((profile) => ({ name: profile.name, profile })))('Profile $name', ({ profile }) => {
  test('has one wait fewer than attempts, none above its cap', () => {
    expect(profile.waitsMinutes).toHaveLength(profile.attempts - 1);
    for (const wait of profile.waitsMinutes) expect(wait).toBeLessThanOrEqual(profile.waitCapMinutes);
  });

  test('names every event type once, with a sample that has what its schema requires', () => {
    const names = profile.eventTypes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { schema, sample, description } of profile.eventTypes) {
      expect(Object.keys(sample)).toEqual(expect.arrayContaining(schema['required'] as string[]));
      expect(description).toMatch(/\.$/);
      expect(schema['additionalProperties']).toBeUndefined();
    }
  });

  test('has data in its envelope, and signs the body', () => {
    expect(profile.envelope.map(({ from }) => from)).toEqual(expect.arrayContaining(['type', 'data']));
    expect(profile.signature.signed).toContain('body');
    expect(profile.signature.signed.includes('timestamp')).toBe(profile.signature.timestampHeader !== null);
  });

  test('pairs types of its own catalog', () => {
    const names = profile.eventTypes.map(({ name }) => name);
    const paired = profile.pair ? [...profile.pair.types, profile.pair.endedBy] : [];
    expect(names).toEqual(expect.arrayContaining(paired));
  });
});
