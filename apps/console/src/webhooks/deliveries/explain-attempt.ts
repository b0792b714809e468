import type { Attempt } from '@posthorn/http-api/attempt';

/** An attempt in plain words, and what to do about it; `todo` is null when there is nothing to do. */
export interface Explanation {
  readonly what: string;
  readonly todo: string | null;
}

const REDIRECT = 'Redirects are never followed. Change the endpoint’s URL to the final one, then replay.';
const ACCESS =
  'Check that the path takes requests without a login of its own, that no firewall or bot protection stands before it, and that its signing secret is the endpoint’s.';

const ANSWERS: Readonly<Record<number, Explanation>> = {
  304: {
    what: 'The receiver answered 304, which says nothing to a POST.',
    todo: 'Let it answer 200 once it has the event.',
  },
  400: {
    what: 'The receiver answered 400: it did not understand the request.',
    todo: 'Its answer below may say why. Often the body is parsed before the signature is checked, or as something else than JSON.',
  },
  401: {
    what: 'The receiver answered 401: it did not accept the signature or asks for a login.',
    todo: 'Compare the signing secret there with the endpoint’s, and sign the raw body, not one that was parsed and written again. The Signatures page shows what differs.',
  },
  403: { what: 'The receiver answered 403: it refuses this sender.', todo: ACCESS },
  404: {
    what: 'The receiver answered 404: there is nothing at this path.',
    todo: 'Check the path of the endpoint’s URL, and that the route is deployed.',
  },
  405: {
    what: 'The receiver answered 405: the path exists but takes no POST.',
    todo: 'Let the route take POST, or change the endpoint’s URL.',
  },
  406: {
    what: 'The receiver answered 406: it cannot answer in a form that it takes to be wanted.',
    todo: 'Let the route answer 200 whatever the Accept header says.',
  },
  408: {
    what: 'The receiver answered 408: it gave up waiting for the request.',
    todo: 'Look at the timeouts of the receiver and the proxy before it.',
  },
  410: {
    what: 'The receiver answered 410: it wants no more of these events.',
    todo: 'Remove the endpoint, or restore the route and enable the endpoint.',
  },
  413: {
    what: 'The receiver answered 413: the body is too large for it.',
    todo: 'Raise the body limit there, or of the proxy before it; bodies may have up to 256 KiB.',
  },
  415: {
    what: 'The receiver answered 415: it does not take application/json.',
    todo: 'Let the route take Content-Type application/json.',
  },
  422: {
    what: 'The receiver answered 422: it does not like what the event says.',
    todo: 'Its answer below may say which field. Fix the receiver, then replay.',
  },
  429: {
    what: 'The receiver answered 429: it gets more requests than it takes.',
    todo: 'Set the endpoint’s rate limit to what the receiver takes. A Retry-After header is kept.',
  },
  500: { what: 'The receiver answered 500: it failed while it handled the event.', todo: null },
  502: {
    what: 'The receiver’s proxy answered 502: what stands behind it gave no usable answer.',
    todo: 'See whether the application behind the proxy runs.',
  },
  503: {
    what: 'The receiver answered 503: it is down or overloaded.',
    todo: 'It is tried again by itself. If this lasts, see whether the application runs, or lower the endpoint’s rate limit.',
  },
  504: {
    what: 'The receiver’s proxy answered 504: what stands behind it was too slow.',
    todo: 'Answer first and do the work afterwards.',
  },
};

const LOOK_IN_LOGS = 'Look into the receiver’s log at the time of the attempt. Fix it there, then replay.';

function explainAnswer(status: number): Explanation {
  const known = ANSWERS[status];
  if (known) return known.todo === null ? { ...known, todo: LOOK_IN_LOGS } : known;
  if (status >= 300 && status <= 399) return { what: `The receiver answered ${status}: a redirect.`, todo: REDIRECT };
  if (status >= 500) return { what: `The receiver answered ${status}: an error on its side.`, todo: LOOK_IN_LOGS };
  if (status >= 400) {
    return {
      what: `The receiver answered ${status}: it refused the request.`,
      todo: 'Its answer below may say why. Any status from 200 to 299 counts as received.',
    };
  }
  return {
    what: `The receiver answered ${status}, which is no success.`,
    todo: 'Let it answer with a status from 200 to 299.',
  };
}

/** What to do about a failure of the network, by the code at the end of its sentence. The first that fits counts. */
const NETWORK: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'Start the receiver, or correct host and port of the endpoint’s URL.'],
  [/ENOTFOUND/, 'Check the spelling of the host in the endpoint’s URL, and that its DNS record exists.'],
  [/EAI_AGAIN/, 'See whether the name servers of the domain answer. It is tried again by itself.'],
  [
    /ECONNRESET|EPIPE/,
    'The receiver or something before it cuts connections: look at its limits, its TLS, and whether it crashes.',
  ],
  [
    /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/,
    'See whether the receiver is up and its firewall lets connections from outside in.',
  ],
  [/CERT_HAS_EXPIRED/, 'Renew the receiver’s certificate.'],
  [/CERT_NOT_YET_VALID/, 'Check the receiver’s certificate and the clock of the machine that issued it.'],
  [/ALTNAME_INVALID/, 'Use a certificate that names the URL’s host, or a URL with a host that the certificate names.'],
  [
    /SELF_SIGNED/,
    'Use a certificate of a public authority, or give the endpoint your own authority’s certificate as ca_certificate.',
  ],
  [
    /UNABLE_TO_(VERIFY|GET)/,
    'Let the receiver send its whole chain, the intermediate certificates too, or give the endpoint its authority as ca_certificate.',
  ],
  [/CERTIFICATE_REQUIRED/, 'Give the endpoint a client_certificate and its client_key.'],
  [/UNKNOWN_CA|CERTIFICATE_EXPIRED/, 'Give the endpoint a client certificate that the receiver trusts.'],
  [/WRONG_VERSION_NUMBER|EPROTO/, 'The port may speak plain HTTP: check the port of the endpoint’s URL.'],
  [/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION/, 'Let the receiver offer TLS 1.2 or newer.'],
  [/^TLS/, 'Check the receiver’s TLS, for example with: openssl s_client -connect host:443'],
  [/HPE_|not valid HTTP/, 'What listens there does not answer in valid HTTP: check the port, and the proxy before it.'],
  [/POSTHORN_PROXY|dispatcher['’]s log/, 'Tell the operator of this Posthorn.'],
];
const NETWORK_ADVICE = 'See whether the receiver is up and can be reached from outside.';

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What happened in an attempt, for people. */
export function explainAttempt({
  outcome,
  response_status: status,
  error,
}: Pick<Attempt, 'outcome' | 'response_status' | 'error'>): Explanation {
  switch (outcome) {
    case 'succeeded':
      return error === null
        ? { what: `The receiver answered ${status ?? '2xx'}: it has the event.`, todo: null }
        : { what: `${sentence(error)} The status counts: it has the event.`, todo: null };
    case 'rejected':
      return explainAnswer(status ?? 0);
    case 'timeout':
      return {
        what: sentence(error ?? 'The answer did not come in time'),
        todo: 'Answer first and do the work afterwards, in a queue. The receiver may have got the event, so let it ignore repeats by X-Posthorn-Event.',
      };
    case 'network_error':
      return {
        what: sentence(error ?? 'The request failed'),
        todo: NETWORK.find(([pattern]) => pattern.test(error ?? ''))?.[1] ?? NETWORK_ADVICE,
      };
    case 'blocked':
      return {
        what: sentence(error ?? 'Not sent: the target is refused'),
        todo: 'Deliveries go to public addresses only. Change the endpoint’s URL, or ask the operator to open the network (EGRESS_ALLOW).',
      };
    case 'interrupted':
      return {
        what: 'Posthorn was stopped during the attempt, so it is not known whether the receiver got it.',
        todo: 'Nothing: it was tried again by itself where attempts were left. The receiver may get the event twice.',
      };
  }
}

const CODE = /\(([A-Z][A-Z0-9_]+)\)$/;

/** What a row of the list says of the last answer: its status, else a word for what went wrong. */
export function shortResult(lastStatus: number | null, lastError: string | null): string | null {
  if (lastStatus !== null) return String(lastStatus);
  if (lastError === null) return null;
  if (lastError.startsWith('No answer within')) return 'timeout';
  if (lastError.startsWith('Not sent')) return 'blocked';
  return CODE.exec(lastError)?.[1] ?? lastError;
}
