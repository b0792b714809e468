import { type Answer, ok } from '../../http/answer.ts';

/** `GET /livez`: the process answers. */
export const getLivez = (): Answer => ok({ status: 'ok' });
