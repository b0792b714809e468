import type { AttemptOutcome } from '@posthorn/domain/delivery/attempt-outcome';
import { IconBan, IconCheck, IconClock, IconPlayerStop, IconPlugOff, IconX } from '@tabler/icons-react';
import { type BadgeLook, IconBadge } from '../../show/icon-badge.tsx';
import { outcomeWords } from './outcome-words.ts';

const looks: Readonly<Record<AttemptOutcome, BadgeLook>> = {
  succeeded: { color: 'green', icon: IconCheck },
  rejected: { color: 'red', icon: IconX },
  timeout: { color: 'orange', icon: IconClock },
  network_error: { color: 'red', icon: IconPlugOff },
  blocked: { color: 'red', icon: IconBan },
  interrupted: { color: 'gray', icon: IconPlayerStop },
};

/** How an attempt ended, in words. */
export const OutcomeBadge = ({ outcome }: { readonly outcome: AttemptOutcome }) => (
  <IconBadge look={looks[outcome]}>{outcomeWords[outcome]}</IconBadge>
);
