import type { DeliveryStatus } from '@posthorn/domain/delivery/delivery-status';
import type { Ledger } from '@posthorn/http-api/ledger';
import type { Stats } from '@posthorn/http-api/stats';
import { formatCount, formatShare } from '../show/format-count.ts';
import { formatSpan } from '../show/format-time.ts';
import type { DeliveryFilter } from '../webhooks/deliveries/delivery-filter.ts';

/** A number of the overview, and the list behind it. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  /** What the number is made of. */
  readonly hint: string;
  readonly filter: DeliveryFilter;
  /** Whether somebody should look. */
  readonly alarming: boolean;
}

/** The first of the statuses that has deliveries, so that a figure does not lead to an empty list. */
const fullest = (ledger: Ledger, ...statuses: readonly [DeliveryStatus, DeliveryStatus]): DeliveryStatus =>
  statuses.find((status) => ledger.by_status[status] > 0) ?? statuses[0];

const orDash = (ms: number | null): string => (ms === null ? '–' : formatSpan(ms));

function failedFigure({ attempts: { failed, total }, range }: Stats, ledger: Ledger): Figure {
  return {
    label: 'Failed attempts',
    value: formatCount(failed),
    hint: failed === 0 ? 'None' : `${formatShare(failed / total)} of all`,
    filter: { status: fullest(ledger, 'failed', 'retrying'), range },
    alarming: failed > 0,
  };
}

function overdueFigure({ overdue: { count, capped, oldest_due_ms: oldest } }: Stats, ledger: Ledger): Figure {
  return {
    label: 'Overdue now',
    value: `${formatCount(count)}${capped ? '+' : ''}`,
    hint: oldest === null || count === 0 ? 'Nothing waits' : `The oldest for ${formatSpan(oldest)}`,
    filter: { status: fullest(ledger, 'pending', 'retrying') },
    alarming: count > 0,
  };
}

/** The numbers of the overview, each with the filter of the list that it leads to. */
export function buildFigures(stats: Stats, ledger: Ledger): readonly Figure[] {
  const { attempts, success_rate: rate, latency_ms: latency, range, from, to } = stats;
  const minutes = Math.max(1, (Date.parse(to) - Date.parse(from)) / 60_000);
  return [
    {
      label: 'Success rate',
      value: rate === null ? '–' : formatShare(rate),
      hint: rate === null ? 'No attempts' : `${formatCount(attempts.succeeded)} succeeded`,
      filter: { status: 'succeeded', range },
      alarming: false,
    },
    failedFigure(stats, ledger),
    {
      label: 'Attempts',
      value: formatCount(attempts.total),
      hint: `${(attempts.total / minutes).toFixed(1)} a minute`,
      filter: { range },
      alarming: false,
    },
    {
      label: 'Latency p50',
      value: orDash(latency.p50),
      hint: 'Half came sooner',
      filter: { range },
      alarming: false,
    },
    {
      label: 'Latency p95',
      value: orDash(latency.p95),
      hint: '95% came sooner',
      filter: { range },
      alarming: false,
    },
    overdueFigure(stats, ledger),
  ];
}
