import { type BlockerFn, type RouterHistory, useRouter } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef } from 'react';

interface Held {
  readonly isHeld: boolean;
  /** Told of a navigation that was held, and how to make up for it. */
  readonly onHeld: (follow: () => void) => void;
}

type Navigation = Parameters<BlockerFn>[0];

const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function followIn(history: RouterHistory, { action, currentLocation, nextLocation }: Navigation): void {
  const unasked = { ignoreBlocker: true };
  const { href, state } = nextLocation;
  if (action === 'PUSH') history.push(href, state, unasked);
  else if (action === 'REPLACE') history.replace(href, state, unasked);
  else history.go(state.__TSR_index - currentLocation.state.__TSR_index, unasked);
}

/** Holds whatever leads away from the page: links, Back and Forward; a reload or closing the tab is asked about by the browser. */
export function useHeldNavigation({ isHeld, onHeld }: Held): void {
  const { history } = useRouter();
  const latest = useRef({ isHeld, onHeld });
  useLayoutEffect(() => {
    latest.current = { isHeld, onHeld };
  });
  useEffect(() => {
    if (!isHeld) return;
    const blockerFn = async (navigation: Navigation): Promise<boolean> => {
      const { action, currentLocation, nextLocation } = navigation;
      // Nobody goes elsewhere by that: a filter is written into the address.
      if (action === 'REPLACE' && nextLocation.pathname === currentLocation.pathname) return false;
      // What saves a form often goes on to another page in the same breath as it closes the form.
      await nextTask();
      if (!latest.current.isHeld) return false;
      latest.current.onHeld(() => followIn(history, navigation));
      return true;
    };
    const release = history.block({ blockerFn, enableBeforeUnload: true });
    return () => {
      latest.current = { ...latest.current, isHeld: false };
      release();
    };
  }, [history, isHeld]);
}
