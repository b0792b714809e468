import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { isSessionLock, LIFT_LIMITS } from './hold-migration-lock.ts';
import { prismaFolder } from './read-migrations.ts';

type WasmExports = Record<string, unknown> & { readonly __wbindgen_start: () => void };
type Glue = typeof engine & { readonly __wbg_set_wasm: (exports: WasmExports) => void };

// Node has WebAssembly, but neither ES2023 nor Node's own types declare it.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: object } }>;
};

// The engine's panic hook calls this global, and dies without a message where it is missing.
const panics = { message: '', set_message: (message: string): void => void (panics.message = message) };

let loaded: Promise<void> | undefined;

/** The glue code wants its WebAssembly half handed over before first use; Node cannot import it by itself. */
async function loadEngine(): Promise<void> {
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: panics });
  const glue = engine as Glue;
  const glueFile = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(glueFile.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...glue } });
  const exports = instance.exports as WasmExports;
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
}

/** What is asked in place of the engine's own lock. */
const LOCK_IS_HELD = 'SELECT true';
/** Such a statement must stand alone, so no limits are lifted before it. */
const OUTSIDE_TRANSACTIONS = /\bCONCURRENTLY\b/i;

/** The adapter cuts a script at every semicolon, those inside a function's body too: PostgreSQL takes it whole. */
class WholeScripts extends PrismaPg {
  private readonly pool: pg.Pool;

  constructor(pool: pg.Pool) {
    super(pool);
    this.pool = pool;
  }

  override async connect() {
    const adapter = await super.connect();
    const executeRaw = adapter.executeRaw.bind(adapter);
    adapter.executeRaw = (query) => executeRaw(isSessionLock(query.sql) ? { ...query, sql: LOCK_IS_HELD } : query);
    adapter.executeScript = async (script) => {
      await this.pool.query(OUTSIDE_TRANSACTIONS.test(script) ? script : `${LIFT_LIMITS}\n${script}`);
    };
    return adapter;
  }
}

/** The engine, and how to end it. */
export interface OpenEngine {
  readonly engine: engine.SchemaEngine;
  close(): Promise<void>;
}

/**
 * Opens Prisma's schema engine, in its WebAssembly form, which needs no download.
 *
 * @throws when the engine cannot be loaded, or the database cannot be reached
 */
export async function openSchemaEngine(databaseUrl: string): Promise<OpenEngine> {
  loaded ??= loadEngine();
  await loaded;
  const datamodels: [string, string][] = [
    ['schema.prisma', await readFile(join(prismaFolder, 'schema.prisma'), 'utf8')],
  ];
  // The engine leaves its connections open when it is freed, so they are opened here, where they can be closed.
  const pool = new pg.Pool({ connectionString: databaseUrl, allowExitOnIdle: true });
  const factory = bindMigrationAwareSqlAdapterFactory(new WholeScripts(pool));
  const opened = await engine.SchemaEngine.new({ datamodels }, () => undefined, factory);
  return {
    engine: opened,
    async close() {
      opened.free();
      await pool.end();
    },
  };
}
