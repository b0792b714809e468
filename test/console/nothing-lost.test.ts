import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';
import type { Page } from 'playwright-core';
import { useConsole } from './use-console.ts';

const suite = useConsole({ RETRY_MINUTE_MS: '50' });

const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };
const back = (page: Page) => page.evaluate('history.back()');
/** What has the focus: the name of a button, the label of a field. */
const focused = (page: Page) =>
  page.evaluate<string>(
    'document.activeElement.labels?.[0]?.textContent || document.activeElement.getAttribute("aria-label") || (document.activeElement === document.body ? "body" : document.activeElement.textContent)',
  );
/** Waits until it has. */
const hasFocus = (page: Page, name: RegExp) => eventually(async () => expect(await focused(page)).toMatch(name));
const noDialog = (page: Page) => eventually(async () => (await page.getByRole('dialog').count()) === 0);

/** Goes there by links, so that Back stays in the page. */
async function toEndpoints(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
  await page.getByRole('link', { name: 'Endpoints', exact: true }).click();
  await page.waitForURL(/\/webhooks\/endpoints$/);
}

/** A secret is shown: Back and a reload are asked about, staying keeps it, and leaving leads where one wanted to go. */
async function isHeld(page: Page, shown: RegExp, before: RegExp): Promise<void> {
  const dialog = page.getByRole('dialog');
  const here = page.url();
  await dialog.getByText(shown).first().waitFor();
  await back(page);
  await dialog.getByText('Not copied yet').waitFor();
  expect(page.url()).toBe(here);
  await dialog.getByRole('button', { name: 'Keep it open' }).click();
  await eventually(async () => expect(await dialog.getByText('Not copied yet').count()).toBe(0));
  await dialog.getByText(shown).first().waitFor();
  let asked = '';
  page.once('dialog', (question) => {
    asked = question.type();
    void question.dismiss();
  });
  await page.evaluate('setTimeout(() => location.reload())');
  await eventually(() => expect(asked).toBe('beforeunload'));
  await page.keyboard.press('Escape');
  await dialog.getByText('Not copied yet').waitFor();
  await page.keyboard.press('Escape');
  await eventually(async () => expect(await dialog.getByText('Not copied yet').count()).toBe(0));
  await back(page);
  await dialog.getByRole('button', { name: 'Close anyway' }).click();
  await page.waitForURL(before);
  await noDialog(page);
}

test('A secret that nobody copied outlasts Back, a reload and Escape, wherever it is shown', async () => {
  const { tenant, good } = await suite.tenantWithEndpoints();
  const page = await suite.enter(tenant.key);
  await toEndpoints(page);
  await page.getByRole('button', { name: 'Add endpoint' }).first().click();
  await page.getByRole('dialog').getByLabel(/^URL/).fill(`${good.url}/more`);
  await page.getByRole('dialog').getByRole('button', { name: 'Add endpoint' }).click();
  await isHeld(page, /whsec_/, /\/webhooks$/);

  await page.getByRole('link', { name: 'Endpoints', exact: true }).click();
  await page.getByRole('link', { name: good.url, exact: true }).click();
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate secret' }).click();
  await isHeld(page, /whsec_/, /\/webhooks\/endpoints$/);
  expect(await page.content()).not.toContain('whsec_');
});

test('So does a key; once it was copied nothing is asked', async () => {
  await suite.system.tenant('connect-domain', { name: 'Held keys' });
  const page = await suite.enter(TEST_ADMIN_KEY, '/', clipboard);
  await page.getByRole('button', { name: 'Held keys' }).click();
  const create = async () => {
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('held');
    await page
      .getByRole('dialog')
      .getByRole('checkbox', { name: /webhooks:read/ })
      .check();
    await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  };
  await create();
  await isHeld(page, /ph_/, /\/settings$/);
  await create();
  await page.getByRole('dialog').getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Copied' }).waitFor();
  await page.keyboard.press('Escape');
  await noDialog(page);
  expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^ph_/);
});

test('What was typed is asked about by Escape, a click beside and Back; whoever stays goes on in the same field', async () => {
  const { tenant } = await suite.tenantWithEndpoints();
  const page = await suite.enter(tenant.key);
  await toEndpoints(page);
  await page.getByRole('button', { name: 'Add endpoint' }).first().click();
  const dialog = page.getByRole('dialog');
  const question = dialog.getByText('Discard what you typed?');
  await dialog.getByLabel('Description').fill('half');
  const gone = () => eventually(async () => expect(await question.count()).toBe(0));
  await page.keyboard.press('Escape');
  await question.waitFor();
  await page.keyboard.press('Escape');
  await gone();
  await hasFocus(page, /^Description/);
  await page.mouse.click(5, 400);
  await question.waitFor();
  await dialog.getByRole('button', { name: 'Keep editing' }).click();
  await gone();
  await hasFocus(page, /^Description/);
  expect(await dialog.getByLabel('Description').inputValue()).toBe('half');
  await back(page);
  await question.waitFor();
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await page.waitForURL(/\/webhooks$/);
  await noDialog(page);
});

test('A form that was saved goes to its page without a question', async () => {
  const { tenant } = await suite.tenantWithEndpoints();
  const page = await suite.enter(tenant.key, '/event-types');
  await page.getByRole('button', { name: 'Add event type' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('held.saved');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.waitForURL(/held\.saved/);
  await noDialog(page);
  expect(await page.getByText('Discard what you typed?').count()).toBe(0);
});

test('A dialog begins with the focus on its first field or its safe button, and leaves it where one goes on', async () => {
  const { tenant, good } = await suite.tenantWithEndpoints();
  const page = await suite.enter(tenant.key, '/webhooks/endpoints', clipboard);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Add endpoint' }).first().click();
  await hasFocus(page, /^URL/);
  await page.keyboard.insertText(`${good.url}/more`);
  await page.keyboard.press('Enter');
  await dialog.getByText('whsec_').first().waitFor();
  await hasFocus(page, /^Copy/);
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.waitForURL(/\/ep_/);

  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await hasFocus(page, /^Both for 24 hours/);
  await page.keyboard.press('Enter');
  await dialog.getByText('whsec_').first().waitFor();
  await hasFocus(page, /^Copy/);
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('button', { name: 'Disable', exact: true }).click();
  await hasFocus(page, /^Cancel/);
  await dialog.getByRole('button', { name: 'Disable', exact: true }).click();
  await hasFocus(page, /^Enable/);
  await page.keyboard.press('Enter');
  await hasFocus(page, /^Disable/);
  expect(await page.getByRole('dialog').count()).toBe(0);
});
