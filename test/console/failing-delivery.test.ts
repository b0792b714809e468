import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import type { Page } from 'playwright-core';
import { type TenantWithEndpoints, useConsole } from './use-console.ts';

/** Someone who has never seen the console has a minute for it; a test needs no time to think. */
const WALK_MS = 30_000;

const suite = useConsole({ RETRY_MINUTE_MS: '50' });

/** A tenant with a delivery that used up its attempts, and one that succeeded. */
async function withFailure(): Promise<TenantWithEndpoints> {
  const made = await suite.tenantWithEndpoints();
  const { tenant } = made;
  const body = { type: 'domain.verified', jobId: 'order-17', data: { hostname: 'app.customer.example' } };
  await tenant.expect('POST', '/v1/events', body);
  await eventually(async () => {
    const failed = await tenant.expect<{ data: unknown[] }>('GET', '/v1/webhook-deliveries?status=failed');
    expect(failed.data).toHaveLength(1);
  });
  return made;
}

/** What the server says in the end: the replay of the failed delivery arrived. */
async function replayArrived({ tenant }: TenantWithEndpoints): Promise<void> {
  await eventually(async () => {
    const { data } = await tenant.expect<{ data: { replay_of: string | null; status: string }[] }>(
      'GET',
      '/v1/webhook-deliveries',
    );
    expect(data.find(({ replay_of: of }) => of !== null)?.status).toBe('succeeded');
  });
}

/** What tells somebody why it failed, and what to do. */
async function understand(page: Page): Promise<void> {
  const delivery = page.getByRole('dialog');
  await delivery.getByText('500').first().waitFor();
  await delivery.getByText(/Attempt 6/).waitFor();
  await delivery
    .getByText(/receiver/i)
    .first()
    .waitFor();
}

test('A failing delivery is found, understood, its receiver repaired, and it is replayed, by mouse alone', async () => {
  const made = await withFailure();
  const page = await suite.enter(made.tenant.key);
  const startedAt = performance.now();
  await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
  await page.waitForURL(/\/webhooks\/?$/);
  await page.getByRole('row').filter({ hasText: 'failed' }).getByText('Refuses').click();
  await page.waitForURL(/\/webhooks\/deliveries\/dlv_/);
  await understand(page);
  made.bad.repair();
  await page.getByRole('dialog').getByRole('button', { name: 'Replay', exact: true }).click();
  await replayArrived(made);
  expect(performance.now() - startedAt).toBeLessThan(WALK_MS);
});

test('The same by keyboard alone', async () => {
  const made = await withFailure();
  const page = await suite.enter(made.tenant.key);
  const startedAt = performance.now();
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await page.waitForURL(/\/webhooks\/?$/);
  await page.getByRole('row').filter({ hasText: 'Refuses' }).getByText('failed').waitFor();
  // The newest first: of the two deliveries of the event one failed.
  const isFailed = () => page.url().includes('dlv_') && page.getByRole('dialog', { name: /failed/ }).isVisible();
  for (let row = 0; row < 2 && !(await isFailed()); row += 1) {
    if (page.url().includes('dlv_')) {
      await page.keyboard.press('Escape');
      await page.waitForURL(/\/webhooks\/?(\?.*)?$/);
    }
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page
      .getByRole('dialog')
      .getByRole('heading', { name: /Delivery/ })
      .waitFor();
    await page.getByRole('dialog').getByText('Attempt 1').waitFor();
  }
  await understand(page);
  made.bad.repair();
  await page.keyboard.press('r');
  await replayArrived(made);
  expect(performance.now() - startedAt).toBeLessThan(WALK_MS);
});

test('The list is live: what is posted elsewhere appears, and what is retried changes, without a reload', async () => {
  const { tenant, bad } = await suite.tenantWithEndpoints();
  const page = await suite.enter(tenant.key, '/webhooks');
  await page.getByRole('button', { name: 'Add endpoint' }).waitFor();
  const body = { type: 'domain.verified', jobId: 'live-1', data: { hostname: 'app.customer.example' } };
  await tenant.expect('POST', '/v1/events', body);
  const row = page.getByRole('row').filter({ hasText: 'Refuses' });
  await row.getByText('live-1').waitFor();
  await row.getByText('failed', { exact: true }).waitFor();
  expect(bad.id).toMatch(/^ep_/);
});

test('Filters stay in the address: a reload and a shared link show the same, and they can be cleared', async () => {
  const made = await withFailure();
  const page = await suite.enter(made.tenant.key, '/webhooks?status=failed');
  await page.getByRole('row').filter({ hasText: 'Refuses' }).waitFor();
  expect(await page.getByRole('row').filter({ hasText: 'succeeded' }).count()).toBe(0);
  await page.getByRole('row').getByText('Refuses').click();
  await page.waitForURL(/dlv_.*status=failed/);
  await page.getByRole('dialog').getByText('Attempt 1').waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL(/\/webhooks\/?\?status=failed/);
  await page.goto(`${suite.system.api.url}/webhooks?jobId=nothing-has-it`);
  await page.getByText('Nothing matches these filters').waitFor();
  await page
    .getByRole('button', { name: /Clear the filters/ })
    .first()
    .click();
  await page.getByRole('row').filter({ hasText: 'succeeded' }).waitFor();
});
