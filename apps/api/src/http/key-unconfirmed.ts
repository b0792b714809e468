/** What was asked by a remembered key was not done: the key may have changed. The request is judged again by a fresh look. */
export class KeyUnconfirmed extends Error {
  override readonly name = 'KeyUnconfirmed';
}
