/** Refused at once because too much waits already, or given up after waiting too long. It was not begun; the same call may succeed later. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}
