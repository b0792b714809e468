import { Duplex } from 'node:stream';

/** A tunnel as a stream of its own: of a socket that is connected, Node would hand all that arrives straight to TLS. */
export function carryTunnel(tunnel: Duplex): Duplex {
  const carrier = new Duplex({
    read: () => void tunnel.resume(),
    write: (chunk, encoding, done) => void tunnel.write(chunk, encoding, done),
    final: (done) => void tunnel.end(done),
    destroy(error, done) {
      tunnel.destroy();
      done(error);
    },
  });
  tunnel.on('data', (chunk: Buffer) => {
    if (!carrier.push(chunk)) tunnel.pause();
  });
  tunnel.once('end', () => carrier.push(null));
  tunnel.once('close', () => carrier.destroy());
  tunnel.on('error', (error) => carrier.destroy(error));
  return carrier;
}
