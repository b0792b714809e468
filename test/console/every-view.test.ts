import { beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';
import type { Page } from 'playwright-core';
import { findViolations } from './find-violations.ts';
import { watchStillness } from './stillness.ts';
import { type TenantWithEndpoints, useConsole } from './use-console.ts';

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } as const;
const MARKUP = '<img src=x onerror="document.title=1">"\'><script>document.title=2</script>';

const suite = useConsole();
let made: TenantWithEndpoints;
let deliveryId: string;
let eventId: string;

beforeAll(async () => {
  made = await suite.tenantWithEndpoints();
  const data = { hostname: MARKUP, more: 'x'.repeat(150_000) };
  const event = await made.tenant.expect<{ id: string }>('POST', '/v1/events', {
    type: 'domain.verified',
    jobId: MARKUP,
    data,
  });
  eventId = event.id;
  await eventually(async () => {
    const { data: rows } = await made.tenant.expect<{ data: { id: string; attempts: number }[] }>(
      'GET',
      `/v1/webhook-deliveries?event_id=${eventId}&endpoint_id=${made.bad.id}`,
    );
    expect(rows[0]?.attempts).toBeGreaterThan(0);
    deliveryId = rows[0]?.id ?? '';
  });
});

const views = (): [name: string, path: string][] => [
  ['overview', '/'],
  ['deliveries', '/webhooks'],
  ['delivery', `/webhooks/deliveries/${deliveryId}`],
  ['endpoints', '/webhooks/endpoints'],
  ['endpoint', `/webhooks/endpoints/${made.bad.id}`],
  ['attempts', '/webhooks/attempts'],
  ['events', '/events'],
  ['event', `/events/${eventId}`],
  ['event types', '/event-types'],
  ['settings', '/settings'],
  ['signatures', '/signatures'],
];

const overflow = (page: Page) => page.evaluate('document.documentElement.scrollWidth - window.innerWidth');

/** Opens every view in turn. @returns what is wrong with each */
async function walk(page: Page, look: (page: Page) => Promise<unknown>): Promise<unknown[]> {
  const wrong: unknown[] = [];
  const still = watchStillness(page);
  for (const [name, path] of views()) {
    await page.goto(`${suite.system.api.url}${path}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await still();
    const found = await look(page);
    if (found !== null) wrong.push([name, found]);
  }
  return wrong;
}

const look = async (page: Page): Promise<unknown> => {
  const found = await findViolations(page);
  const wide = Number(await overflow(page));
  const title = await page.title();
  const isWell = found.length === 0 && wide <= 0 && /(^|· )Posthorn$/.test(title);
  return isWell ? null : { found, wide, title };
};

describe('Every view, with data that holds markup and a payload of 150 KB', () => {
  test.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['light, on a phone', PHONE],
    ['dark, on a phone', { ...PHONE, colorScheme: 'dark' }],
  ] as const)('%s: nothing keeps anybody out, runs as a script, or is wider than the page', async (_, options) => {
    const page = await suite.enter(made.tenant.key, '/', options);
    expect(await walk(page, look)).toEqual([]);
  });
});

test('A tenant with nothing yet is told in every view what to do next', async () => {
  const fresh = await suite.system.tenant();
  const page = await suite.enter(fresh.key);
  for (const [path, hint] of [
    ['/', /endpoint/i],
    ['/webhooks', /endpoint|event/i],
    ['/webhooks/endpoints', /Add endpoint/],
    ['/webhooks/attempts', /No attempts yet.*Add endpoint/s],
    ['/events', /event/i],
  ] as const) {
    await page.goto(`${suite.system.api.url}${path}`);
    await eventually(async () => expect(await page.getByRole('main').innerText()).toMatch(hint));
  }
});

test('A key that may only read is offered nothing that it may not do', async () => {
  const narrow = await suite.system.asOperator('POST', `/v1/tenants/${made.tenant.id}/api-keys`, {
    name: 'reader',
    scopes: ['webhooks:read'],
  });
  const page = await suite.enter(String(narrow.body['api_key']), `/webhooks/endpoints/${made.bad.id}`);
  await page.getByRole('heading', { name: made.bad.url }).waitFor();
  for (const name of ['Add endpoint', 'Rotate secret', 'Disable', 'Delete', 'Send test event']) {
    const button = page.getByRole('button', { name, exact: true });
    expect([name, (await button.count()) === 0 || (await button.first().isDisabled())]).toEqual([name, true]);
  }
});

test('A key that may read nothing of a view is told which scope opens it, and asks for nothing that is refused', async () => {
  const narrow = await suite.system.asOperator('POST', `/v1/tenants/${made.tenant.id}/api-keys`, {
    name: 'poster',
    scopes: ['events:write'],
  });
  const page = await suite.enter(String(narrow.body['api_key']));
  const refused: string[] = [];
  page.on('response', (response) => {
    if (response.status() === 403) refused.push(response.url());
  });
  const still = watchStillness(page);
  const closed = views().filter(([name]) => name !== 'settings');
  for (const [name, path] of closed) {
    await page.goto(`${suite.system.api.url}${path}`);
    await page.getByRole('note').getByText('webhooks:read').waitFor();
    await still();
    const main = page.getByRole('main');
    expect([name, await main.getByText(/could not be loaded|Connecting/).count()]).toEqual([name, 0]);
    expect([name, await look(page)]).toEqual([name, null]);
  }
  for (const tab of ['profile', 'keys', 'audit', 'notifications', 'usage']) {
    await page.goto(`${suite.system.api.url}/settings?tab=${tab}`);
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await still();
  }
  expect(refused).toEqual([]);
  const links = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
  expect(await links.allInnerTexts()).toEqual(['Settings', 'API reference']);
});

test('The operator chooses a tenant, and sees its deliveries', async () => {
  const named = await suite.system.tenant('connect-domain', { name: 'Chosen by the operator' });
  const page = await suite.enter(TEST_ADMIN_KEY);
  await page.getByRole('button', { name: 'Chosen by the operator' }).click();
  await page.goto(`${suite.system.api.url}/webhooks/endpoints`);
  const url = 'http://127.0.0.1:9/of-the-chosen-one';
  await named.expect('POST', '/v1/webhook-endpoints', { url, events: [] });
  await page.reload();
  await page.getByText(url).waitFor();
  expect(await page.getByText(url).count()).toBe(1);
});
