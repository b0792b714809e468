import { describe, expect, test } from '@jest/globals';
import type { Lifecycle } from '../src/lifecycle.ts';
import { cmr } from '../src/profiles/cmr.ts';
import { connectDomain } from '../src/profiles/connect-domain.ts';
import { profiles } from '../src/profiles.ts';

/** `from > to`, or `from > to: events`, as the contract draws them. */
const drawn = (lifecycle: Lifecycle | undefined): string[] =>
  (lifecycle?.edges ?? []).map(({ from, to, events }) => {
    const fired = events.map(({ type, forEach }) => (forEach === undefined ? type : `${type} per ${forEach}`));
    return `${from} > ${to}${fired.length > 0 ? `: ${fired.join(', ')}` : ''}`;
  });

const lifecycleOf = (profile: { lifecycles: readonly Lifecycle[] }, name: string) =>
  profile.lifecycles.find((lifecycle) => lifecycle.name === name);

describe('What the contract draws', () => {
  test('only these profiles have lifecycles', () => {
    const names = profiles.flatMap(({ name, lifecycles }) => lifecycles.map((each) => `${name} ${each.name}`));
    expect(names).toEqual(['connect-domain connection', 'cmr order', 'cmr subscription', 'cmr prewarmup']);
  });

  test('a connection: its way to live, drift and back, and the two ends that are open to every state', () => {
    const connection = lifecycleOf(connectDomain, 'connection');
    const way = [
      'created > pending_ownership',
      'pending_ownership > verifying',
      'verifying > verified: domain.verified',
      'verified > dns_writing',
      'dns_writing > propagating',
      'propagating > issuing_cert',
      'issuing_cert > live: ssl.issued',
      'live > drifted: domain.drift',
      'drifted > live: ssl.issued',
      'created > propagating: domain.added',
      'pending_ownership > verified: domain.verified',
      'verified > propagating',
      'propagating > stalled',
      'stalled > propagating',
      'propagating > live: ssl.issued',
    ];
    const failing = [
      'created > failed',
      'pending_ownership > failed',
      'verifying > failed',
      'verified > failed',
      'dns_writing > failed',
      'propagating > failed',
      'stalled > failed',
      'issuing_cert > failed',
      'live > failed',
      'drifted > failed',
    ];
    const archiving = [...failing.map((each) => each.replace('> failed', '> archived')), 'failed > archived'];
    expect(drawn(connection).sort()).toEqual([...way, ...failing, ...archiving].sort());
    expect(connection?.states[0]).toBe('created');
    expect(connection?.metersFirst).toEqual(['connect']);
    expect(connection?.metersEntering).toEqual({ live: ['active_domain', 'cert'] });
  });

  test('an order: the domain, then its mailboxes, one event for each of them', () => {
    const order = lifecycleOf(cmr, 'order');
    expect(drawn(order).sort()).toEqual([
      'domain_registered > mailboxes_failed: mailbox.order.failed',
      'domain_registered > mailboxes_provisioned: mailbox.order.success, mailbox.created per mailboxes',
      'placed > domain_failed: domain.order.failed',
      'placed > domain_registered: domain.order.success',
    ]);
    expect(order?.states[0]).toBe('placed');
  });

  test('a subscription: renewed, blocked and renewed again, or cancelled', () => {
    const subscription = lifecycleOf(cmr, 'subscription');
    expect(drawn(subscription).sort()).toEqual([
      'active > cancelled: subscription.cancelled',
      'active > renewing',
      'renewal_failed > cancelled: subscription.cancelled',
      'renewal_failed > renewing',
      'renewing > active: subscription.renewal.success',
      'renewing > renewal_failed: subscription.renewal.failed',
    ]);
    expect(subscription?.states[0]).toBe('active');
  });

  test('a pre-warmed domain of an order: assigned or failed', () => {
    const prewarmup = lifecycleOf(cmr, 'prewarmup');
    expect(drawn(prewarmup).sort()).toEqual([
      'ordered > assigned: prewarmup.order.success',
      'ordered > failed: prewarmup.order.failed',
    ]);
    expect(prewarmup?.states[0]).toBe('ordered');
  });

  test('only a connection is metered', () => {
    const metered = cmr.lifecycles.flatMap((each) => [each.metersFirst, Object.keys(each.metersEntering)].flat());
    expect(metered).toEqual([]);
  });
});

const cases = profiles.flatMap((profile) =>
  profile.lifecycles.map((lifecycle) => ({ name: `${profile.name} ${lifecycle.name}`, profile, lifecycle })),
);

describe.each(cases)('Lifecycle $name', ({ profile, lifecycle: { states, edges, metersEntering } }) => {
  test('names each state once and each edge once, between its own states', () => {
    expect(new Set(states).size).toBe(states.length);
    expect(new Set(edges.map(({ from, to }) => `${from} ${to}`)).size).toBe(edges.length);
    for (const { from, to } of edges) expect(states).toEqual(expect.arrayContaining([from, to]));
    expect(states).toEqual(expect.arrayContaining(Object.keys(metersEntering)));
  });

  test('reaches every state from its start', () => {
    const reached = new Set<string>([states[0]]);
    for (const state of reached) {
      for (const { from, to } of edges) if (from === state) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...states].sort());
  });

  test('fires types of its catalog, and of a pair the half that fires the other one', () => {
    const names = profile.eventTypes.map(({ name }) => name);
    const fired = edges.flatMap(({ events }) => events.map(({ type }) => type));
    expect(names).toEqual(expect.arrayContaining(fired));
    expect(fired).not.toContain(profile.pair?.types[1]);
  });
});
