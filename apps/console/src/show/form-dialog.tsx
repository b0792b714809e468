import { Alert, Button, Group, Modal, type ModalProps } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { createContext, useContext, useEffect, useMemo, useState } from 'react';

interface Guard {
  readonly report: (isChanged: boolean) => void;
  /** Closes, or asks first. */
  readonly close: () => void;
}

const GuardContext = createContext<Guard>({ report: () => undefined, close: () => undefined });

/**
 * Tells the dialog around a form whether it was changed.
 *
 * @returns what Cancel does: the dialog closes, and asks before if something would be lost
 */
export function useChangeGuard(isChanged: boolean): () => void {
  const { report, close } = useContext(GuardContext);
  useEffect(() => {
    report(isChanged);
    return () => report(false);
  }, [report, isChanged]);
  return close;
}

const takeFocus = (button: HTMLElement | null): void => button?.focus();

function DiscardQuestion({ onDiscard, onKeep }: { readonly onDiscard: () => void; readonly onKeep: () => void }) {
  return (
    <Alert
      variant="outline"
      color="orange"
      role="alert"
      mt="md"
      icon={<IconAlertTriangle aria-hidden />}
      title="Discard what you typed?"
    >
      <Group gap="xs">
        <Button size="xs" color="red.9" onClick={onDiscard}>
          Discard
        </Button>
        <Button size="xs" ref={takeFocus} variant="default" onClick={onKeep}>
          Keep editing
        </Button>
      </Group>
    </Alert>
  );
}

/**
 * A dialog that may hold a form. Once that was changed, neither a click beside it nor Escape closes it, and its cross asks
 * once; the form takes part by `useChangeGuard`.
 */
export function FormDialog({
  onClose,
  closeOnClickOutside = true,
  closeOnEscape = true,
  children,
  ...modal
}: ModalProps) {
  const [isChanged, setIsChanged] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const discard = (): void => {
    setIsAsking(false);
    onClose();
  };
  const close = isChanged && !isAsking ? () => setIsAsking(true) : discard;
  const report = useMemo(
    () => (changed: boolean) => {
      setIsChanged(changed);
      if (!changed) setIsAsking(false);
    },
    [],
  );
  return (
    <Modal
      {...modal}
      onClose={close}
      closeOnClickOutside={closeOnClickOutside && !isChanged}
      closeOnEscape={closeOnEscape && !isChanged}
    >
      <GuardContext value={{ report, close }}>{children}</GuardContext>
      {isAsking && <DiscardQuestion onDiscard={discard} onKeep={() => setIsAsking(false)} />}
    </Modal>
  );
}
