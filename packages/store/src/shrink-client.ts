import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** Every JavaScript has it; the types of Node do not say so. */
declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => object };

/** Of what Prisma makes a client from, the parts that take memory. */
interface ClientParts {
  readonly parameterizationSchema: { readonly strings: readonly string[]; readonly graph: string };
  readonly compilerWasm?: { readonly getQueryCompilerWasmModule: () => Promise<unknown> };
}

/** No fields, no models: each count is a zero byte. */
const NO_GRAPH = { strings: [], graph: 'AAAA' };
/** The build that `compilerBuild` in prisma/schema.prisma names: the two change together. */
const COMPILER = '@prisma/client/runtime/query_compiler_small_bg.postgresql.wasm-base64.mjs';
const BASE64_LITERAL = /"([A-Za-z0-9+/=]+)"/;

let compiler: Promise<object> | undefined;

/** Imported, as Prisma's own loader does it, the module and its text stay in memory twice: 4.6 MB. */
async function readCompiler(): Promise<object> {
  const text = await readFile(createRequire(import.meta.url).resolve(COMPILER), 'latin1');
  const [, base64] = BASE64_LITERAL.exec(text) ?? [];
  if (base64 === undefined) throw new Error(`${COMPILER} holds no compiler`);
  return new WebAssembly.Module(Buffer.from(base64, 'base64'));
}

let wholeGraph: ClientParts['parameterizationSchema'] | undefined;

/**
 * A Prisma client that takes less memory. Of its models every client keeps a graph of 3.3 MB, by which it knows again a
 * statement that differs in its values alone; what writes its statements out itself has no use for it.
 *
 * @param writesOut whether nearly all statements are SQL; those that Prisma makes are then compiled each time
 */
export const shrunk = (writesOut: boolean) => ({
  configOverride<Config extends ClientParts>(config: Config): Config {
    // Prisma keeps what an override gives for the clients after it, too.
    wholeGraph ??= config.parameterizationSchema;
    return {
      ...config,
      parameterizationSchema: writesOut ? NO_GRAPH : wholeGraph,
      compilerWasm: {
        ...config.compilerWasm,
        getQueryCompilerWasmModule() {
          compiler ??= readCompiler();
          return compiler;
        },
      },
    };
  },
});
