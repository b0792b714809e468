import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A mail as it arrived: who it was really for, and what it says. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly parsed: Email;
}

/** A real mail server on loopback that keeps what it gets. */
export interface MailServer {
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** Recipients that clients named so far, refused ones included. */
  readonly named: string[];
  /** What recipients are answered from now on; 250 takes them, 0 leaves the client waiting. */
  answer(code: 0 | 250 | 450 | 550): void;
  close(): Promise<void>;
}

/** Whom the server lets in. */
export const MAIL_USER = 'posthorn';
export const MAIL_PASSWORD = 'mail-pass/word';

/** @param port a free one unless given */
export async function startMailServer(port = 0): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const named: string[] = [];
  let code = 250;
  const server = new SMTPServer({
    hideSTARTTLS: true,
    authMethods: ['PLAIN'],
    allowInsecureAuth: true,
    logger: false,
    closeTimeout: 1,
    onAuth({ username, password }, _, done) {
      // A careless server that repeats what it got: the password must not get into a log by it.
      const known = username === MAIL_USER && password === MAIL_PASSWORD;
      done(known ? null : new Error(`Wrong: ${password}`), { user: username });
    },
    onRcptTo({ address }, _, done) {
      named.push(address);
      if (code === 0) return;
      const refusal = Object.assign(new Error('No such user here'), { responseCode: code });
      done(code === 250 ? null : refusal);
    },
    onData(stream, { envelope }, respond) {
      const keep = async (): Promise<null> => {
        const raw = await buffer(stream);
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        mails.push({ from, to, raw: raw.toString('latin1'), parsed: await PostalMime.parse(raw) });
        return null;
      };
      keep().then(respond, respond);
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    named,
    answer(next) {
      code = next;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
