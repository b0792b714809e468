import { Box, Group, ScrollArea, Stack, Table, Text } from '@mantine/core';
import type { Stats } from '@posthorn/http-api/stats';
import { formatCount } from '../../show/format-count.ts';
import { formatExact, formatSpan } from '../../show/format-time.ts';
import { Sparkline } from '../../show/sparkline.tsx';
import { useZone } from '../../show/use-zone.ts';

const HEIGHT = 96;
const TABLE_HEIGHT = 260;
/** To the minute: `2026-11-21 20:10`. */
const MINUTE_CHARACTERS = 16;

/** Attempts over time as bars, and the same as a table for who cannot see them. */
export function AttemptsChart({ stats }: { readonly stats: Stats }) {
  const [zone] = useZone();
  const { buckets, attempts } = stats;
  const begin = (at: string): string => formatExact(at, zone).slice(0, MINUTE_CHARACTERS);
  const titleOf = (index: number): string => {
    const bucket = buckets[index];
    return bucket ? `${begin(bucket.at)}: ${bucket.succeeded} succeeded, ${bucket.failed} failed` : '';
  };
  return (
    <Stack gap={4}>
      <Sparkline
        buckets={buckets}
        height={HEIGHT}
        titleOf={titleOf}
        label={`Attempts over time: ${attempts.succeeded} succeeded, ${attempts.failed} failed. The table below has the same.`}
      />
      <Group justify="space-between" gap="xs">
        <Text size="xs">{begin(stats.from)}</Text>
        <Text size="xs">plain: succeeded · striped: failed</Text>
        <Text size="xs">{begin(stats.to)}</Text>
      </Group>
      <Box component="details">
        <Text component="summary" size="sm">
          As a table
        </Text>
        <ScrollArea.Autosize
          mah={TABLE_HEIGHT}
          viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Attempts as a table' }}
        >
          <Table stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>From</Table.Th>
                <Table.Th>Succeeded</Table.Th>
                <Table.Th>Failed</Table.Th>
                <Table.Th>p95</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {buckets.map(({ at, succeeded, failed, p95_ms }) => (
                <Table.Tr key={at}>
                  <Table.Td>{begin(at)}</Table.Td>
                  <Table.Td>{formatCount(succeeded)}</Table.Td>
                  <Table.Td>{formatCount(failed)}</Table.Td>
                  <Table.Td>{p95_ms === null ? '–' : formatSpan(p95_ms)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      </Box>
    </Stack>
  );
}
