import { type RefObject, useLayoutEffect, useState } from 'react';

/** Below this the page itself scrolls. */
const MIN_PX = 320;
const BELOW_PX = 16;

/** The height that is left of the window from where an element begins, so that the list scrolls and not the page. */
export function useRestHeight(element: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(MIN_PX);
  useLayoutEffect(() => {
    const measure = (): void => {
      const top = (element.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
      setHeight(Math.max(MIN_PX, Math.floor(window.innerHeight - top - BELOW_PX)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    const before = element.current?.previousElementSibling;
    if (before) observer.observe(before);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [element]);
  return height;
}
