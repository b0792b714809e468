import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { useConsole } from './use-console.ts';

/** Retries wait a minute. */
const suite = useConsole({ RETRY_MINUTE_MS: '60000' });

test('A held delivery says whom it waits for and leads there; once the endpoint passes failing ones, it is sent', async () => {
  const tenant = await suite.system.tenant();
  const receiver = await suite.receive(500, 200);
  const endpoint = await tenant.expect<{ id: string }>('POST', '/v1/webhook-endpoints', {
    url: receiver.url,
    events: [],
  });
  const post = (jobId: string) =>
    tenant.expect('POST', '/v1/events', {
      type: 'domain.verified',
      jobId,
      data: { hostname: 'app.customer.example' },
      ordering_key: 'customer-4711',
    });
  await post('the-first');
  await eventually(() => receiver.requests.length === 1);
  await post('the-second');

  const page = await suite.enter(tenant.key, '/webhooks');
  const row = page.getByRole('row').filter({ hasText: 'the-second' });
  await row.getByText('held', { exact: true }).waitFor();
  await row.getByText('the-second').click();
  const delivery = page.getByRole('dialog');
  await delivery.getByText('customer-4711').first().waitFor();
  await delivery.getByText(/^Waits for an earlier delivery with the same ordering key\. Each is sent when/).waitFor();
  await delivery.getByRole('link', { name: 'an earlier delivery' }).click();
  await delivery.getByText('the-first').first().waitFor();
  await delivery.getByText(/^Attempt 2/).waitFor();

  await page.goto(`${suite.system.api.url}/webhooks/endpoints/${endpoint.id}`);
  await page.getByText('Each is sent when the one before it has ended, whichever way.').waitFor();
  await page.getByRole('button', { name: /^Edit/ }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('button', { name: 'Advanced' }).click();
  await form.getByLabel('Ordering: pass a failing delivery after').fill('1');
  await form.getByRole('button', { name: /^Save/ }).click();
  await page.getByText('or has failed once.').waitFor();
  await eventually(() => expect(receiver.requests.at(-1)?.body).toContain('the-second'));
  expect(await tenant.expect('GET', `/v1/webhook-endpoints/${endpoint.id}`)).toMatchObject({ ordering_skip_after: 1 });
});
