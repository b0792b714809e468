import { Modal, type ModalProps } from '@mantine/core';
import {
  createContext,
  type FocusEvent,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type Loss, LossQuestion } from './loss-question.tsx';
import { useHeldNavigation } from './use-held-navigation.ts';

interface Guard {
  readonly report: (loss: Loss | null) => void;
  /** Closes, or asks first. */
  readonly close: () => void;
}

const GuardContext = createContext<Guard>({ report: () => undefined, close: () => undefined });

function useLossGuard(loss: Loss | null): () => void {
  const { report, close } = useContext(GuardContext);
  // At once: Escape may follow the first letter before the next frame.
  useLayoutEffect(() => {
    report(loss);
    return () => report(null);
  }, [report, loss]);
  return close;
}

/**
 * Tells the dialog around a form whether it was changed.
 *
 * @returns what Cancel does: the dialog closes, and asks before if something would be lost
 */
export const useChangeGuard = (isChanged: boolean): (() => void) => useLossGuard(isChanged ? 'draft' : null);

/**
 * Tells the dialog around something that is shown this once whether it can go.
 *
 * @returns what Done does: the dialog closes, and asks before if nobody has copied it
 */
export const useCopyGuard = (isSafe: boolean): (() => void) => useLossGuard(isSafe ? null : 'uncopied');

/** Where whoever stays goes on: the field that had the focus last, or where the dialog began. */
function useReturn() {
  const place = useRef<HTMLDivElement>(null);
  const lastField = useRef<HTMLElement | null>(null);
  const onFocus = ({ target }: FocusEvent<HTMLElement>): void => {
    if (target.matches('input, textarea, select')) lastField.current = target;
  };
  const back = useCallback((): void => {
    const field = lastField.current?.isConnected ? lastField.current : null;
    (field ?? place.current?.querySelector<HTMLElement>('[data-autofocus]'))?.focus();
  }, []);
  return { handlers: { ref: place, onFocus }, back };
}

interface Props extends ModalProps {
  /** In place of `onClose` where somebody goes to another page. */
  readonly onLeave?: () => void;
}

/**
 * A dialog that may hold what would be lost: a form that was changed, or a secret that is shown this once. What they are
 * tell it by `useChangeGuard` and `useCopyGuard`. Then whatever closes it asks once, and so does what leads to another page.
 */
export function FormDialog({
  onClose,
  onLeave = onClose,
  closeOnClickOutside = true,
  closeOnEscape = true,
  children,
  ...modal
}: Props) {
  const [loss, setLoss] = useState<Loss | null>(null);
  /** What a yes does; `null`: nothing is asked. */
  const [asked, setAsked] = useState<{ readonly yes: () => void } | null>(null);
  const { handlers, back } = useReturn();
  const known = useRef<Loss | null>(null);
  const report = useCallback((reported: Loss | null): void => {
    known.current = reported;
    setLoss(reported);
    if (reported === null) setAsked(null);
  }, []);
  const close = (): void => {
    if (known.current !== null && asked === null) setAsked({ yes: onClose });
    else {
      report(null);
      onClose();
    }
  };
  useHeldNavigation({
    isHeld: modal.opened && loss !== null,
    onHeld: (follow) =>
      setAsked({
        yes: () => {
          onLeave();
          follow();
        },
      }),
  });
  const keep = useCallback((): void => {
    setAsked(null);
    back();
  }, [back]);
  const lose = (): void => {
    report(null);
    asked?.yes();
  };
  const latestClose = useRef(close);
  useEffect(() => {
    latestClose.current = close;
  });
  const guard = useMemo(() => ({ report, close: () => latestClose.current() }), [report]);
  return (
    <Modal
      {...modal}
      onClose={close}
      // Escape and a click beside say no to the question.
      closeOnClickOutside={closeOnClickOutside && asked === null}
      closeOnEscape={closeOnEscape && asked === null}
    >
      <div {...handlers}>
        <GuardContext value={guard}>{children}</GuardContext>
      </div>
      {loss !== null && asked !== null && <LossQuestion loss={loss} onLose={lose} onKeep={keep} />}
    </Modal>
  );
}
