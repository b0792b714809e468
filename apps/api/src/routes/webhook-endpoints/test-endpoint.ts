import type { testEndpointBody } from '@posthorn/http-api/endpoint';
import type { z } from 'zod';
import type { AcceptDeps } from '../../events/accept.ts';
import { prepareTest } from '../../events/prepare-request.ts';
import type { Answer } from '../../http/answer.ts';
import { conflict } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { type SampleWay, sendSample } from './send-sample.ts';

const refuseDisabled: SampleWay['check'] = ({ status }) => {
  if (status !== 'enabled') throw conflict('The endpoint is disabled; enable it to test it, or probe it.');
};

/** `POST /v1/webhook-endpoints/{id}/test`: an event like others, for this endpoint alone. */
export function postTest(
  call: Call<TenantScope, undefined, z.output<typeof testEndpointBody>>,
  deps: AcceptDeps,
): Promise<Answer> {
  const prepare: SampleWay['prepare'] = (...sample) => prepareTest(call.tenant, ...sample);
  return sendSample(call, { check: refuseDisabled, prepare }, deps);
}
