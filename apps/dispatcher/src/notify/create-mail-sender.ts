import type { SendOutcome } from './decide-settlement.ts';
import type { Mail } from './mail-parts.ts';

const MAX_REASON_CHARACTERS = 500;

/** Where mail goes through, and whom it is from. */
export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password where the server asks for them. */
  readonly smtpUrl: string;
  readonly from: { readonly name: string; readonly address: string };
  /** One deadline over DNS, connect, TLS and the whole dialogue with the server. */
  readonly timeoutMs: number;
}

/** Sends one mail to one address; `id` makes its Message-ID, the same in every try. */
export type MailSender = (id: string, address: string, mail: Mail) => Promise<SendOutcome>;

/** The server's own words belong to the reason; what they must not hold is the password, nor what a log line breaks at. */
function reasonOf(error: unknown, password: string): string {
  const text = error instanceof Error ? error.message : String(error);
  const safe = password === '' ? text : text.replaceAll(password, '***');
  return safe.replaceAll(/\p{Cc}+/gu, ' ').slice(0, MAX_REASON_CHARACTERS);
}

/** Only the recipient's own refusal is final: a wrong password or sender is repaired by the operator meanwhile. */
function isRefusedRecipient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, command, permanent } = error as { code?: unknown; command?: unknown; permanent?: unknown };
  return code === 'EENVELOPE' && command === 'RCPT TO' && permanent === true;
}

/** Loaded with the first mail: most dispatchers never send one, and starting is what they do while deliveries wait. */
async function openTransport(url: string) {
  const { createTransport } = await import('nodemailer');
  return createTransport({ url, disableFileAccess: true, disableUrlAccess: true });
}

/**
 * Opens nothing until the first mail.
 *
 * @param interrupt cuts off mails under way when the process must end
 */
export function createMailSender({ smtpUrl, from, timeoutMs }: MailSettings, interrupt: AbortSignal): MailSender {
  let opened: ReturnType<typeof openTransport> | undefined;
  const password = decodeURIComponent(new URL(smtpUrl).password);
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return async (id, address, mail) => {
    try {
      opened ??= openTransport(smtpUrl);
      await (await opened).sendMail({
        ...mail,
        from,
        to: { name: '', address },
        messageId: `<${id}@${domain}>`,
        // So that nobody's automatic reply comes back.
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.any([interrupt, AbortSignal.timeout(timeoutMs)]),
      });
      return { kind: 'sent' };
    } catch (error) {
      return { kind: isRefusedRecipient(error) ? 'refused' : 'failed', reason: reasonOf(error, password) };
    }
  };
}
