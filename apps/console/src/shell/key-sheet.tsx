import { Group, Kbd, Modal, Table, Text } from '@mantine/core';
import { useViews } from './use-session.ts';

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

interface Opening {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Names every key that does something. */
export function KeySheet({ opened, onClose }: Opening) {
  const keys = [...everywhere, ...useViews().map(({ key, label }): Keys => [['g', key], 'then', label])];
  return (
    <Modal opened={opened} onClose={onClose} title="Keys">
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
