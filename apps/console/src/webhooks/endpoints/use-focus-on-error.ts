import { type RefObject, useEffect, useRef } from 'react';

/**
 * Leads to the first field that is wrong, which may have been scrolled away.
 *
 * @param reason whatever is another one after each refusal; `null` while nothing was refused
 */
export function useFocusOnError(reason: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (reason !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [reason]);
  return form;
}
