import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import type { Page } from 'playwright-core';
import { useConsole } from './use-console.ts';

const suite = useConsole();

const focused = (page: Page) => page.evaluate(`document.activeElement?.textContent || document.activeElement?.tagName`);

test('What comes late opens at the first time of asking, and gives the focus back when it closes', async () => {
  const { key } = await suite.system.tenant();
  const page = await suite.enter(key, '/webhooks');
  const add = page.getByRole('button', { name: 'Add endpoint' }).first();
  await add.click();
  await page.getByRole('dialog', { name: 'Add endpoint' }).getByLabel('URL').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await eventually(async () => expect(await focused(page)).toBe('Add endpoint'));
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await eventually(async () => expect(await focused(page)).toBe('Add endpoint'));
  await page.keyboard.press('Control+k');
  await page.getByRole('searchbox').or(page.getByLabel('Go to')).first().fill('sett');
  await page.keyboard.press('Escape');
  await eventually(async () => expect(await focused(page)).toBe('Add endpoint'));
  await page.getByRole('button', { name: 'Colours' }).click();
  await page.getByRole('menuitem', { name: 'Dark' }).click();
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
});
