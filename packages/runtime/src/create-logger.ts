import winston from 'winston';

/** Fields of a log line. Ids and figures only: never payloads, secrets or keys. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line an event; `fields` become the line's own fields. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

const readable = winston.format.printf(({ timestamp, level, message, service, ...fields }) => {
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  return `${String(timestamp).slice(11, 23)} ${level} ${String(service)}: ${String(message)}${rest.join('')}`;
});

/** winston's own form sorts the keys and looks for cycles, which takes three times as long; a line of ours has neither. */
const oneLine = winston.format.printf((line) => {
  try {
    return JSON.stringify(line);
  } catch (error) {
    const { timestamp, level, message, service } = line;
    return JSON.stringify({ timestamp, level, message, service, unwritable: String(error) });
  }
});

/**
 * A logger for one process: JSON lines, or readable ones where a person is watching.
 *
 * @param service stands in every line
 * @param readableLines whether standard output is a terminal
 */
export function createLogger(service: string, level: string, readableLines: boolean): Logger {
  const { combine, timestamp, colorize } = winston.format;
  return winston.createLogger({
    level,
    defaultMeta: { service },
    format: readableLines ? combine(timestamp(), colorize({ level: true }), readable) : combine(timestamp(), oneLine),
    transports: [new winston.transports.Console()],
  });
}
