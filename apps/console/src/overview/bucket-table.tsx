import { Anchor, ScrollArea, Table } from '@mantine/core';
import type { Stats } from '@posthorn/http-api/stats';
import { Link } from '@tanstack/react-router';
import { formatCount } from '../show/format-count.ts';
import { formatSpan } from '../show/format-time.ts';
import { useZone } from '../show/use-zone.ts';
import { countFates, fateNames, fates } from './count-fates.ts';
import { formatBucket, spanOfBucket } from './format-bucket.ts';

/** The chart in words, the newest bucket first. */
export function BucketTable({ stats }: { readonly stats: Stats }) {
  const [zone] = useZone();
  const { buckets, bucket_seconds: seconds, range } = stats;
  return (
    <ScrollArea.Autosize
      mah={320}
      mt="sm"
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Deliveries over time, as a table' }}
    >
      <Table stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Deliveries made</Table.Th>
            {fates.map((fate) => (
              <Table.Th key={fate} ta="end" tt="capitalize">
                {fateNames[fate]}
              </Table.Th>
            ))}
            <Table.Th ta="end">Latency p95</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {buckets.toReversed().map(({ at, deliveries, p95_ms: p95 }) => (
            <Table.Tr key={at}>
              <Table.Td>
                <Anchor
                  size="sm"
                  renderRoot={(props) => <Link to="/webhooks" search={spanOfBucket(at, seconds)} {...props} />}
                >
                  {formatBucket(at, seconds, range, zone)}
                </Anchor>
              </Table.Td>
              {fates.map((fate) => (
                <Table.Td key={fate} ta="end">
                  {formatCount(countFates(deliveries)[fate])}
                </Table.Td>
              ))}
              <Table.Td ta="end">{p95 === null ? '–' : formatSpan(p95)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
