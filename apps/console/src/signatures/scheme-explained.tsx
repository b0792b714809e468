import { Code, List, Stack, Table, Text } from '@mantine/core';
import { explainScheme, type Scheme, schemeHeaders } from './explain-scheme.ts';

/** How a profile signs: headers, signed text, and what a receiver must mind. */
export function SchemeExplained({ signature }: { readonly signature: Scheme }) {
  return (
    <Stack gap="sm">
      <Table.ScrollContainer minWidth={320}>
        <Table withTableBorder tabIndex={0} maw={720}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Header</Table.Th>
              <Table.Th scope="col">Holds</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {schemeHeaders(signature).map(({ name, holds }) => (
              <Table.Tr key={name}>
                <Table.Td>
                  <Code>{name}</Code>
                </Table.Td>
                <Table.Td>{holds}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm">
        Signed is <Code>{signature.signed}</Code>
      </Text>
      <List size="sm" maw={720}>
        {explainScheme(signature).map(({ title, text }) => (
          <List.Item key={title}>
            <b>{title}.</b> {text}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
