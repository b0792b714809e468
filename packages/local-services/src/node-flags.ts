/**
 * What Node is started with, for each program of ours: one thread beside the main one, in place of four. They only collect
 * garbage, a program counts as one core, and four on two cores keep each other and the main thread waiting.
 */
export const NODE_FLAGS: readonly string[] = ['--v8-pool-size=1'];
