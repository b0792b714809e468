import { Alert, Code } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';

/** In the place of a result: a value that the record masks says nothing of the signature. */
export function MaskedSignature({ names }: { readonly names: readonly string[] }) {
  return (
    <Alert color="blue" role="note" icon={<IconEyeOff aria-hidden />} title="Not checked: the signature is masked">
      The <Code>***</Code> in {inWords(names)} stands for a signature, which Posthorn does not keep. Paste the header as
      the receiver got it, for example from its log, and check again.
    </Alert>
  );
}

const inWords = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);
