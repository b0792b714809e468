import { useEffect, useState } from 'react';
import { copyText } from './copy-text.ts';

const SHOWN_MS = 2_000;

/** Copies, and knows for a moment that it did. */
export function useCopy() {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state !== 'copied') return;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  return {
    copied: state === 'copied',
    hasFailed: state === 'failed',
    forget: () => setState('idle'),
    /** @returns whether it is on the clipboard */
    copy: async (text: string): Promise<boolean> => {
      const isThere = await copyText(text);
      setState(isThere ? 'copied' : 'failed');
      return isThere;
    },
  };
}
