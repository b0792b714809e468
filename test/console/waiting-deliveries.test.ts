import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { useConsole } from './use-console.ts';

const WAITING = 20;
/** Requests that a run has under way at once. */
const AT_ONCE = 4;
const HOUR_SECONDS = 3_600;

/** Retries wait a minute. */
const suite = useConsole({ RETRY_MINUTE_MS: '60000' });
const event = (jobId: string) => ({ type: 'domain.verified', jobId, data: { hostname: 'app.customer.example' } });

/** A tenant whose deliveries to one endpoint failed once and wait for their next attempt. */
async function withWaiting(count: number) {
  const made = await suite.tenantWithEndpoints();
  const { tenant } = made;
  const byStatus = async (status: string) =>
    (await tenant.expect<{ by_status: Record<string, number> }>('GET', '/v1/ledger')).by_status[status];
  const events = Array.from({ length: count }, (_, index) => event(`waits-${index}`));
  await tenant.expect('POST', '/v1/events/batch', { events });
  await eventually(async () => expect(await byStatus('retrying')).toBe(count), 30_000);
  return { ...made, byStatus };
}

test('A delivery counts down to its next attempt; cancelled, it waits no more and is not sent again', async () => {
  const { tenant, byStatus } = await withWaiting(1);
  const page = await suite.enter(tenant.key, '/webhooks?status=retrying');
  await page.getByRole('row').filter({ hasText: 'waits-0' }).getByText('waits-0').click();
  const delivery = page.getByRole('dialog');
  const seconds = async (): Promise<number> => Number(/in (\d+) s/.exec(await delivery.innerText())?.[1]);
  const first = await eventually(async () => (await seconds()) || false);
  await eventually(async () => expect(await seconds()).toBeLessThan(first));
  await delivery.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel the delivery' }).click();
  await delivery.getByText('cancelled').first().waitFor();
  expect([await byStatus('cancelled'), await byStatus('retrying')]).toEqual([1, 0]);
  await eventually(async () => expect(await delivery.innerText()).not.toMatch(/in \d+ s/));
});

test('A run over many deliveries can be stopped: what is done is counted, and so is what is left undone', async () => {
  const { tenant, byStatus } = await withWaiting(WAITING);
  const page = await suite.enter(tenant.key, '/webhooks?status=retrying');
  let letGo: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/cancel', async (route) => {
    await stopped;
    await route.continue();
  });
  await page.getByRole('checkbox', { name: 'Select all loaded' }).click();
  await page.getByRole('button', { name: `Cancel selected (${WAITING})` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: `Cancel them (${WAITING})` }).click();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  letGo();
  const told = await dialog.getByText(/\d+ cancelled, 0 refused, \d+ left undone\./).innerText();
  const [done, left] = [...told.matchAll(/(\d+) (?:cancelled|left)/g)].map(([, count]) => Number(count));
  expect([done, left]).toEqual([AT_ONCE, WAITING - AT_ONCE]);
  expect([await byStatus('cancelled'), await byStatus('retrying')]).toEqual([done, left]);
});

test('The signature debugger tells an old delivery from a wrong secret', async () => {
  const tenant = await suite.system.tenant();
  const secret = 'a-secret-of-the-receiver-0123456789';
  const body = '{"type":"domain.verified"}';
  const sentAt = Math.floor(Date.now() / 1_000) - HOUR_SECONDS;
  const signature = createHmac('sha256', secret).update(`${sentAt}.${body}`).digest('hex');
  const page = await suite.enter(tenant.key, '/signatures');
  await page.getByText('A secret I paste').click();
  const check = async (pasted: string): Promise<void> => {
    await page.getByLabel('Request headers').fill(`X-CD-Timestamp: ${sentAt}\nX-CD-Signature: sha256=${signature}`);
    await page.getByLabel('Body', { exact: true }).fill(body);
    await page.getByLabel('Secret', { exact: true }).fill(pasted);
    await page.getByRole('button', { name: 'Check signature' }).click();
  };
  await check(secret);
  await page.getByText(/The timestamp is \d+ \S+ old/).waitFor();
  await page.getByText('The secret fits.').waitFor();
  await check('another-secret-of-somebody-else-01');
  await page.getByText(/This secret does not make the signature/).waitFor();
  expect(await page.getByText('The secret fits.').count()).toBe(0);
});
