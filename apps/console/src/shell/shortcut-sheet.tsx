import { Group, Kbd, Modal, Table, Text } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { isFormOpen } from './is-form-open.ts';
import { useViews } from './use-session.ts';

/** Between the two keys of a sequence. */
const SEQUENCE_MS = 1_000;

/** Keys, the word between them, and what they do. */
type Keys = readonly [keys: readonly string[], between: string, does: string];

const everywhere: readonly Keys[] = [
  [['/'], '', 'Search, or filter the list'],
  [['j', 'k'], 'or', 'Next row, row before'],
  [['↓', '↑'], 'or', 'The same, in a list that has the focus'],
  [['Home', 'End'], 'or', 'First row, last loaded row'],
  [['Enter'], '', 'Open the row'],
  [['x'], '', 'Select the row'],
  [['r'], '', 'Replay the delivery'],
  [['Esc'], '', 'Close'],
  [['⌘K', 'Ctrl+K'], 'or', 'Command palette'],
  [['?'], '', 'This sheet'],
];

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

/** Keys that work everywhere, and the sheet that names them all. */
export function ShortcutSheet() {
  const [open, sheet] = useDisclosure(false);
  const navigate = useNavigate();
  const begunAt = useRef(0);
  const views = useViews();
  const keys = [...everywhere, ...views.map(({ key, label }): Keys => [['g', key], 'then', label])];
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
  return (
    <Modal opened={open} onClose={sheet.close} title="Keys">
      <Table>
        <Table.Tbody>
          {keys.map(([names, between, does]) => (
            <Table.Tr key={does}>
              <Table.Th scope="row" fw={400}>
                <Group gap={6} wrap="nowrap">
                  {names.map((name, index) => (
                    <Group key={name} gap={6} wrap="nowrap">
                      {index > 0 && (
                        <Text size="xs" span>
                          {between}
                        </Text>
                      )}
                      <Kbd>{name}</Kbd>
                    </Group>
                  ))}
                </Group>
              </Table.Th>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
