/** One thread beside the main one, in place of four: a program counts as one core, and four on two cores keep all waiting. */
const ONE_HELPER = '--v8-pool-size=1';

/**
 * What Node is started with, by program. The API fills 32 MB between two collections in
 * place of 16, which costs it a tenth less; a dispatcher would need more memory than it may have (docs/performance.md).
 */
export const NODE_FLAGS = {
  api: [ONE_HELPER, '--max-semi-space-size=32'],
  dispatcher: [ONE_HELPER],
} as const;
