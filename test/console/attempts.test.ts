// The list of attempts across deliveries: from what was slow and failed to the delivery.
import { expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import type { SystemTenant } from '@posthorn/testkit/start-system';
import type { Page } from 'playwright-core';
import { findViolations } from './find-violations.ts';
import { useConsole } from './use-console.ts';

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } as const;
/** A slow receiver took at least so long, others less. */
const SLOW_MS = 5_000;
const HOSTILE = `/<img src=x onerror="document.title='run'">\u202Egnp`;

const suite = useConsole({ RETRY_MINUTE_MS: '50' });

interface Subject {
  readonly tenant: SystemTenant;
  readonly slow: { readonly id: string; readonly url: string };
}

/** A tenant whose two endpoints refuse a delivery each until its attempts are used up, one of them as if slowly. */
async function makeSubject(): Promise<Subject> {
  const tenant = await suite.system.tenant();
  const quick = await suite.receive(500);
  const late = await suite.receive(503);
  const add = (url: string) =>
    tenant.expect<{ id: string; url: string }>('POST', '/v1/webhook-endpoints', { url, events: [] });
  await add(`${quick.url}/quick`);
  const slow = await add(`${late.url}/slow`);
  await tenant.expect('POST', '/v1/events', { type: 'domain.verified', data: { hostname: 'a.example' } });
  await eventually(async () => {
    const { data } = await tenant.expect<{ data: unknown[] }>('GET', '/v1/webhook-deliveries?status=failed');
    expect(data).toHaveLength(2);
  });
  // How long something takes is nothing that a test can rest on.
  await runSql(
    suite.system.databaseUrl,
    'UPDATE attempts SET duration_ms = number + CASE endpoint_id WHEN $1 THEN $2::int ELSE 0 END WHERE tenant_id = $3',
    [decodeTypeId('endpoint', slow.id), SLOW_MS, decodeTypeId('tenant', tenant.id)],
  );
  // The API takes no such URL; what is shown does not rest on that.
  await runSql(suite.system.databaseUrl, 'UPDATE endpoints SET url = url || $2 WHERE id = $1', [
    decodeTypeId('endpoint', slow.id),
    HOSTILE,
  ]);
  return { tenant, slow };
}

const rows = (page: Page) => page.getByRole('grid', { name: 'Attempts' }).getByRole('row').filter({ hasText: 'dlv_' });
const counted = (page: Page, count: number) => eventually(async () => expect(await rows(page).count()).toBe(count));
const failure = /\/webhooks\/deliveries\/dlv_/;

/** Nothing of the endpoint's URL ran, hid or made an element. */
async function isInert(page: Page): Promise<void> {
  expect(await page.title()).toMatch(/Posthorn$/);
  expect(await page.locator('img[src=x]').count()).toBe(0);
  expect(await page.getByRole('main').innerText()).not.toMatch(/[\u202A-\u202E]/);
}

test('What was slow and failed leads to its delivery, by mouse', async () => {
  const { tenant, slow } = await makeSubject();
  const page = await suite.enter(tenant.key, '/webhooks');
  await page.getByRole('navigation', { name: 'Webhooks' }).getByRole('link', { name: 'Attempts' }).click();
  await counted(page, 12);
  await page.getByRole('combobox', { name: 'Outcome' }).click();
  await page.getByRole('option', { name: 'rejected' }).click();
  await page.waitForURL(/\?outcome=rejected$/);
  await page.getByRole('textbox', { name: 'Least duration in ms' }).fill('fast');
  await page.getByText('Whole milliseconds').waitFor();
  await page.getByRole('textbox', { name: 'Least duration in ms' }).fill(String(SLOW_MS));
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`outcome=rejected&min_duration_ms=${SLOW_MS}$`));
  await counted(page, 6);
  for (const text of await rows(page).allInnerTexts()) expect(text).toMatch(/rejected[^]*503[^]*5\.0 s[^]*slow/);
  await isInert(page);
  expect(await findViolations(page)).toEqual([]);
  const link = rows(page).first().getByRole('link');
  const deliveryId = await link.innerText();
  await link.click();
  await page.waitForURL(new RegExp(`/webhooks/deliveries/${deliveryId}$`));
  await page.getByRole('dialog').getByText('503').first().waitFor();
  await page.goBack();
  await counted(page, 6);
  const { endpoint_id: of } = await tenant.expect<{ endpoint_id: string }>(
    'GET',
    `/v1/webhook-deliveries/${deliveryId}`,
  );
  expect(of).toBe(slow.id);
});

test('The same by keyboard, and the palette leads to what failed', async () => {
  const { tenant } = await makeSubject();
  const page = await suite.enter(tenant.key);
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Go to' }).fill('Failed attempts');
  await page.getByText('Failed attempts').first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/webhooks\/attempts\?outcome=rejected%2Ctimeout/);
  await counted(page, 12);
  // While it closes, the palette gives the focus back to what had it.
  await page.getByRole('textbox', { name: 'Go to' }).waitFor({ state: 'detached' });
  await page.keyboard.press('/');
  const focused = () => page.evaluate('document.activeElement.getAttribute("aria-label")');
  await eventually(async () => expect(await focused()).toBe('Outcome'));
  for (let tabs = 0; (await focused()) !== 'Least duration in ms'; tabs += 1) {
    expect(tabs).toBeLessThan(10);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.type(String(SLOW_MS));
  await page.keyboard.press('Enter');
  await counted(page, 6);
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const active = await page.evaluate('document.activeElement.getAttribute("aria-rowindex")');
  expect(active).toBe('3');
  const wanted = await rows(page).nth(1).getByRole('link').innerText();
  await page.keyboard.press('Enter');
  await page.waitForURL(failure);
  expect(page.url()).toContain(wanted);
  await page.getByRole('dialog').getByText('Attempt 6').waitFor();
});

test('On a phone a row says the same in one column, and nothing is wider than the page', async () => {
  const { tenant, slow } = await makeSubject();
  const page = await suite.enter(tenant.key, `/webhooks/attempts?endpoint_id=${slow.id}&answered=true&range=1h`, PHONE);
  await counted(page, 6);
  await isInert(page);
  expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0);
  expect(await findViolations(page)).toEqual([]);
  await rows(page).first().getByText('rejected').tap();
  await page.waitForURL(failure);
});

test('It says that it loads, failed, found nothing, or has not looked at all, and what to do', async () => {
  const { tenant } = await makeSubject();
  const page = await suite.enter(tenant.key, '/webhooks/attempts?outcome=blocked');
  await page.getByText('Nothing matches these filters').waitFor();
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await counted(page, 12);
  expect(page.url()).toMatch(/\/webhooks\/attempts$/);
  let asked = 0;
  await page.route('**/v1/webhook-attempts?**', async (route) => {
    asked += 1;
    if (asked === 1) await route.fulfill({ status: 404, json: { detail: 'Broken for the test', code: 'not_found' } });
    else if (asked === 2) await route.fulfill({ json: { data: [], next_cursor: 'further' } });
    else
      await route.continue({
        url: route
          .request()
          .url()
          .replace(/&cursor=further/, ''),
      });
  });
  await page.reload();
  await page.getByRole('alert').getByText('Broken for the test').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Nothing matches so far').waitFor();
  await page.getByRole('button', { name: 'Load more' }).click();
  await counted(page, 12);
  suite.forgive(/404/);
  await tenant.expect('POST', '/v1/events', { type: 'domain.verified', data: { hostname: 'b.example' } });
  await eventually(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    expect(await page.getByText('24 attempts').count()).toBe(1);
  });
});
