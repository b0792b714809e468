import { useId } from 'react';

/** How the attempts of one span of time ended. */
export interface Outcomes {
  readonly succeeded: number;
  readonly failed: number;
}

const BAR = 3;
const GAP = 1;
/** One failure among thousands is still to be seen. */
const LEAST = 1.5;

const heightOf = (count: number, most: number, height: number): number =>
  count === 0 ? 0 : Math.max(LEAST, (count / most) * (height - LEAST));

/**
 * Bars of succeeded attempts with the failed ones, hatched, on top.
 *
 * @param label says in words what the picture shows
 */
export function Sparkline({
  buckets,
  label,
  height = 32,
  titleOf,
}: {
  readonly buckets: readonly Outcomes[];
  readonly label: string;
  readonly height?: number;
  /** What is told of a bar when it is pointed at. */
  readonly titleOf?: (index: number) => string;
}) {
  const hatch = useId();
  const most = Math.max(1, ...buckets.map(({ succeeded, failed }) => succeeded + failed));
  const width = Math.max(1, buckets.length * (BAR + GAP) - GAP);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      width="100%"
      height={height}
      style={{ display: 'block' }}
    >
      <defs>
        <pattern id={hatch} width="2" height="2" patternUnits="userSpaceOnUse">
          <rect width="2" height="2" fill="var(--mantine-color-red-6)" />
          <rect width="2" height="0.7" fill="var(--mantine-color-body)" />
        </pattern>
      </defs>
      <rect y={height - 0.5} width={width} height="0.5" fill="var(--mantine-color-default-border)" />
      {buckets.map(({ succeeded, failed }, index) => {
        const ok = heightOf(succeeded, most, height);
        const bad = heightOf(failed, most, height);
        const x = index * (BAR + GAP);
        return (
          <g key={x}>
            {titleOf && <title>{titleOf(index)}</title>}
            {titleOf && <rect x={x} width={BAR} height={height} fill="transparent" />}
            {ok > 0 && <rect x={x} y={height - ok} width={BAR} height={ok} fill="var(--mantine-color-teal-6)" />}
            {bad > 0 && <rect x={x} y={height - ok - bad} width={BAR} height={bad} fill={`url(#${hatch})`} />}
          </g>
        );
      })}
    </svg>
  );
}
