import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { openBrowser } from '@posthorn/testkit/open-browser';
import type { SystemTenant } from '@posthorn/testkit/start-system';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type SystemSuite, useSystem } from '../contracts/use-system.ts';

const PATIENCE_MS = 15_000;
/** Where there is no browser yet, one is installed. */
const BROWSER_MS = 600_000;

/** A suite's running system, and browsers that visit its console. */
export interface ConsoleSuite extends SystemSuite {
  /** Opens a page without a session. */
  visit(path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Opens a page of whoever has the key. */
  enter(key: string, path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** What of the browser's log a test provokes; there must be some by its end. */
  forgive(expected: RegExp): void;
  /** A tenant with one endpoint that answers 200 and one that answers 500. */
  tenantWithEndpoints(): Promise<TenantWithEndpoints>;
}

export interface TenantWithEndpoints {
  readonly tenant: SystemTenant;
  readonly good: { readonly id: string; readonly url: string };
  readonly bad: { readonly id: string; readonly url: string; repair(): void };
}

/** Starts the system and a browser; after each test the log of every page that was opened must be free of errors. */
export function useConsole(env: Readonly<Record<string, string>> = {}): ConsoleSuite {
  const suite = useSystem({ RETRY_MINUTE_MS: '2000', EGRESS_ALLOW: '127.0.0.0/8', ALLOW_HTTP: 'true', ...env });
  let browser: Browser | undefined;
  let complaints: string[] = [];
  let forgiven: RegExp[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
  }, BROWSER_MS);
  afterEach(async () => {
    await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
    const [seen, expected] = [complaints, forgiven];
    complaints = [];
    forgiven = [];
    expect(seen.filter((text) => !expected.some((each) => each.test(text)))).toEqual([]);
    // What a test says it provoked must have been there.
    expect(expected.filter((each) => !seen.some((text) => each.test(text)))).toEqual([]);
  });
  afterAll(() => browser?.close());

  async function visit(path = '/', options: BrowserContextOptions = {}): Promise<Page> {
    if (!browser) throw new Error('The browser is open in tests alone');
    const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    page.on('console', (message) => {
      const isTrouble = message.type() === 'error' || message.type() === 'warning';
      if (isTrouble) complaints.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${suite.system.api.url}${path}`);
    return page;
  }

  return {
    get system() {
      return suite.system;
    },
    receive: suite.receive,
    visit,
    async enter(key, path = '/', options = {}) {
      const page = await visit('/sign-in', options);
      await page.getByLabel('API key', { exact: true }).fill(key);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      if (path !== '/') await page.goto(`${suite.system.api.url}${path}`);
      return page;
    },
    forgive(expected) {
      forgiven.push(expected);
    },
    async tenantWithEndpoints() {
      const tenant = await suite.system.tenant();
      const ok = await suite.receive(200);
      const broken = await suite.receive(500);
      const add = (url: string, description: string) =>
        tenant.expect<{ id: string; url: string }>('POST', '/v1/webhook-endpoints', { url, events: [], description });
      const good = await add(`${ok.url}/hooks`, 'Answers');
      const bad = await add(`${broken.url}/hooks`, 'Refuses');
      return { tenant, good, bad: { ...bad, repair: () => broken.answer(200) } };
    },
  };
}
