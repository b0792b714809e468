import { createSocket } from 'node:dgram';
import { type Answer, decode, encode } from 'dns-packet';

/** What a name server says of a name: its addresses, that there is no such name, or nothing at all. */
export type NameAnswer = readonly string[] | 'no such name' | 'fails' | 'silent';

/** A real DNS server on loopback (UDP), with answers by name. */
export interface NameServer {
  /** `address:port`. */
  readonly address: string;
  /** Names that were asked for, once for IPv4 and once for IPv6. */
  readonly asked: string[];
  /** Answers from now on, one lookup after the other, the last for the rest. A name that was never given does not exist. */
  answer(name: string, ...answers: [NameAnswer, ...NameAnswer[]]): void;
  close(): Promise<void>;
}

const NXDOMAIN = 3;
const SERVFAIL = 2;
/** Long enough to be wrong at once, were it ever kept. */
const TTL_SECONDS = 3_600;

export async function startNameServer(ttl = TTL_SECONDS): Promise<NameServer> {
  const names = new Map<string, { A: NameAnswer[]; AAAA: NameAnswer[] }>();
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const { id, questions = [] } = decode(message);
    const [question] = questions;
    if (!question || (question.type !== 'A' && question.type !== 'AAAA')) return;
    const { name, type } = question;
    asked.push(name);
    const left = names.get(name.toLowerCase())?.[type] ?? ['no such name'];
    const found = (left.length > 1 ? left.shift() : left[0]) ?? 'silent';
    if (found === 'silent') return;
    const code = found === 'no such name' ? NXDOMAIN : found === 'fails' ? SERVFAIL : 0;
    const addresses = typeof found === 'string' ? [] : found;
    const answers = addresses
      .filter((each) => each.includes(':') === (type === 'AAAA'))
      .map((data): Answer => ({ type, name, ttl, data }));
    socket.send(encode({ id, type: 'response', flags: 0x01_80 | code, questions, answers }), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    answer: (name, ...answers) => void names.set(name, { A: [...answers], AAAA: [...answers] }),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
