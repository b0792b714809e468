import type { AttemptOutcome } from './attempt-outcome.ts';

/** How far a request had come: no connection yet, its TLS handshake under way, or sent. */
export type SendStage = 'connecting' | 'handshake' | 'sent';

/** What came of sending one request, before anything is decided. `bodyFault` is a clause that follows on the status. */
export type SendResult =
  | { readonly kind: 'answered'; readonly status: number; readonly bodyFault: string | null }
  | { readonly kind: 'deadline'; readonly timeoutMs: number; readonly status: number | null; readonly stage: SendStage }
  | { readonly kind: 'network'; readonly reason: string; readonly stage?: 'handshake' }
  | { readonly kind: 'blocked'; readonly reason: string };

/** What the attempt log and the delivery say of it. `error` is a sentence for people, `null` on plain success. */
export interface Classified {
  readonly outcome: AttemptOutcome;
  readonly error: string | null;
}

const isSuccess = (status: number): boolean => status >= 200 && status <= 299;
const isRedirect = (status: number): boolean => status >= 300 && status <= 399 && status !== 304;

function classifyAnswer(status: number, bodyFault: string | null): Classified {
  if (isSuccess(status)) {
    return { outcome: 'succeeded', error: bodyFault && `Answered ${status}; ${bodyFault}` };
  }
  if (isRedirect(status)) {
    return { outcome: 'rejected', error: `Answered ${status}: redirects are not followed; register the final URL` };
  }
  return { outcome: 'rejected', error: `Answered ${status}` };
}

const UNANSWERED: Readonly<Record<SendStage, string>> = {
  connecting: 'No connection',
  handshake: 'The TLS handshake did not end',
  sent: 'No answer',
};

/** Judges a result. A 2xx status line decides, whatever follows it; only the deadline overrules it. */
export function classifyResult(result: SendResult): Classified {
  switch (result.kind) {
    case 'answered':
      return classifyAnswer(result.status, result.bodyFault);
    case 'deadline':
      return {
        outcome: 'timeout',
        error:
          result.status === null
            ? `${UNANSWERED[result.stage]} within ${result.timeoutMs} ms`
            : `Answered ${result.status}, but the body did not end within ${result.timeoutMs} ms`,
      };
    case 'network':
      return { outcome: 'network_error', error: result.reason };
    case 'blocked':
      return { outcome: 'blocked', error: result.reason };
  }
}
