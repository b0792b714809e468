import { afterAll, beforeAll, expect } from '@jest/globals';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { type System, startSystem } from '@posthorn/testkit/start-system';

/** A suite's running system, and the receivers that its tests start. */
export interface SystemSuite {
  /** Only inside tests: it runs from the suite's beginning to its end. */
  readonly system: System;
  receive(...answers: Parameters<typeof startReceiver>): Promise<Receiver>;
}

/** Starts the system before a suite's tests, and after them ends it: both processes must exit with 0. */
export function useSystem(env: Readonly<Record<string, string>>): SystemSuite {
  let system: System | undefined;
  const receivers: Receiver[] = [];
  beforeAll(async () => {
    system = await startSystem(env);
  });
  afterAll(async () => {
    expect(await system?.stop()).toEqual([0, 0]);
    await Promise.all(receivers.map((receiver) => receiver.close()));
  });
  return {
    get system() {
      if (!system) throw new Error('The system runs in tests alone');
      return system;
    },
    async receive(...answers) {
      const receiver = await startReceiver(...answers);
      receivers.push(receiver);
      return receiver;
    },
  };
}
