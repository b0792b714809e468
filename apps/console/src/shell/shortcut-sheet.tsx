import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { LateDialog } from '../show/late-dialog.tsx';
import { lazyPart } from '../show/lazy-part.tsx';
import { isFormOpen } from './is-form-open.ts';
import { useViews } from './use-session.ts';

const KeySheet = lazyPart(() => import('./key-sheet.tsx'), 'KeySheet');

/** Between the two keys of a sequence. */
const SEQUENCE_MS = 1_000;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

/** Keys that work everywhere, and the sheet that names them all. */
export function ShortcutSheet() {
  const [open, sheet] = useDisclosure(false);
  const navigate = useNavigate();
  const begunAt = useRef(0);
  const views = useViews();
  useHotkeys([
    ['shift + ?', sheet.open],
    ['?', sheet.open],
  ]);
  const { close } = sheet;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event.target) || event.metaKey || event.ctrlKey || event.altKey) return;
      const view =
        event.timeStamp - begunAt.current < SEQUENCE_MS ? views.find(({ key }) => key === event.key) : undefined;
      begunAt.current = event.key === 'g' ? event.timeStamp : 0;
      if (!view || (isFormOpen() && !open)) return;
      event.preventDefault();
      close();
      void navigate({ to: view.to });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, open, close, views]);
  return <LateDialog opened={open}>{(opened) => <KeySheet opened={opened} onClose={close} />}</LateDialog>;
}
