import { Box, Table, Text } from '@mantine/core';
import { ForeignText } from '../../show/foreign-text.tsx';

interface Headers {
  readonly title: string;
  readonly headers: Readonly<Record<string, unknown>> | null;
}

/** Headers of a request or an answer, as they were recorded. */
export function HeaderTable({ title, headers }: Headers) {
  const rows = Object.entries(headers ?? {});
  return (
    <Box>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      {rows.length === 0 ? (
        <Text size="sm">None.</Text>
      ) : (
        <Table
          aria-label={title}
          layout="fixed"
          withRowBorders={false}
          verticalSpacing={2}
          horizontalSpacing="xs"
          fz="xs"
        >
          <Table.Tbody>
            {rows.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" w="38%" style={{ overflowWrap: 'anywhere', verticalAlign: 'top' }}>
                  <ForeignText text={name} />
                </Table.Th>
                <Table.Td ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                  <ForeignText text={String(value)} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Box>
  );
}
