import type { Stats } from '@posthorn/http-api/stats';
import { useId } from 'react';
import { formatCount } from '../show/format-count.ts';
import { countFates, fates, sumFates } from './count-fates.ts';
import { layOutBars, niceCeiling } from './lay-out-chart.ts';
import styles from './overview.module.css';

const HEIGHT = 160;

interface Plot {
  readonly buckets: Stats['buckets'];
  readonly width: number;
  readonly active: number | null;
}

/** A bar for each bucket, of what became of the deliveries made in it; failures are hatched. */
export function BarPlot({ buckets, width, active }: Plot) {
  const hatchId = useId();
  const counts = buckets.map(({ deliveries }) => countFates(deliveries));
  const ceiling = niceCeiling(Math.max(0, ...counts.map(sumFates)));
  const bars = layOutBars(counts, ceiling, { width, height: HEIGHT });
  return (
    <>
      <svg width="100%" height={HEIGHT} aria-hidden>
        <defs>
          <pattern id={hatchId} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path d="M0 0V6" className={styles.hatch} />
          </pattern>
        </defs>
        {[0, HEIGHT / 2, HEIGHT].map((y) => (
          <line key={y} x1={0} x2={width} y1={y} y2={y} className={styles.grid} />
        ))}
        {bars.map(({ x, width: wide, parts }, index) => (
          <g key={buckets[index]?.at}>
            {index === active && <rect x={x} width={wide} y={0} height={HEIGHT} className={styles.cursor} />}
            {fates.map((fate, part) => (
              <rect key={fate} x={x} width={wide} {...parts[part]} className={styles[fate]} />
            ))}
            <rect x={x} width={wide} {...parts[fates.indexOf('failed')]} fill={`url(#${hatchId})`} />
          </g>
        ))}
      </svg>
      <span className={styles.scale} aria-hidden>
        {formatCount(ceiling)}
      </span>
    </>
  );
}
