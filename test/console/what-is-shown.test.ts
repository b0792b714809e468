// The console shows what there is: no character hides, no number leads elsewhere, nothing is said twice or checked in vain.
import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { useConsole } from './use-console.ts';

const TURNED = 'job \u202Egnp.exe';
const SEEN = String.raw`job \u202Egnp.exe`;

const suite = useConsole();
const event = (jobId: string) => ({ type: 'domain.verified', jobId, data: { hostname: `a\u200Bb${jobId}` } });

test('A text that turns what follows around is shown as it is, and copied as it is', async () => {
  const { tenant, good } = await suite.tenantWithEndpoints();
  await tenant.expect('PATCH', `/v1/webhook-endpoints/${good.id}`, { description: 'see \u202Eaifam' });
  const posted = await tenant.expect<{ id: string }>('POST', '/v1/events', event(TURNED));
  const { data } = await tenant.expect<{ data: { id: string; endpoint_id: string }[] }>(
    'GET',
    `/v1/webhook-deliveries?event_id=${posted.id}&endpoint_id=${good.id}`,
  );
  const permissions = ['clipboard-read', 'clipboard-write'];
  const page = await suite.enter(tenant.key, '/webhooks', { permissions });
  const main = page.getByRole('main');
  for (const [path, ...texts] of [
    ['/webhooks', SEEN, String.raw`see \u202Eaifam`],
    ['/webhooks/endpoints', String.raw`see \u202Eaifam`],
    ['/events', SEEN],
    [`/events/${posted.id}`, SEEN, String.raw`a\u200Bb`],
  ] as const) {
    await page.goto(`${suite.system.api.url}${path}`);
    for (const text of texts) await eventually(async () => expect(await main.innerText()).toContain(text));
    expect([path, /[\u202A-\u202E\u200B]/.test(await main.innerText())]).toEqual([path, false]);
  }
  await page.goto(`${suite.system.api.url}/webhooks/deliveries/${data[0]?.id}`);
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('button', { name: `Copy ${SEEN}` }).click();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(TURNED);
  expect(await drawer.getByRole('region', { name: 'Payload' }).first().innerText()).toContain(String.raw`a\u200Bb`);
  expect(await drawer.innerText()).not.toMatch(/[\u202A-\u202E\u200B]/);
});

test('Figures lead to what they count, and the list takes several statuses', async () => {
  const { tenant } = await suite.tenantWithEndpoints();
  await tenant.expect('POST', '/v1/events', event('counted'));
  await eventually(async () => {
    const { by_status: counts } = await tenant.expect<{ by_status: Record<string, number> }>('GET', '/v1/ledger');
    expect([counts['succeeded'], counts['retrying']]).toEqual([1, 1]);
  });
  const page = await suite.enter(tenant.key);
  await page.getByRole('link', { name: /^Failing Needs a look 1 / }).click();
  await page.waitForURL(/status=retrying(,|%2C)failed/);
  await page.getByText('1 delivery', { exact: true }).waitFor();
  await page.getByRole('grid', { name: 'Deliveries' }).getByText('Refuses').waitFor();
  for (const [figure, count] of [
    [/^Success rate 100% 1 of 1 /, '1 delivery'],
    [/^Deliveries 2 /, '2 deliveries'],
  ] as const) {
    await page.goto(suite.system.api.url);
    await page.getByRole('link', { name: figure }).click();
    await page.getByText(count, { exact: true }).waitFor();
  }
  await page.goto(suite.system.api.url);
  const { buckets } = await tenant.expect<{ buckets: { deliveries: Record<string, number> }[] }>('GET', '/v1/stats');
  const isEmpty = (bucket: { deliveries: Record<string, number> }) =>
    Object.values(bucket.deliveries).every((n) => n === 0);
  await page.getByRole('slider', { name: 'Deliveries over time' }).press('End');
  // Half an hour may have ended since the deliveries were made.
  for (const _ of buckets.slice(buckets.findLastIndex((bucket) => !isEmpty(bucket)) + 1))
    await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.getByText('2 deliveries', { exact: true }).waitFor();
  await page.goto(suite.system.api.url);
  await page.getByRole('link', { name: 'Failed attempts' }).click();
  await page.waitForURL(/\/webhooks\/attempts\?.*outcome=rejected/);
  const attempts = page.getByRole('grid', { name: 'Attempts' });
  await attempts.getByText('Refuses').or(attempts.getByText('500')).first().waitFor();
  await page.goto(suite.system.api.url);
  await page.getByRole('link', { name: /^Latency p50/ }).click();
  await page.waitForURL(/\/webhooks\/attempts\?.*min_duration_ms=/);
  await attempts.getByRole('row').first().waitFor();
  await page.goto(`${suite.system.api.url}/webhooks?status=succeeded`);
  await page.getByText('1 delivery', { exact: true }).waitFor();
  await page.goto(`${suite.system.api.url}/webhooks?overdue=true`);
  await page.getByText('Not live, read again every 5 s').waitFor();
  await page.getByRole('button', { name: 'Overdue or not' }).click();
  await page.waitForURL(/\/webhooks$/);
  await page.getByText('2 deliveries', { exact: true }).waitFor();
  await page
    .getByRole('combobox', { name: 'Status' })
    .or(page.getByLabel('Status', { exact: true }))
    .first()
    .click();
  for (const name of ['succeeded', 'failed']) await page.getByRole('option', { name }).click();
  await page.waitForURL(/status=succeeded(,|%2C)failed/);
});

test('An event says once for each endpoint who got it, replays under their endpoint', async () => {
  const { tenant, good } = await suite.tenantWithEndpoints();
  const posted = await tenant.expect<{ id: string }>('POST', '/v1/events', event('once'));
  const { data } = await tenant.expect<{ data: { id: string }[] }>(
    'GET',
    `/v1/webhook-deliveries?event_id=${posted.id}&endpoint_id=${good.id}`,
  );
  await tenant.expect('POST', `/v1/webhook-deliveries/${data[0]?.id}/replay`);
  const page = await suite.enter(tenant.key, `/events/${posted.id}`);
  await page.getByRole('heading', { name: 'Who got it, and why' }).waitFor();
  const main = page.getByRole('main');
  expect(await main.getByText(good.url).count()).toBe(1);
  expect(await main.getByRole('heading', { name: 'Deliveries' }).count()).toBe(0);
  expect(await main.getByRole('list', { name: 'Its other deliveries' }).getByRole('listitem').count()).toBe(1);
});

test('A masked signature is not checked: what to paste stands where the result would', async () => {
  const { tenant } = await suite.tenantWithEndpoints();
  await tenant.expect('POST', '/v1/events', event('masked'));
  await eventually(async () => {
    const { by_status: counts } = await tenant.expect<{ by_status: Record<string, number> }>('GET', '/v1/ledger');
    expect([counts['succeeded'], counts['retrying']]).toEqual([1, 1]);
  });
  const page = await suite.enter(tenant.key, '/signatures');
  const main = page.getByRole('main');
  expect(await main.innerText()).not.toContain('docs/');
  await page.getByRole('button', { name: 'Load the newest' }).click();
  await page.getByText(/Attempt \d+ is loaded/).waitFor();
  await page.getByRole('button', { name: 'Check signature' }).click();
  await page.getByText('Not checked: the signature is masked').waitFor();
  expect(await main.getByText(/Invalid/).count()).toBe(0);
});
