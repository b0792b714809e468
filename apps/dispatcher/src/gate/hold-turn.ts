import type { EndpointGate, EndpointOf } from './endpoint-gate.ts';

/** What a delivery holds of the gate: a turn of its endpoint until that has answered, and a slot until the attempt is recorded. */
export interface Turn {
  /** Waits until the request may begin; see {@link EndpointGate.start}. @returns false: it may not, and nothing was sent */
  start(token: string): Promise<boolean>;
  /** The endpoint has answered, or never will; see {@link EndpointGate.answered}. */
  answered(healthy: boolean | null, quick: boolean): void;
  /** Gives back what is still held. */
  end(): void;
}

/** Holds the turn that was taken for a delivery to this endpoint. */
export function holdTurn(
  gate: Pick<EndpointGate, 'start' | 'answered' | 'recorded' | 'leave'>,
  endpoint: EndpointOf,
): Turn {
  let stage: 'taken' | 'sending' | 'answered' = 'taken';
  const answered = (healthy: boolean | null, quick: boolean): void => {
    stage = 'answered';
    gate.answered(endpoint.endpointId, healthy, quick);
  };
  return {
    async start(token) {
      const mayStart = await gate.start(endpoint.endpointId, token);
      if (mayStart) stage = 'sending';
      return mayStart;
    },
    answered,
    end() {
      if (stage === 'taken') return gate.leave(endpoint);
      if (stage === 'sending') answered(null, false);
      gate.recorded(endpoint);
    },
  };
}
