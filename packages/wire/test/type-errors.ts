import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** What the strictest compiler has against these modules; empty: nothing. */
export function typeErrors(codes: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-types-'));
  try {
    codes.forEach((code, index) => writeFileSync(join(folder, `v${index}.ts`), code));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const compilerOptions = { noEmit: true, typeRoots: [join(root, 'node_modules/@types')] };
    const config = { extends: join(root, 'tsconfig.base.json'), compilerOptions, include: ['*.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const run = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
    return run.status === 0 ? '' : `${run.stdout}${run.stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
