import type { probeEndpointBody } from '@posthorn/http-api/endpoint';
import type { z } from 'zod';
import type { AcceptDeps } from '../../events/accept.ts';
import { prepareProbe } from '../../events/prepare-request.ts';
import type { Answer } from '../../http/answer.ts';
import { conflict } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { type SampleWay, sendSample } from './send-sample.ts';

/** Whoever disabled an endpoint by a request did not mean that an answer enables it. */
const refuseToEnable: SampleWay['check'] = ({ status, disabledBy }) => {
  if (status === 'enabled' || disabledBy === 'failures') return;
  throw conflict('The endpoint was disabled on request; enable it with a PATCH of status, or probe it without that.');
};

/** `POST /v1/webhook-endpoints/{id}/probe`: one attempt, to a disabled endpoint too. */
export function postProbe(
  call: Call<TenantScope, undefined, z.output<typeof probeEndpointBody>>,
  deps: AcceptDeps,
): Promise<Answer> {
  const enables = call.body.enable_on_success;
  const prepare: SampleWay['prepare'] = (...sample) =>
    prepareProbe(call.tenant, enables ? 'enable' : 'check', ...sample);
  return sendSample(call, { check: enables ? refuseToEnable : () => undefined, prepare }, deps);
}
