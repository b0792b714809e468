/**
 * Ports of other protocols, to which an HTTP request could be a command or an attack.
 * Source: the Fetch standard's port blocking, and databases, caches and queues.
 */
const REFUSED_PORTS: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 138, 139, 143, 161, 162, 179, 389, 427, 445, 465, 512, 513, 514, 515, 526,
  530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 623, 631, 636, 873, 989, 990, 992, 993, 995, 1433, 1434, 1521, 1719,
  1720, 1723, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 4369, 5060, 5061, 5432, 5672, 5900,
  5984, 5985, 5986, 6000, 6379, 6380, 6443, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 7000, 7001, 9042, 9092,
  9160, 9200, 9300, 10080, 10250, 10255, 11211, 15672, 25672, 27017, 27018, 27019, 50000, 61616,
]);

/** Whether this port belongs to another protocol. */
export const isRefusedPort = (port: number): boolean => REFUSED_PORTS.has(port);
