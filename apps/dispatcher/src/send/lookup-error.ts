/** A host name led to no address. `ENOTFOUND`: DNS says that it has none; `EAI_AGAIN`: DNS gave no usable answer. */
export class LookupError extends Error {
  readonly code: 'ENOTFOUND' | 'EAI_AGAIN';

  constructor(code: LookupError['code']) {
    super(code);
    this.code = code;
  }
}
