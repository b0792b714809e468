import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect } from 'react';

export const REREAD_MS = 5_000;

/** Reads a list again and again while it is looked at. */
export function useReread(isOn: boolean, read: () => Promise<void>): void {
  const isLookedAt = useDocumentVisibility() === 'visible';
  useEffect(() => {
    if (!isOn || !isLookedAt) return;
    const timer = window.setInterval(() => void read(), REREAD_MS);
    return () => window.clearInterval(timer);
  }, [isOn, isLookedAt, read]);
}
