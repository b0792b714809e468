import { useHotkeys } from '@mantine/hooks';
import { useState } from 'react';
import { Late } from '../show/late.tsx';
import { lazyPart } from '../show/lazy-part.tsx';
import { isFormOpen } from './is-form-open.ts';

const Palette = lazyPart(() => import('./palette.tsx'), 'Palette');

/** Opens the palette (⌘K or Ctrl+K), which comes when it is first asked for. */
export function CommandPalette() {
  const [asked, setAsked] = useState(0);
  const ask = (): void => {
    if (!isFormOpen()) setAsked((times) => times + 1);
  };
  // Within text fields too.
  useHotkeys([['mod + K', ask]], []);
  if (asked === 0) return null;
  return (
    <Late meanwhile={null}>
      <Palette asked={asked} />
    </Late>
  );
}
