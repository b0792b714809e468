// Asks the process of this container how it is: the API on PORT, or a dispatcher on DISPATCHER_PORT.
// The argument is the question: livez (does it answer?) or readyz (can it work?).
const question = process.argv[2] ?? 'livez';
const ports = [process.env.PORT || '8080', process.env.DISPATCHER_PORT || '8081'];
const TIMEOUT_MS = 4_000;

const asks = ports.map(async (port) => {
  const answer = await fetch(`http://127.0.0.1:${port}/${question}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${question} on port ${port} answered ${answer.status}`);
});
try {
  await Promise.any(asks);
} catch (error) {
  console.error(error.errors.map(({ message }) => message).join('; '));
  process.exit(1);
}
