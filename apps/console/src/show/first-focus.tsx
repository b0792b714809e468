import { type ReactNode, useEffect, useRef } from 'react';

/** Leads to what it holds that is marked with `data-autofocus`, as a dialog does when it opens: for what comes into one later. */
export function FirstFocus({ children }: { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // After the dialog has noted whose focus it gives back.
    const timer = setTimeout(() => place.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus());
    return () => clearTimeout(timer);
  }, []);
  return <div ref={place}>{children}</div>;
}
