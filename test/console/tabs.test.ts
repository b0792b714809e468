import { expect, test } from '@jest/globals';
import { TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';
import type { SystemTenant } from '@posthorn/testkit/start-system';
import type { Page } from 'playwright-core';
import { useConsole } from './use-console.ts';

const suite = useConsole();

/** A tenant with an endpoint that names it. */
async function tenantOf(name: string): Promise<SystemTenant> {
  const tenant = await suite.system.tenant('connect-domain', { name });
  await tenant.expect('POST', '/v1/webhook-endpoints', { url: `http://127.0.0.1:9/${name}`, events: [] });
  return tenant;
}

const goTo = (page: Page, path: string) => page.goto(`${suite.system.api.url}${path}`);

test('Two tabs of the operator act as two tenants, and neither changes the other', async () => {
  const [acme] = await Promise.all([tenantOf('acme-of-tabs'), tenantOf('beta-of-tabs')]);
  const first = await suite.enter(TEST_ADMIN_KEY);
  await first.getByRole('button', { name: 'acme-of-tabs' }).click();
  await goTo(first, '/webhooks/endpoints');
  await first.getByText('127.0.0.1:9/acme-of-tabs').waitFor();
  const second = await first.context().newPage();
  await goTo(second, '/webhooks/endpoints');
  await second.getByText('127.0.0.1:9/acme-of-tabs').waitFor();
  await second.getByRole('combobox', { name: 'Tenant' }).click();
  await second.getByRole('option', { name: 'beta-of-tabs' }).click();
  await second.getByText('127.0.0.1:9/beta-of-tabs').waitFor();
  // The first tab asks who it is for, as it does from time to time.
  await second.evaluate("new BroadcastChannel('posthorn.session').postMessage('in')");
  await first.getByRole('button', { name: 'Add endpoint' }).first().click();
  await first.getByRole('dialog').getByLabel(/^URL/).fill('http://127.0.0.1:9/from-the-first-tab');
  await first.getByRole('dialog').getByRole('button', { name: /^Add/ }).click();
  await first.getByRole('dialog').getByText('whsec_').first().waitFor();
  const { data } = await acme.expect<{ data: { url: string }[] }>('GET', '/v1/webhook-endpoints');
  expect(data.map(({ url }) => url)).toContain('http://127.0.0.1:9/from-the-first-tab');
});

test('A page whose browser signs in as somebody else shows that one, under its own name', async () => {
  const [former, next] = await Promise.all([tenantOf('former-tenant'), tenantOf('next-tenant')]);
  const first = await suite.enter(former.key, '/webhooks/endpoints');
  await first.getByText('127.0.0.1:9/former-tenant').waitFor();
  const second = await first.context().newPage();
  await goTo(second, '/');
  await second.getByRole('button', { name: 'Sign out' }).click();
  await second.getByLabel('API key', { exact: true }).fill(next.key);
  await second.getByRole('button', { name: 'Sign in' }).click();
  await second.getByRole('button', { name: 'Sign out' }).waitFor();
  // The first tab follows by itself.
  await first.getByText('127.0.0.1:9/next-tenant').waitFor();
  expect(await first.getByRole('banner').innerText()).toContain('next-tenant');
  expect(await first.locator('body').innerText()).not.toContain('former-tenant');
});

test('A session that was signed in anew elsewhere goes on changing things here', async () => {
  const tenant = await tenantOf('same-tenant');
  const first = await suite.enter(tenant.key, '/webhooks/endpoints');
  await first.getByText('127.0.0.1:9/same-tenant').waitFor();
  // As another tab would, but without telling this one.
  await first.evaluate(
    `fetch('/v1/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ api_key: ${JSON.stringify(tenant.key)} }) }).then((answer) => answer.status)`,
  );
  await first.getByText('127.0.0.1:9/same-tenant').click();
  await first.getByRole('button', { name: 'Disable', exact: true }).click();
  await first.getByRole('dialog').getByRole('button', { name: 'Disable', exact: true }).click();
  await first.getByText('Disabled on request').first().waitFor();
  suite.forgive(/403/);
  const { data } = await tenant.expect<{ data: { status: string }[] }>('GET', '/v1/webhook-endpoints');
  expect(data.map(({ status }) => status)).toEqual(['disabled']);
});
