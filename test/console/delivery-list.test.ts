import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import type { Page } from 'playwright-core';
import { type TenantWithEndpoints, useConsole } from './use-console.ts';

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };

const suite = useConsole({ RETRY_MINUTE_MS: '50' });

const post = ({ tenant }: TenantWithEndpoints, jobId: string) =>
  tenant.expect('POST', '/v1/events', { type: 'domain.verified', jobId, data: { hostname: 'app.customer.example' } });
const row = (page: Page, jobId: string, endpoint = 'Refuses') =>
  page.getByRole('row').filter({ hasText: jobId }).filter({ hasText: endpoint });
/** Whether the focus is on a row of the list. */
const isOnRow = (page: Page) =>
  eventually(async () =>
    expect(await page.evaluate('document.activeElement.tagName + document.activeElement.id')).toMatch(/^TRdlv_/),
  );

test('The focus stays in the list after the new ones are shown and after many were replayed', async () => {
  const made = await suite.tenantWithEndpoints();
  await post(made, 'first');
  const page = await suite.enter(made.tenant.key, '/webhooks');
  await row(page, 'first').getByText('failed', { exact: true }).waitFor();
  await page.keyboard.press('j');
  await isOnRow(page);
  await post(made, 'second');
  await page.getByRole('button', { name: /new$/ }).click();
  await isOnRow(page);
  expect(await page.evaluate('document.activeElement.textContent')).toContain('second');
  made.bad.repair();
  await row(page, 'first').getByRole('checkbox').click();
  await page.getByRole('button', { name: 'Recover selected (1)' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Recover (1)' }).click();
  await eventually(async () => expect(await page.evaluate('document.activeElement.textContent')).toBe('Done'));
  await page.keyboard.press('Enter');
  await isOnRow(page);
});

test('Going on to the next delivery from a button of the one that is open leaves the focus beside the list', async () => {
  const made = await suite.tenantWithEndpoints();
  await post(made, 'first');
  const page = await suite.enter(made.tenant.key, '/webhooks');
  await row(page, 'first', 'Answers').getByText('succeeded').waitFor();
  await row(page, 'first').getByText('failed', { exact: true }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('button', { name: 'Replay', exact: true }).focus();
  const before = page.url();
  await page.keyboard.press('j');
  await eventually(() => expect(page.url()).not.toBe(before));
  await drawer.getByText('Attempt 1').waitFor();
  expect(await page.evaluate('document.activeElement.closest("[role=dialog]") !== null')).toBe(true);
});

test('To a disabled endpoint nothing is replayed by key: the list and the delivery say why, and where to mend it', async () => {
  const made = await suite.tenantWithEndpoints();
  const { tenant, bad } = made;
  await post(made, 'first');
  const page = await suite.enter(tenant.key, '/webhooks');
  await row(page, 'first').getByText('failed', { exact: true }).waitFor();
  await tenant.expect('PATCH', `/v1/webhook-endpoints/${bad.id}`, { status: 'disabled' });
  await page.reload();
  await row(page, 'first').focus();
  const said = page.getByRole('alert').filter({ hasText: 'Not replayed' });
  await page.keyboard.press('r');
  await said.getByText('The endpoint is disabled').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('Attempt 1').waitFor();
  await said.getByRole('button', { name: 'Close' }).click();
  await said.waitFor({ state: 'detached' });
  await page.keyboard.press('r');
  await said.getByRole('link', { name: 'Refuses' }).click();
  await page.waitForURL(new RegExp(`/webhooks/endpoints/${bad.id}`));
  const { data } = await tenant.expect<{ data: unknown[] }>('GET', '/v1/webhook-deliveries');
  expect(data).toHaveLength(2);
});

test.each([PHONE, { viewport: { width: 800, height: 740 } }])('Selecting moves no row: %j', async (device) => {
  const made = await suite.tenantWithEndpoints();
  const jobs = ['first', 'second', 'third'];
  for (const job of jobs) await post(made, job);
  const page = await suite.enter(made.tenant.key, '/webhooks?status=failed', device);
  const top = async () => (await row(page, 'first').boundingBox())?.y;
  // Each comes into the list when it has failed for good, in no certain order, and moves those below it.
  for (const job of jobs) await row(page, job).waitFor();
  await page.getByRole('button', { name: 'Clear the filters' }).waitFor();
  const before = await top();
  await row(page, 'third').getByRole('checkbox').click();
  await page.getByRole('group', { name: 'Selected deliveries' }).waitFor();
  expect(await top()).toBe(before);
});
