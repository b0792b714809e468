import { describe, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { useConsole } from './use-console.ts';

const suite = useConsole();
const OVER = 'Your session is over. Sign in again.';

describe('The sign-in', () => {
  test('is the first visit, its log free of errors, and leads on to where the visit went', async () => {
    const tenant = await suite.system.tenant();
    const page = await suite.visit('/event-types');
    await page.waitForURL(/\/sign-in\?/);
    await page.getByLabel('API key', { exact: true }).fill(tenant.key);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/event-types$/);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Event types');
  });

  test('of a key that is none says so, and stays', async () => {
    const page = await suite.visit('/sign-in');
    await page.getByLabel('API key', { exact: true }).fill('ph_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page
      .getByRole('alert')
      .getByText(/unknown, revoked or expired/)
      .waitFor();
    suite.forgive(/401/);
    expect(page.url()).toMatch(/\/sign-in$/);
  });

  test('gives the page no key to read: the session is a cookie that scripts do not see', async () => {
    const tenant = await suite.system.tenant();
    const page = await suite.enter(tenant.key);
    const [cookie, ...others] = await page.context().cookies();
    expect([cookie?.name, cookie?.httpOnly, cookie?.sameSite, others]).toEqual([
      'posthorn_session',
      true,
      'Strict',
      [],
    ]);
    const readable = await page.evaluate('document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })');
    expect(readable).not.toContain(tenant.key.slice(3, 20));
    expect(readable).not.toContain('posthorn_session');
  });
});

test('Sign out ends the session for good', async () => {
  const tenant = await suite.system.tenant();
  const page = await suite.enter(tenant.key);
  const [cookie] = await page.context().cookies();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/sign-in/);
  expect(await page.context().cookies()).toEqual([]);
  const answer = await fetch(`${suite.system.api.url}/v1/webhook-endpoints`, {
    headers: { cookie: `${cookie?.name}=${cookie?.value}` },
  });
  expect(answer.status).toBe(401);
});

test('Sign out while the page reads ends at the sign-in without a word, and the next one to sign in reads', async () => {
  const tenant = await suite.system.tenant();
  const page = await suite.enter(tenant.key);
  let isGone: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    isGone = resolve;
  });
  // What is read from now on reaches the API when the session is gone, and the page hears of that before it hears that it is.
  const reads: string[] = [];
  await page.route('**/v1/events?*', async (route) => {
    reads.push(route.request().url());
    await gone;
    await route.continue().catch(() => undefined);
  });
  await page.route('**/v1/session', async (route) => {
    const response = await route.fetch();
    const refused = page.waitForResponse(/v1\/events/, { timeout: 500 }).catch(() => null);
    isGone();
    await refused;
    await route.fulfill({ response });
  });
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await eventually(() => expect(reads).not.toEqual([]));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API key', { exact: true }).waitFor();
  expect(new URL(page.url()).search).toBe('');
  expect(await page.getByText(OVER).count()).toBe(0);
  await page.unrouteAll();
  await page.getByLabel('API key', { exact: true }).fill(tenant.key);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await page.getByText(/No event yet/).waitFor();
});

test('A key that is revoked takes its sessions along', async () => {
  const tenant = await suite.system.tenant();
  const made = await suite.system.asOperator('POST', `/v1/tenants/${tenant.id}/api-keys`, {
    name: 'console',
    scopes: ['webhooks:read'],
  });
  const page = await suite.enter(String(made.body['api_key']), '/event-types');
  await page.getByRole('heading', { name: 'Event types', level: 1 }).waitFor();
  await suite.system.asOperator('DELETE', `/v1/tenants/${tenant.id}/api-keys/${String(made.body['id'])}`);
  await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
  await eventually(() => expect(page.url()).toMatch(/\/sign-in/));
  suite.forgive(/401/);
});

/** A session of a key of its own, and what revokes that. */
async function enterRevocable(path: string) {
  const tenant = await suite.system.tenant();
  const keys = `/v1/tenants/${tenant.id}/api-keys`;
  const scopes = ['webhooks:read', 'webhooks:write', 'events:write'];
  const made = await suite.system.asOperator('POST', keys, { name: 'console', scopes });
  const page = await suite.enter(String(made.body['api_key']), path);
  return { page, tenant, revoke: () => suite.system.asOperator('DELETE', `${keys}/${String(made.body['id'])}`) };
}

test('A key that is revoked behind a form leads at once to the sign-in, which says why and leads back', async () => {
  const { page, tenant, revoke } = await enterRevocable('/events?jobId=007');
  await page.getByRole('button', { name: 'Send event' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Data (JSON)').fill('{}');
  // What the page asks for by itself would lead there too, though later.
  await page.route('**/v1/events?*', () => undefined);
  await revoke();
  await form.getByRole('button', { name: 'Send' }).click();
  await page.getByText(OVER).waitFor({ timeout: 2_000 });
  expect(await page.getByText(/Authorization: Bearer/).count()).toBe(0);
  await page.unrouteAll();
  suite.forgive(/401/);
  await page.getByLabel('API key', { exact: true }).fill(tenant.key);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Events', level: 1 }).waitFor();
  expect(page.url()).toBe(`${suite.system.api.url}/events?jobId=007`);
});

test('Sign out of a session that is over ends at the sign-in, without a word', async () => {
  const { page, revoke } = await enterRevocable('/signatures');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  await revoke();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/sign-in$/);
  await page.getByLabel('API key', { exact: true }).waitFor();
  await page.waitForTimeout(500);
  expect(await page.getByRole('alert').allInnerTexts()).toEqual([]);
  expect(await page.getByText(/That did not work|Authorization/).count()).toBe(0);
  suite.forgive(/401/);
});
