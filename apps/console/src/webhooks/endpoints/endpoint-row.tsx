import { Box, Group, Paper, Stack, Text } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import type { Stats } from '@posthorn/http-api/stats';
import { Link } from '@tanstack/react-router';
import { ForeignText } from '../../show/foreign-text.tsx';
import { formatCount, formatShare } from '../../show/format-count.ts';
import { Sparkline } from '../../show/sparkline.tsx';
import { Time } from '../../show/time.tsx';
import { describeTypes, figuresOf } from './describe-endpoint.ts';
import { describeLast } from './describe-health.ts';
import { EndpointStatus } from './endpoint-status.tsx';
import classes from './endpoints.module.css';

function Figures({ figures }: { readonly figures: ReturnType<typeof figuresOf> }) {
  const total = figures ? figures.succeeded + figures.failed : 0;
  if (!figures || total === 0) return <Text size="sm">No attempts in 24 h</Text>;
  const share = formatShare(figures.succeeded / total);
  return (
    <>
      <Sparkline
        buckets={figures.buckets}
        label={`Attempts of the last 24 hours: ${figures.succeeded} succeeded, ${figures.failed} failed`}
      />
      <Text size="sm">
        <b>{share}</b> succeeded of {formatCount(total)} (24 h)
      </Text>
    </>
  );
}

/** An endpoint in the list: how it fares, at a glance. @param stats none while they are not there */
export function EndpointRow({ endpoint, stats }: { readonly endpoint: Endpoint; readonly stats: Stats | undefined }) {
  const { id, url, description, events, health } = endpoint;
  const figures = figuresOf(stats, id);
  return (
    <Paper component="li" withBorder p="sm" className={classes['row'] ?? ''}>
      <Group align="flex-start" justify="space-between" gap="md">
        <Stack gap={6} flex="1 1 240px" miw={0}>
          <Link to="/webhooks/endpoints/$endpointId" params={{ endpointId: id }} className={classes['link']} dir="ltr">
            <ForeignText text={url} />
          </Link>
          {description !== '' && (
            <Text size="sm" dir="auto" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
              <ForeignText text={description} />
            </Text>
          )}
          <EndpointStatus endpoint={endpoint} />
          <Text size="sm">{describeTypes(events)}</Text>
        </Stack>
        <Stack gap={4} flex="0 1 240px" miw={200} mih={76}>
          {stats && <Figures figures={figures} />}
          <Text size="sm" component="div">
            Last failure:{' '}
            {health.last_failure_at === null ? (
              describeLast(figures?.failed, '24h')
            ) : (
              <Box component="span" className={classes['above'] ?? ''}>
                <Time at={health.last_failure_at} />
              </Box>
            )}
          </Text>
        </Stack>
      </Group>
    </Paper>
  );
}
