import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';
import { useConsole } from './use-console.ts';

const EVENTS = 12;

const suite = useConsole({ RETRY_MINUTE_MS: '50' });
const event = (jobId: string) => ({ type: 'domain.verified', jobId, data: { hostname: 'app.customer.example' } });

test('Many failed deliveries are selected, counted, recovered with progress, and arrive', async () => {
  const { tenant, bad } = await suite.tenantWithEndpoints();
  for (let index = 0; index < EVENTS; index += 1) await tenant.expect('POST', '/v1/events', event(`job-${index}`));
  const count = async (status: string) =>
    (await tenant.expect<{ by_status: Record<string, number> }>('GET', '/v1/ledger')).by_status[status];
  await eventually(async () => expect(await count('failed')).toBe(EVENTS), 30_000);
  const page = await suite.enter(tenant.key, '/webhooks?status=failed');
  await page.getByRole('checkbox', { name: 'Select all loaded' }).click();
  await page.getByRole('button', { name: `Recover selected (${EVENTS})` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`${EVENTS} failed`).waitFor();
  bad.repair();
  await dialog.getByRole('button', { name: `Recover (${EVENTS})` }).click();
  await dialog.getByText(`${EVENTS} replayed, 0 refused.`).waitFor();
  await eventually(async () => expect(await count('succeeded')).toBe(2 * EVENTS));
});

test('A signature is checked with the secret of an endpoint: one that holds, and a body that was formatted', async () => {
  const tenant = await suite.system.tenant();
  const receiver = await suite.receive(200);
  const made = await tenant.expect<{ id: string; signing_secret: string }>('POST', '/v1/webhook-endpoints', {
    url: `${receiver.url}/hook`,
    events: [],
    description: 'Checked',
  });
  await tenant.expect('POST', '/v1/events', event('signed'));
  const arrived = await eventually(() => receiver.requests[0] ?? false);
  const headers = Object.entries(arrived.headers).map(([name, value]) => `${name}: ${String(value)}`);
  const { body } = arrived;
  const page = await suite.enter(tenant.key, '/signatures');
  const check = async (text: string) => {
    await page.getByLabel('Request headers').fill(headers.join('\n'));
    await page.getByLabel('Body', { exact: true }).fill(text);
    await page.getByRole('button', { name: 'Check signature' }).click();
  };
  await page.getByRole('combobox', { name: 'Endpoint' }).click();
  await page.getByRole('option', { name: /Checked/ }).click();
  await check(body);
  await page
    .getByText(/signature (is valid|holds)/i)
    .first()
    .waitFor();
  await check(JSON.stringify(JSON.parse(body), null, 2));
  await page
    .getByText(/white space|raw bytes/i)
    .first()
    .waitFor();
  expect(await page.content()).not.toContain(made.signing_secret);
});

test('An event type is added with a schema, and an event of it is sent from the console', async () => {
  const { tenant } = await suite.tenantWithEndpoints();
  const page = await suite.enter(tenant.key, '/event-types');
  await page.getByRole('button', { name: 'Add event type' }).click();
  const adding = page.getByRole('dialog');
  await adding.getByLabel('Name').fill('invoice.paid');
  await adding.getByLabel('Description').fill('An invoice was paid.');
  await adding.getByLabel('JSON Schema of data').fill('{"type":"object","required":["amount"]}');
  await adding.getByLabel('Sample of data').fill('{"amount":12.50}');
  await adding.getByRole('button', { name: 'Save' }).click();
  // The dialog names this type as its example: only once it is gone has the type been saved.
  await adding.waitFor({ state: 'detached' });
  await page.getByText('invoice.paid').first().waitFor();
  await page.goto(`${suite.system.api.url}/events`);
  // A list without any event offers it a second time.
  await page.getByRole('button', { name: 'Send event' }).first().click();
  const sending = page.getByRole('dialog');
  // The dialog gives its first field the focus once it stands, and a list that was opened before that closes again.
  await sending.getByLabel('jobId').and(page.locator(':focus')).waitFor();
  await sending.getByRole('combobox', { name: 'Type' }).click();
  await page.getByRole('option', { name: 'invoice.paid' }).click();
  await sending.getByLabel('jobId').fill('invoice-1');
  await sending.getByLabel('Data (JSON)').fill('{"amount": 99.10}');
  await sending.getByRole('button', { name: 'Send', exact: true }).click();
  await sending.getByText('Accepted').waitFor();
  await eventually(async () =>
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Open the event'),
  );
  await eventually(async () => {
    const { data } = await tenant.expect<{ data: { id: string }[] }>('GET', '/v1/events?type=invoice.paid');
    expect(data).toHaveLength(1);
    const sent = await tenant.expect<{ payload: string }>('GET', `/v1/events/${data[0]?.id}`);
    expect(sent.payload).toContain('"amount":99.10');
  });
});

test('The operator makes a key in the console, sees it once, and revokes it: what it had signed in is out', async () => {
  const tenant = await suite.system.tenant('connect-domain', { name: 'Keys of this one' });
  const page = await suite.enter(TEST_ADMIN_KEY, '/', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByRole('button', { name: 'Keys of this one' }).click();
  await page.goto(`${suite.system.api.url}/settings?tab=keys`);
  await page
    .getByRole('button', { name: /(Create|New|Add|Make).*key/i })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('from the console');
  await dialog.getByRole('checkbox', { name: /webhooks:read/ }).check();
  await dialog.getByRole('button', { name: /^(Create|Make|Add)/ }).click();
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  const key = String(await page.evaluate('navigator.clipboard.readText()'));
  expect(key).toMatch(/^ph_/);
  const theirs = await suite.enter(key, '/event-types');
  await theirs.getByRole('heading', { name: 'Event types', level: 1 }).waitFor();
  const keys = await suite.system.asOperator('GET', `/v1/tenants/${tenant.id}/api-keys`);
  const made = (keys.body['data'] as { id: string; name: string }[]).find(({ name }) => name === 'from the console');
  expect(made?.id).toMatch(/^key_/);
  await dialog.getByRole('button', { name: 'I have stored it' }).click();
  const row = page.getByRole('row').filter({ hasText: 'from the console' });
  await row.getByRole('button', { name: /Revoke/ }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Revoke/ })
    .click();
  await eventually(async () => {
    const answer = await fetch(`${suite.system.api.url}/v1/webhook-endpoints`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(answer.status).toBe(401);
  });
  await theirs.getByRole('link', { name: 'Webhooks', exact: true }).click();
  await theirs.waitForURL(/\/sign-in/);
  suite.forgive(/401/);
});

test('Keys lead everywhere: the palette takes an id, g and a letter go to a view, ? names them all', async () => {
  const { tenant, good } = await suite.tenantWithEndpoints();
  const page = await suite.enter(tenant.key);
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/paste an id/).fill(good.id);
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/webhooks/endpoints/${good.id}`));
  const closed = () => eventually(async () => expect(await page.getByRole('dialog').count()).toBe(0));
  await closed();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.waitForURL(/\/event-types$/);
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Replay the delivery').waitFor();
  await page.keyboard.press('Escape');
  await closed();
});
