import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the demo keeps between two starts. */
export interface DemoRecord {
  tenantId?: string;
  apiKey?: string;
  endpointId?: string;
  signingSecret?: string;
  receiverPort?: number;
}

/** What an earlier start kept in the data folder; empty when there was none. */
export function readDemoRecord(dataDir: string): DemoRecord {
  try {
    return JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as DemoRecord;
  } catch {
    return {};
  }
}

/** Keeps the record, readable by its owner only: it holds a key and a secret. */
export function writeDemoRecord(dataDir: string, record: DemoRecord): void {
  writeFileSync(fileIn(dataDir), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'demo.json');
}
