import { useEffect, useRef } from 'react';

/** What each key of the list does. */
export type ListKeys = Readonly<Partial<Record<'j' | 'k' | 'x' | 'r' | '/' | 'Enter' | 'Escape', () => void>>>;

const TYPED_INTO = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]';
const DIALOG = '.mantine-Modal-content';
/** Enter is theirs. */
const PRESSED = 'a, button, input, [role=option]';

/** Keys of a list, anywhere on its page; not while something is typed, and not behind a dialog. */
export function useListKeys(keys: ListKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const act = latest.current[event.key as keyof ListKeys];
      if (!act || event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (target?.closest(TYPED_INTO) || (event.key === 'Enter' && target?.closest(PRESSED))) return;
      if (document.querySelector(DIALOG)) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
