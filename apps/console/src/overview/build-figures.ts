import type { Stats } from '@posthorn/http-api/stats';
import { formatCount, formatShare } from '../show/format-count.ts';
import { formatSpan } from '../show/format-time.ts';
import type { AttemptFilter } from '../webhooks/attempts/attempt-filter.ts';
import type { DeliveryFilter } from '../webhooks/deliveries/delivery-filter.ts';
import { nameList } from './name-list.ts';

/** The list of exactly what a number counts. */
export type CountedList =
  | { readonly to: '/webhooks'; readonly search: DeliveryFilter; readonly name: string }
  | { readonly to: '/webhooks/attempts'; readonly search: AttemptFilter; readonly name: string };

/** A number of the overview, and the list behind it. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  /** What the number is made of. */
  readonly hint: string;
  readonly list: CountedList;
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

const deliveries = (search: DeliveryFilter): CountedList => ({ to: '/webhooks', search, name: nameList(search) });

/** Of the deliveries that were sent until something came of it: those that are open, or were called off, are not judged. */
function rateFigure({ deliveries: { by_status: made }, from }: Stats): Figure {
  const ended = made.succeeded + made.failed;
  return {
    label: 'Success rate',
    value: ended === 0 ? '–' : formatShare(made.succeeded / ended),
    hint: ended === 0 ? 'None has ended' : `${formatCount(made.succeeded)} of ${formatCount(ended)} that ended`,
    list: deliveries({ status: 'succeeded,failed', created_after: from }),
    alarming: false,
  };
}

/** Whoever looks for what goes wrong wants those that are still tried as well as those that were given up. */
function failingFigure({ deliveries: { by_status: made }, from }: Stats): Figure {
  const failing = made.retrying + made.failed;
  return {
    label: 'Failing',
    value: formatCount(failing),
    hint:
      failing === 0
        ? 'None'
        : `${formatCount(made.failed)} failed for good, ${formatCount(made.retrying)} to be tried again`,
    list: deliveries({ status: 'retrying,failed', created_after: from }),
    alarming: failing > 0,
  };
}

/** Where nothing is overdue, what is open is what may become so. */
function overdueFigure({ overdue: { count, capped, oldest_due_ms: oldest } }: Stats): Figure {
  return {
    label: 'Overdue now',
    value: `${formatCount(count)}${capped ? '+' : ''}`,
    hint: oldest === null || count === 0 ? 'Nothing is late' : `The oldest for ${formatSpan(oldest)}`,
    list: deliveries(count === 0 ? { status: 'pending,retrying' } : { overdue: 'true' }),
    alarming: count > 0,
  };
}

/** Leads to the attempts that took so long or longer. */
function latencyFigure(label: string, ms: number | null, share: string, { from }: Stats): Figure {
  return {
    label,
    value: ms === null ? '–' : formatSpan(ms),
    hint: `${share} of attempts that got an answer took no longer; timeouts have none`,
    list: {
      to: '/webhooks/attempts',
      search: { answered: 'true', started_after: from, ...(ms !== null && { min_duration_ms: String(ms) }) },
      name: ms === null ? 'Answered attempts' : `Attempts of ${formatSpan(ms)} and more`,
    },
    alarming: false,
  };
}

/** The numbers of the overview, each with the list of what it counts. */
export function buildFigures(stats: Stats): readonly Figure[] {
  const { deliveries: made, latency_ms: latency, from, to } = stats;
  return [
    rateFigure(stats),
    failingFigure(stats),
    {
      label: 'Deliveries',
      value: formatCount(made.total),
      hint: made.total === 0 ? 'None' : `${formatPace(made.total, Date.parse(to) - Date.parse(from))} were made`,
      list: deliveries({ created_after: from }),
      alarming: false,
    },
    latencyFigure('Latency p50', latency.p50, 'Half', stats),
    latencyFigure('Latency p95', latency.p95, '95%', stats),
    overdueFigure(stats),
  ];
}
