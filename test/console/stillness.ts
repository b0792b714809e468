import { eventually } from '@posthorn/testkit/eventually';
import type { Page, Request } from 'playwright-core';

/** A view has asked for everything once nothing was under way for so long. */
const STILL_MS = 200;

/**
 * Watches what a page asks for, from before it is opened.
 *
 * @returns waits until every answer is there and nothing is marked as loading; a live view's stream, which never ends, does not count
 */
export function watchStillness(page: Page): () => Promise<void> {
  const open = new Set<Request>();
  let changedAt = Date.now();
  const begin = (request: Request): void => {
    // What the page before it still asked for is no matter of this one.
    if (request.isNavigationRequest()) open.clear();
    if (request.resourceType() !== 'eventsource') open.add(request);
  };
  const note = (change: (request: Request) => unknown) => (request: Request) => {
    change(request);
    changedAt = Date.now();
  };
  page.on('request', note(begin));
  page.on(
    'requestfinished',
    note((request) => open.delete(request)),
  );
  page.on(
    'requestfailed',
    note((request) => open.delete(request)),
  );
  return async () => {
    await eventually(() => open.size === 0 && Date.now() - changedAt >= STILL_MS);
    await eventually(async () => (await page.locator('[aria-busy="true"]').count()) === 0);
  };
}
