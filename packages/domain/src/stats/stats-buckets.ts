/** The ranges of time that statistics are shown of: how long the buckets of each are, and how many there are. */
export const statsBuckets = {
  '1h': { bucketSeconds: 60, bucketCount: 60 },
  '24h': { bucketSeconds: 1_800, bucketCount: 48 },
  '7d': { bucketSeconds: 21_600, bucketCount: 28 },
} as const;

/** The buckets of one range. Each length is a multiple of the shorter ones, and all begin at multiples of theirs since 1970. */
export type StatsBuckets = (typeof statsBuckets)[keyof typeof statsBuckets];
