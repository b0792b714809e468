import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { NODE_FLAGS } from '../../packages/local-services/src/node-flags.ts';
import { type SettingName, settings } from '../../packages/runtime/src/settings.ts';

// What the compose specification's own schema cannot say.
interface Service {
  readonly command?: string | string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: string[];
  readonly container_name?: string;
  readonly volumes?: string[];
  readonly networks?: string[];
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test?: string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const { services } = compose;
const own = ['migrate', 'api', 'dispatcher'] as const;
const service = (name: string): Service => services[name] ?? {};

/** What each process refuses to start without, and what else it reads. */
const read: Record<(typeof own)[number], SettingName[]> = {
  migrate: ['DATABASE_URL'],
  api: [
    'PORT',
    'DATABASE_URL',
    'REDIS_URL',
    'ADMIN_API_KEY',
    'SECRETS_KEY',
    'EGRESS_ALLOW',
    'ALLOW_HTTP',
    'QUEUE_SHARDS',
    'QUEUE_MAX_WAITING',
    'API_RATE_LIMIT',
    'TRUSTED_PROXIES',
    'UPGRADE_URL',
    'LOG_LEVEL',
  ],
  dispatcher: [
    'DISPATCHER_PORT',
    'DATABASE_URL',
    'REDIS_URL',
    'SECRETS_KEY',
    'EGRESS_ALLOW',
    'ALLOW_HTTP',
    'EGRESS_PROXY_URL',
    'EGRESS_DNS',
    'RETRY_MINUTE_MS',
    'DISPATCHER_CONCURRENCY',
    'ENDPOINT_CONCURRENCY',
    'ENDPOINT_WARN_AFTER_SECONDS',
    'ENDPOINT_DISABLE_AFTER_SECONDS',
    'QUEUE_SHARDS',
    'QUEUE_MAX_WAITING',
    'RETENTION_DAYS',
    'SMTP_URL',
    'MAIL_FROM',
    'LOG_LEVEL',
  ],
};

describe('docker-compose.yml', () => {
  test('has the parts of the production shape', () => {
    expect(Object.keys(services).toSorted()).toEqual(['api', 'dispatcher', 'migrate', 'postgres', 'redis']);
  });

  test.each(own)('%s gets every setting that it reads, and none that does not exist', (name) => {
    const given = Object.keys(service(name).environment ?? {});
    expect(given).toEqual(expect.arrayContaining(read[name]));
    expect(given.filter((setting) => !(setting in settings))).toEqual([]);
  });

  test('no secret has a default: each is required, with a message', () => {
    const variables = [...text.matchAll(/\$\{(\w+)([^}]*)\}/g)];
    for (const [, name = '', rest = ''] of variables) {
      const secret = /PASSWORD|KEY/.test(name);
      expect([name, rest.startsWith(secret ? ':?' : ':-')]).toEqual([name, true]);
    }
    const required = variables.filter(([, , rest = '']) => rest.startsWith(':?')).map(([, name = '']) => name);
    const example = readFileSync(join(root, 'deploy/compose.env.example'), 'utf8');
    const offered = [...example.matchAll(/^(\w+)=$/gm)].map(([, name = '']) => name);
    expect(new Set(required)).toEqual(new Set(offered));
  });

  test('Redis keeps its data and never evicts', () => {
    expect(service('redis').command).toBe('redis-server --appendonly yes --maxmemory-policy noeviction');
  });

  test('data lives in named volumes', () => {
    for (const name of ['postgres', 'redis']) {
      const [volume = ''] = service(name).volumes ?? [];
      expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });

  test('only the API is published, and on this machine alone; a dispatcher can be scaled', () => {
    const published = Object.entries(services).filter(([, { ports }]) => ports);
    expect(published.map(([name]) => name)).toEqual(['api']);
    expect(service('api').ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
    expect(Object.values(services).some(({ container_name }) => container_name)).toBe(false);
  });

  test('PostgreSQL and Redis are on a network of their own', () => {
    expect(compose.networks['inside']?.internal).toBe(true);
    for (const name of ['postgres', 'redis']) expect(service(name).networks).toEqual(['inside']);
    for (const name of ['api', 'dispatcher']) expect(service(name).networks).toEqual(['inside', 'outside']);
  });

  test('nothing starts before what it needs is there', () => {
    const needs = (name: string) =>
      Object.entries(service(name).depends_on ?? {}).map(([on, { condition }]) => `${on} ${condition}`);
    expect(needs('migrate')).toEqual(['postgres service_healthy']);
    for (const name of ['api', 'dispatcher']) {
      expect(needs(name)).toEqual([
        'migrate service_completed_successfully',
        'postgres service_healthy',
        'redis service_healthy',
      ]);
    }
  });

  test('everything that keeps running has a health check; ours ask for readiness', () => {
    for (const name of ['postgres', 'redis', 'api', 'dispatcher'])
      expect(service(name).healthcheck?.test).toBeDefined();
    for (const name of ['api', 'dispatcher']) {
      const [, , script = '', question] = service(name).healthcheck?.test ?? [];
      expect(existsSync(join(root, script))).toBe(true);
      expect(question).toBe('readyz');
    }
  });

  test('a dispatcher has more time to stop than it takes', () => {
    const source = readFileSync(join(root, 'apps/dispatcher/src/main.ts'), 'utf8');
    const deadlineMs = Number(/EXIT_DEADLINE_MS = ([\d_]+)/.exec(source)?.[1]?.replaceAll('_', ''));
    expect(Number.parseInt(service('dispatcher').stop_grace_period ?? '', 10) * 1_000).toBeGreaterThan(deadlineMs);
  });

  test('the roles are those of the image', () => {
    const entrypoint = readFileSync(join(root, 'deploy/entrypoint.sh'), 'utf8');
    for (const name of own) {
      expect(service(name).command).toEqual([name]);
      expect(entrypoint).toContain(`  ${name}) exec node `);
    }
  });

  test.each(['api', 'dispatcher'] as const)('%s is started with the flags that it is measured with', (name) => {
    const started = `node ${NODE_FLAGS[name].join(' ')} apps/${name}/dist/main.js`;
    for (const file of ['deploy/entrypoint.sh', 'README.md', 'docs/operations.md']) {
      expect(readFileSync(join(root, file), 'utf8')).toContain(started);
    }
  });
});
