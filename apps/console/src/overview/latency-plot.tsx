import type { Stats } from '@posthorn/http-api/stats';
import { formatSpan } from '../show/format-time.ts';
import { countFates } from './count-fates.ts';
import { layOutBars, layOutLine, niceCeiling } from './lay-out-chart.ts';
import styles from './overview.module.css';

const HEIGHT = 56;

interface Plot {
  readonly buckets: Stats['buckets'];
  readonly width: number;
  readonly active: number | null;
}

/** How long 95 of 100 answers took, bucket by bucket, below the bars. */
export function LatencyPlot({ buckets, width, active }: Plot) {
  const values = buckets.map(({ p95_ms: p95 }) => p95);
  const ceiling = niceCeiling(Math.max(0, ...values.map((value) => value ?? 0)));
  const size = { width, height: HEIGHT };
  const bars = layOutBars(
    buckets.map(({ deliveries }) => countFates(deliveries)),
    1,
    size,
  );
  const cursor = active === null ? undefined : bars[active];
  return (
    <div className={styles.latencyPlot}>
      <svg width="100%" height={HEIGHT} aria-hidden>
        {[0, HEIGHT].map((y) => (
          <line key={y} x1={0} x2={width} y1={y} y2={y} className={styles.grid} />
        ))}
        {cursor && <rect x={cursor.x} width={cursor.width} y={0} height={HEIGHT} className={styles.cursor} />}
        <path d={layOutLine(values, ceiling, size)} className={styles.latency} />
      </svg>
      <span className={styles.scale} aria-hidden>
        p95 {formatSpan(ceiling)}
      </span>
    </div>
  );
}
