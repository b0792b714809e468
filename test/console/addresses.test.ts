import { beforeAll, expect, test } from '@jest/globals';
import { watchStillness } from './stillness.ts';
import { useConsole } from './use-console.ts';

const suite = useConsole();
let key: string;

beforeAll(async () => {
  ({ key } = await suite.system.tenant());
});

/** Addresses that somebody wrote by hand or a mail program broke, and what of them is let through. */
const addresses = [
  ['/settings?tab=nope', '/settings'],
  ['/webhooks?range=zz', '/webhooks'],
  ['/settings?tab=audit&range=zz', '/settings?tab=audit'],
  ['/webhooks?type=null&status=bogus', '/webhooks?type=null'],
  ['/signatures?delivery={"a":1}', '/signatures'],
  ['/?range=zz', '/'],
  ['/events?q=1&created_after=never', '/events'],
  ['/webhooks?jobId=job-4&foo=bar', '/webhooks?jobId=job-4'],
  ['/webhooks?jobId=12345678901234567890', '/webhooks?jobId=12345678901234567890'],
  ['/event-types?search[]=1&type={}', '/event-types?type=%7B%7D'],
  ['/webhooks/endpoints?foo=1', '/webhooks/endpoints'],
  ['/webhooks/attempts?outcome=failed&min_duration_ms=-1&answered=1&range=zz', '/webhooks/attempts'],
  [
    '/webhooks/attempts?outcome=timeout,lost&min_duration_ms=020',
    '/webhooks/attempts?outcome=timeout&min_duration_ms=20',
  ],
] as const;

test('Whatever an address holds, its view stands, and asks for nothing that is refused', async () => {
  const page = await suite.enter(key);
  const refused: string[] = [];
  const still = watchStillness(page);
  page.on('response', (response) => {
    if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`);
  });
  for (const [address, read] of addresses) {
    await page.goto(`${suite.system.api.url}${address}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await still();
    expect(page.url()).toBe(`${suite.system.api.url}${read}`);
    expect([address, await page.getByRole('alert').allInnerTexts()]).toEqual([address, []]);
  }
  expect(refused).toEqual([]);
});

test('A jobId of twenty digits is asked for with all of them', async () => {
  const page = await suite.enter(key);
  const asked = page.waitForRequest(/webhook-deliveries\?.*jobId=12345678901234567890(&|$)/);
  await page.goto(`${suite.system.api.url}/webhooks?jobId=12345678901234567890`);
  await asked;
  expect(await page.getByRole('textbox', { name: 'Search' }).inputValue()).toBe('12345678901234567890');
});

test('The sign-in leads to no other origin, and back to where it was with all filters', async () => {
  const page = await suite.enter(key);
  for (const to of ['//evil.example/', '/\\evil', 'javascript:alert(1)']) {
    await page.goto(`${suite.system.api.url}/sign-in?to=${encodeURIComponent(to)}`);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect(page.url()).toBe(`${suite.system.api.url}/`);
  }
  const fresh = await suite.visit('/webhooks?status=failed&jobId=007');
  await fresh.getByLabel('API key', { exact: true }).fill(key);
  await fresh.keyboard.press('Enter');
  await fresh.getByRole('button', { name: 'Sign out' }).waitFor();
  expect(fresh.url()).toBe(`${suite.system.api.url}/webhooks?status=failed&jobId=007`);
});

test('What is no id is not asked for', async () => {
  const page = await suite.enter(key);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  for (const address of ['/webhooks/deliveries/nonsense', '/webhooks/endpoints/ep_1', '/events/evt_nonsense']) {
    await page.goto(`${suite.system.api.url}${address}`);
    await page.getByText(/There is no such (delivery|endpoint|event)/).waitFor();
  }
  expect(asked.filter((url) => /\/v1\/.*(nonsense|ep_1)/.test(url))).toEqual([]);
});

test('A view that fails keeps the navigation around it', async () => {
  const page = await suite.enter(key);
  await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
  await page.route('**/v1/webhook-endpoints*', (route) => route.fulfill({ json: { data: [{}], next_cursor: null } }));
  await page.goto(`${suite.system.api.url}/webhooks/endpoints`);
  await page.getByRole('alert').getByText('This view failed').waitFor();
  suite.forgive(/TypeError/);
  await page.unroute('**/v1/webhook-endpoints*');
  await page.getByRole('link', { name: 'Event types', exact: true }).click();
  await page.getByRole('heading', { name: 'Event types', level: 1 }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('The search box leads to what an id names, and refuses what is longer than any jobId', async () => {
  const page = await suite.enter(key, '/webhooks');
  const box = page.getByRole('textbox', { name: 'Search' });
  expect(await box.getAttribute('placeholder')).toMatch(/^Exact jobId, or an id/);
  await box.fill('x'.repeat(201));
  await box.press('Enter');
  await page.getByText('A jobId has 200 characters at the most.').waitFor();
  expect(page.url()).toBe(`${suite.system.api.url}/webhooks`);
  for (const [id, address] of [
    ['ep_01kcrte3x7e4ta6y0v4tk8wq5m', /\/webhooks\/endpoints\/ep_01kcrte3x7e4ta6y0v4tk8wq5m$/],
    ['EVT_01kcrte3x7e4ta6y0v4tk8wq5m', /\/events\/evt_01kcrte3x7e4ta6y0v4tk8wq5m$/],
  ] as const) {
    await page.goto(`${suite.system.api.url}/webhooks`);
    await box.fill(id);
    await box.press('Enter');
    await page.waitForURL(address);
    await page.getByText(/There is no such/).waitFor();
  }
  suite.forgive(/404/);
});

test('An address without a view says so', async () => {
  const page = await suite.visit('/nope');
  await page.getByRole('heading', { name: 'There is no such view' }).waitFor();
  expect(page.url()).toBe(`${suite.system.api.url}/nope`);
  suite.forgive(/404/);
});
