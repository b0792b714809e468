/** The line in which deliveries of one ordering key to one endpoint wait for each other. */
export interface OrderingLine {
  readonly endpointId: string;
  readonly orderingKey: string;
}

/** Lines, each once. */
export function distinctLines(lines: readonly OrderingLine[]): OrderingLine[] {
  const byName = new Map(lines.map((line) => [`${line.endpointId} ${line.orderingKey}`, line]));
  return [...byName.values()];
}
