import type { Profile } from '@posthorn/wire/profile';

/** Why an endpoint is disabled whose delivery used up its attempts; `null`: the profile keeps it enabled. */
export const reasonToDisable = ({ onExhausted }: Pick<Profile, 'onExhausted'>, attempts: number): string | null =>
  onExhausted === 'disable-endpoint' ? `A delivery failed ${attempts} times` : null;
