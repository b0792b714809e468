import { findBrowser } from '@posthorn/local-services/find-browser';
import { type Browser, chromium } from 'playwright-core';

/** It must not look for anything outside this machine by itself. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-quic',
  '--no-first-run',
  '--disable-gpu',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/** A real browser without a window. As root its own sandbox cannot be had; it opens pages of the tests alone. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await findBrowser({
    log: (line) => process.stderr.write(`${line}\n`),
    search: process.env['PATH'] ?? '',
  });
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...QUIET, ...asRoot] });
}
