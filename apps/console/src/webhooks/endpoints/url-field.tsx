import { TextInput } from '@mantine/core';
import { checkUrl } from './check-url.ts';

/** An endpoint's address, checked while it is being typed. @param error of the API, or of a try to send */
export function UrlField({
  value,
  onChange,
  error,
}: {
  readonly value: string;
  readonly onChange: (url: string) => void;
  readonly error: string | undefined;
}) {
  const problem = value === '' || value.length < 'https://a'.length ? null : checkUrl(value);
  const isRefused = problem?.kind === 'refused';
  return (
    <TextInput
      label="URL"
      type="text"
      inputMode="url"
      required
      data-autofocus
      placeholder="https://api.example.com/webhooks"
      spellCheck={false}
      autoComplete="off"
      value={value}
      error={error ?? (isRefused ? problem.text : undefined)}
      description={problem && !isRefused ? problem.text : 'Where deliveries are posted: https, and public.'}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      onChange={({ currentTarget }) => onChange(currentTarget.value.trim())}
    />
  );
}
