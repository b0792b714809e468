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

const paces = [
  ['a minute', 60_000],
  ['an hour', 3_600_000],
  ['a day', 86_400_000],
] as const;

/** How many there were in a time, in the least unit that has one of them. @param ms longer than none */
function formatPace(count: number, ms: number): string {
  const perUnit = paces.map(([unit, unitMs]) => ({ unit, rate: (count * unitMs) / Math.max(60_000, ms) }));
  const { unit, rate } = perUnit.find((each) => each.rate >= 1) ?? { unit: 'a day', rate: perUnit.at(-1)?.rate ?? 0 };
  return `${rate.toFixed(1)} ${unit}`;
}

const orDash = (ms: number | null): string => (ms === null ? '–' : formatSpan(ms));

/** A failed attempt is of a delivery that failed, or of one that is tried again. */
function failedFigure({ attempts: { failed, total }, range }: Stats): Figure {
  return {
    label: 'Failed attempts',
    value: formatCount(failed),
    hint: failed === 0 ? 'None' : `${formatShare(failed / total)} of all`,
    filter: { status: 'retrying,failed', range },
    alarming: failed > 0,
  };
}

/** Where nothing is overdue, what is open is what may become so. */
function overdueFigure({ overdue: { count, capped, oldest_due_ms: oldest } }: Stats): Figure {
  return {
    label: 'Overdue now',
    value: `${formatCount(count)}${capped ? '+' : ''}`,
    hint: oldest === null || count === 0 ? 'Nothing is late' : `The oldest for ${formatSpan(oldest)}`,
    filter: count === 0 ? { status: 'pending,retrying' } : { overdue: 'true' },
    alarming: count > 0,
  };
}

const latencyFigure = (label: string, ms: number | null, share: string, { range }: Stats): Figure => ({
  label,
  value: orDash(ms),
  hint: `${share} of attempts that got an answer came sooner; timeouts have none`,
  filter: { range },
  alarming: false,
});

/** The numbers of the overview, each with the filter of the list that comes nearest to what it counts. */
export function buildFigures(stats: Stats): readonly Figure[] {
  const { attempts, success_rate: rate, latency_ms: latency, range, from, to } = stats;
  return [
    {
      label: 'Success rate',
      value: rate === null ? '–' : formatShare(rate),
      hint: rate === null ? 'No attempts' : `${formatCount(attempts.succeeded)} attempts succeeded`,
      filter: { status: 'succeeded', range },
      alarming: false,
    },
    failedFigure(stats),
    {
      label: 'Attempts',
      value: formatCount(attempts.total),
      hint: attempts.total === 0 ? 'None' : formatPace(attempts.total, Date.parse(to) - Date.parse(from)),
      filter: { range },
      alarming: false,
    },
    latencyFigure('Latency p50', latency.p50, 'Half', stats),
    latencyFigure('Latency p95', latency.p95, '95%', stats),
    overdueFigure(stats),
  ];
}
