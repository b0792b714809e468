import { Accordion, Input, NumberInput, Stack, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { EndpointDraft } from './endpoint-draft.ts';
import { FailurePolicyFields } from './failure-policy-fields.tsx';
import { HeaderFields, ReplaceHeaders } from './header-fields.tsx';
import { TypePicker } from './type-picker.tsx';
import { UrlField } from './url-field.tsx';

const MAX_RATE = 10_000;
const MAX_SKIP_AFTER = 100;
const MAX_DESCRIPTION = 1_000;

/** Fields that show their errors themselves. */
export const endpointFieldNames = [
  'url',
  'events',
  'description',
  'headers',
  'rate_limit',
  'ordering_skip_after',
  'failure_policy.warn_after_seconds',
  'failure_policy.disable_after_seconds',
] as const;

interface Fields {
  readonly draft: EndpointDraft;
  readonly onChange: (change: Partial<EndpointDraft>) => void;
  readonly errorOf: (field: string) => string | undefined;
  /** Headers that the endpoint has; `null`: it is yet to be made. */
  readonly headerNames: readonly string[] | null;
  /** Further parts of the advanced ones. */
  readonly children?: ReactNode;
}

function Advanced({ draft, onChange, errorOf, headerNames, children }: Fields) {
  return (
    <Stack>
      <Input.Wrapper
        labelElement="div"
        label="Headers"
        description="Sent with every delivery, for example for your own authorization. They are kept sealed."
      >
        <Stack gap="xs" mt="xs">
          {headerNames === null ? (
            <HeaderFields
              rows={draft.headers ?? []}
              onChange={(headers) => onChange({ headers })}
              error={errorOf('headers')}
            />
          ) : (
            <ReplaceHeaders
              names={headerNames}
              rows={draft.headers}
              onChange={(headers) => onChange({ headers })}
              error={errorOf('headers')}
            />
          )}
        </Stack>
      </Input.Wrapper>
      <NumberInput
        label="Rate limit"
        description="Requests per second at the most; empty: as the profile says."
        min={1}
        max={MAX_RATE}
        allowDecimal={false}
        value={draft.ratePerSecond}
        error={errorOf('rate_limit')}
        onChange={(rate) => onChange({ ratePerSecond: rate === '' ? '' : Number(rate) })}
      />
      <NumberInput
        label="Ordering: pass a failing delivery after"
        description="So many failed attempts; then the next one with its ordering key is sent. Empty: the next one waits until it has ended."
        min={1}
        max={MAX_SKIP_AFTER}
        allowDecimal={false}
        value={draft.orderingSkipAfter}
        error={errorOf('ordering_skip_after')}
        onChange={(attempts) => onChange({ orderingSkipAfter: attempts === '' ? '' : Number(attempts) })}
      />
      <FailurePolicyFields
        warnAfter={draft.warnAfter}
        disableAfter={draft.disableAfter}
        onChange={onChange}
        errorOf={errorOf}
      />
      {children}
    </Stack>
  );
}

/** What can be said of an endpoint, whether it is there already or not. */
export function EndpointFields(props: Fields) {
  const { draft, onChange, errorOf } = props;
  const [open, setOpen] = useState<string | null>(null);
  const hasAdvancedError = endpointFieldNames.slice(3).some((field) => errorOf(field) !== undefined);
  return (
    <Stack>
      <UrlField value={draft.url} onChange={(url) => onChange({ url })} error={errorOf('url')} />
      <Textarea
        label="Description"
        autosize
        minRows={1}
        maxRows={4}
        maxLength={MAX_DESCRIPTION}
        value={draft.description}
        error={errorOf('description')}
        onChange={({ currentTarget }) => onChange({ description: currentTarget.value })}
      />
      <TypePicker allTypes={draft.allTypes} types={draft.types} onChange={onChange} error={errorOf('events')} />
      <Accordion variant="separated" value={hasAdvancedError ? 'advanced' : open} onChange={setOpen}>
        <Accordion.Item value="advanced">
          <Accordion.Control>Advanced</Accordion.Control>
          <Accordion.Panel>
            <Advanced {...props} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}
