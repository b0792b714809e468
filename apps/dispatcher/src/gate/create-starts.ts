import type { Lane, Lanes } from './create-lanes.ts';

/** A claimed delivery waits this long for its endpoint's answers at the most, ms: its lease goes on meanwhile. */
const MAX_WAIT_MS = 1_000;

/** Lets requests whose deliveries were claimed ahead begin, in their order, as their endpoint answers others. */
export interface Starts {
  /** @returns false: it has waited for too long, or the gate is closed */
  start(lane: Lane): boolean | Promise<boolean>;
  /** Begins what there is room for now. */
  goOn(lane: Lane): void;
  /** Sends back what waits. */
  close(lane: Lane): void;
}

export function createStarts(lanes: Pick<Lanes, 'mayStart' | 'noteStart' | 'noteWaitedInVain'>): Starts {
  const wait = (lane: Lane): Promise<boolean> =>
    new Promise((resolve) => {
      const end = (mayStart: boolean): void => {
        clearTimeout(patience);
        resolve(mayStart);
      };
      const patience = setTimeout(() => {
        lane.starting = lane.starting.filter((each) => each !== end);
        lanes.noteWaitedInVain(lane);
        end(false);
      }, MAX_WAIT_MS);
      lane.starting.push(end);
    });

  return {
    start(lane) {
      if (lane.starting.length > 0 || !lanes.mayStart(lane)) return wait(lane);
      lanes.noteStart(lane);
      return true;
    },
    goOn(lane) {
      while (lane.starting.length > 0 && lanes.mayStart(lane)) {
        lanes.noteStart(lane);
        lane.starting.shift()?.(true);
      }
    },
    close(lane) {
      for (const end of lane.starting.splice(0)) end(false);
    },
  };
}
