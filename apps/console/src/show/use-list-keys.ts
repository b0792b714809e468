import { useEffect, useRef } from 'react';

type GridKey = 'ArrowDown' | 'ArrowUp' | 'Home' | 'End';

/** What each key of the list does. */
export type ListKeys = Readonly<
  Partial<Record<'j' | 'k' | 'x' | 'r' | '/' | 'Enter' | 'Escape' | GridKey, () => void>>
>;

const TYPED_INTO = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]';
const DIALOG = '.mantine-Modal-content';
/** Elsewhere these keys scroll. */
const GRID_KEYS: readonly string[] = ['ArrowDown', 'ArrowUp', 'Home', 'End'] satisfies GridKey[];
const GRID = '[role=grid]';
/** Enter is theirs. */
const PRESSED = 'a, button, input, [role=option]';

/** Whether a key does something else where it was pressed. */
function isForAnother(key: string, target: HTMLElement | null): boolean {
  const isIn = (selector: string): boolean => target !== null && target.closest(selector) !== null;
  return isIn(TYPED_INTO) || (key === 'Enter' && isIn(PRESSED)) || (GRID_KEYS.includes(key) && !isIn(GRID));
}

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
      if (isForAnother(event.key, target) || document.querySelector(DIALOG)) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
