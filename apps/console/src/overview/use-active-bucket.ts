import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { bucketAt } from './lay-out-chart.ts';

const strides: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowDown: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowUp: (at) => at + 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

const pointed = ({ clientX, currentTarget }: PointerEvent<HTMLElement>, count: number): number => {
  const { left, width } = currentTarget.getBoundingClientRect();
  return bucketAt((clientX - left) / Math.max(1, width), count);
};

/**
 * The bucket of a chart that is pointed at, or moved to by keys. A mouse opens the one under it, a finger shows it first
 * and opens it with the next tap.
 */
export function useActiveBucket(count: number, open: (index: number) => void) {
  const [active, setActive] = useState<number | null>(null);
  /** Where the keys go on, also after the focus was elsewhere; the newest at first. */
  const [at, setAt] = useState<number | null>(null);
  const opens = useRef(true);
  const current = Math.min(count - 1, at ?? count - 1);
  const show = (index: number): void => {
    setActive(index);
    setAt(index);
  };
  const handlers = {
    onFocus: () => setActive((known) => known ?? current),
    onBlur: () => setActive(null),
    onPointerLeave: () => setActive(null),
    onPointerMove: (event: PointerEvent<HTMLElement>) => show(pointed(event, count)),
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      const index = pointed(event, count);
      opens.current = event.pointerType !== 'touch' || index === at;
      show(index);
    },
    onClick: () => {
      if (opens.current) open(current);
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key === 'Escape') setActive(null);
      if (event.key === 'Enter') open(current);
      const stride = strides[event.key];
      if (!stride) return;
      event.preventDefault();
      show(Math.min(count - 1, Math.max(0, stride(current, count))));
    },
  };
  return { active: active === null ? null : Math.min(count - 1, active), current, handlers };
}
