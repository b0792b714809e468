import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { useConsole } from './use-console.ts';

const suite = useConsole({ RETRY_MINUTE_MS: '50' });

test('An endpoint is added, its secret shown once, tested, rotated, disabled, enabled and recovered', async () => {
  const tenant = await suite.system.tenant();
  const receiver = await suite.receive(200);
  const page = await suite.enter(tenant.key, '/webhooks/endpoints', {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await page.getByRole('button', { name: 'Add endpoint' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^URL/).fill(`${receiver.url}/hooks`);
  await dialog.getByRole('button', { name: /^Add/ }).click();
  await dialog.getByText('whsec_').first().waitFor();
  await dialog.getByRole('button', { name: 'Copy', exact: true }).first().click();
  const secret = await page.evaluate('navigator.clipboard.readText()');
  expect(secret).toMatch(/^whsec_/);
  await dialog.getByRole('button', { name: 'Send test event' }).click();
  await eventually(() => expect(receiver.requests.length).toBe(1));
  await dialog.getByText('succeeded').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.waitForURL(/\/webhooks\/endpoints\/ep_/);
  expect(await page.content()).not.toContain(String(secret));

  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Rotate/ })
    .click();
  await page.getByRole('dialog').getByText('whsec_').first().waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Copy', exact: true }).first().click();
  expect(await page.evaluate('navigator.clipboard.readText()')).not.toBe(secret);
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await page.getByText(/^Two secrets are valid until .*in 23h.*X-CD-Signature-Next with the new one/).waitFor();
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await page.getByRole('dialog').getByText('The secret given out last is replaced and stops working at once').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: 'Disable', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable', exact: true }).click();
  await page.getByText('Disabled on request').first().waitFor();
  const body = { type: 'domain.verified', jobId: 'missed', data: { hostname: 'app.customer.example' } };
  await tenant.expect('POST', '/v1/events', body);
  await page.getByRole('button', { name: 'Enable', exact: true }).click();
  await page.getByRole('button', { name: 'Disable', exact: true }).waitFor();

  await page.getByRole('button', { name: 'Recover', exact: true }).click();
  const recover = page.getByRole('dialog');
  await recover.getByText(/^1 delivery matches/).waitFor();
  await recover.getByRole('button', { name: /^Recover/ }).click();
  await eventually(() => expect(receiver.requests.length).toBe(2));
  expect(receiver.requests[1]?.body).toContain('missed');
});

test('Figures that are older than the last failure say so, and count it soon after', async () => {
  const { tenant, bad } = await suite.tenantWithEndpoints();
  const page = await suite.enter(tenant.key, `/webhooks/endpoints/${bad.id}`);
  const health = page.getByRole('region', { name: 'Health' });
  await health.getByText('0, 0 failed').waitFor();
  const body = { type: 'domain.verified', jobId: 'late', data: { hostname: 'app.customer.example' } };
  await tenant.expect('POST', '/v1/events', body);
  await health.getByText('later attempts are not counted yet').waitFor();
  await health.getByText('6, 6 failed').waitFor();
  await health.getByText('later attempts are not counted yet').waitFor({ state: 'detached' });
  expect(await health.getByText('Attempts in 24 h').count()).toBe(1);
});
