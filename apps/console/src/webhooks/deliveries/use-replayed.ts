import { useCallback, useMemo, useState } from 'react';
import type { ReplayedDeliveries } from './replayed-context.ts';

/** Remembers what was replayed, whichever filters are chosen meanwhile. */
export function useReplayed(): ReplayedDeliveries {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const note = useCallback((id: string): void => setIds((known) => new Set(known).add(id)), []);
  return useMemo(() => ({ ids, note }), [ids, note]);
}
