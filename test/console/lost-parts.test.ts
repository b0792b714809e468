import { beforeAll, expect, test } from '@jest/globals';
import { useConsole } from './use-console.ts';

const suite = useConsole();
const SCRIPTS = '**/assets/*.js';
let key: string;

beforeAll(async () => {
  ({ key } = await suite.system.tenant());
});

test('With the API away, a view that is not loaded yet is an error in its place, which can be tried again', async () => {
  const page = await suite.enter(key);
  await page.route(SCRIPTS, (route) => route.abort());
  await page.getByRole('link', { name: 'Signatures', exact: true }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'This view could not be loaded' });
  await alert.getByText('The API cannot be reached').waitFor();
  await alert.getByRole('button', { name: 'Try again' }).click();
  await alert.getByRole('button', { name: 'Try again' }).waitFor();
  await page.unroute(SCRIPTS);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: /Signature/, level: 1 }).waitFor();
  expect(await alert.count()).toBe(0);
  suite.forgive(/ERR_FAILED|cannot be reached/);
});

test('After an upgrade, the page is loaded anew, and once only', async () => {
  const page = await suite.enter(key);
  let loads = 0;
  page.on('load', () => (loads += 1));
  await page.route(SCRIPTS, (route) =>
    /signatures-page/.test(route.request().url()) ? route.fulfill({ status: 404 }) : route.continue(),
  );
  await page.getByRole('link', { name: 'Signatures', exact: true }).click();
  await page.getByRole('alert').getByText('The server no longer has this part').waitFor();
  expect(loads).toBe(1);
  expect(page.url()).toBe(`${suite.system.api.url}/signatures`);
  await page.unroute(SCRIPTS);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: /Signature/, level: 1 }).waitFor();
  suite.forgive(/404|no longer has/);
});

test('Once the first view stands, the others are loaded while nothing else is to do', async () => {
  const page = await suite.enter(key, '/settings');
  let seen = -1;
  for (let count = 0; count !== seen || count < 20; await page.waitForTimeout(2_500)) {
    seen = count;
    count = Number(await page.evaluate(`performance.getEntriesByType('resource').length`));
  }
  await page.route(SCRIPTS, (route) => route.abort());
  await page.getByRole('link', { name: 'Signatures', exact: true }).click();
  await page.getByRole('heading', { name: /Signature/, level: 1 }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});
