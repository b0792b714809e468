import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { useConsole } from './use-console.ts';

/** A picture that is missing here is taken anew; delete one to have it taken by the next run. */
const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const MIN_BYTES = 20_000;
const EVENTS = 24;

const suite = useConsole({ RETRY_MINUTE_MS: '20000' });

test('The pictures of the documentation are of the console as it is', async () => {
  const tenant = await suite.system.tenant('connect-domain', { name: 'Acme Domains' });
  const well = await suite.receive(200);
  const broken = await suite.receive((response) =>
    response.writeHead(503, { 'content-type': 'text/plain' }).end('maintenance'),
  );
  const add = (url: string, description: string) =>
    tenant.expect<{ id: string }>('POST', '/v1/webhook-endpoints', { url, events: [], description });
  await add(`${well.url}/crm`, 'CRM');
  await add(`${well.url}/billing`, 'Billing');
  await add(`${broken.url}/warehouse`, 'Warehouse');
  for (let index = 1; index <= EVENTS; index += 1) {
    const type = index % 5 === 0 ? 'domain.added' : 'domain.verified';
    const data = { hostname: `shop-${index}.customer.example`, setup_type: 'automatic' };
    await tenant.expect('POST', '/v1/events', { type, jobId: `order-${1_000 + index}`, data });
  }
  const find = () =>
    tenant.expect<{ data: { id: string; attempts: number }[] }>('GET', '/v1/webhook-deliveries?status=retrying');
  const { data } = await eventually(async () => {
    const found = await find();
    expect(found.data.length).toBe(EVENTS);
    expect(found.data[0]?.attempts).toBeGreaterThanOrEqual(1);
    return found;
  });
  mkdirSync(FOLDER, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await suite.enter(tenant.key, '/webhooks', { colorScheme, deviceScaleFactor: 1 });
    await page.getByText('Warehouse').first().waitFor();
    for (const [name, path, seen] of [
      ['deliveries', '/webhooks', 'order-1024'],
      ['delivery', `/webhooks/deliveries/${data[0]?.id}`, /Attempt 1/],
      ['overview', '/', 'Deliveries over time'],
    ] as const) {
      await page.goto(`${suite.system.api.url}${path}`);
      await page.getByText(seen).first().waitFor();
      // A live view always has a request open.
      await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined);
      const picture = await page.screenshot({ animations: 'disabled' });
      expect(picture.subarray(0, 4)).toEqual(PNG);
      expect(picture.length).toBeGreaterThan(MIN_BYTES);
      const file = join(FOLDER, `console-${name}-${colorScheme}.png`);
      if (!existsSync(file)) writeFileSync(file, picture);
    }
  }
});
