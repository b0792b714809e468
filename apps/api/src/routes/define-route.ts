import type { Scope } from '@posthorn/domain/scopes';
import type { ProblemCode } from '@posthorn/http-api/problem';
import type { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { Answer } from '../http/answer.ts';
import type { DescribeAct } from '../http/describe-act.ts';
import type { AcceptedNote, Caller } from '../http/request-context.ts';
import type { TenantScope } from '../http/resolve-tenant.ts';
import type { TakenBody } from '../http/take-body.ts';

/**
 * Who may call: a `tenant` (or the operator acting as one), a tenant or the operator for `tenant-or-all`, the
 * `operator` alone, `any-key`, or anybody (`public`).
 */
export type Access = 'tenant' | 'tenant-or-all' | 'operator' | 'any-key' | 'public';

type TenantFor<A extends Access> = A extends 'tenant'
  ? TenantScope
  : A extends 'tenant-or-all'
    ? TenantScope | null
    : null;
type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** The parts of a path that vary. Reading one that the path does not have gives an empty text, which names nothing. */
export type PathParams = Readonly<Record<'id' | 'key' | 'name' | 'lifecycle' | 'subject', string>>;

/** A request that was let in and is well formed. */
export interface Call<Tenant = TenantScope, Query = undefined, Body = undefined> {
  readonly caller: Caller | null;
  readonly tenant: Tenant;
  readonly params: PathParams;
  readonly query: Query;
  readonly body: Body;
  /** The body as it was written, without insignificant white space; empty where the route takes none. */
  readonly bodyText: string;
  /** Does work on the body that takes long where the body is large. */
  readonly work: TakenBody['work'];
  /** A header's value; names in lower case. */
  readonly header: (name: string) => string | undefined;
  /** Whether the client speaks HTTPS, to this server or to a trusted proxy. */
  readonly secure: boolean;
  /** What the audit log is to say; whatever changes something takes it along into its transaction. */
  readonly act: DescribeAct;
  /** Adds to the request's log line what it stored. */
  readonly note: (accepted: AcceptedNote) => void;
}

/** What a route answers with one status. */
export interface AnswerSpec {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Only for texts that are not JSON. */
  readonly mediaType?: string;
}

export interface RouteSpec<A extends Access, Query, Body> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it: `/v1/tenants/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: A;
  readonly scope: Scope | null;
  readonly query?: Query;
  readonly body?: Body;
  /** Whether a request without any body counts as `{}`. */
  readonly bodyOptional?: boolean;
  readonly bodyLimitBytes?: number;
  /** Whether what it stores confirms the caller's key, which may then come from memory. */
  readonly confirmsKey?: boolean;
  /** Whether it does nothing but store events: others of a tenant take turns. */
  readonly postsEvents?: boolean;
  /** Whether the header Idempotency-Key is heard. */
  readonly idempotent?: boolean;
  readonly answers: Readonly<Record<number, AnswerSpec>>;
  /** Refusals of its own; those that follow from access, body and path are added. */
  readonly refusals?: readonly ProblemCode[];
  readonly handle: (call: Call<TenantFor<A>, Output<Query>, Output<Body>>, deps: Deps) => Answer | Promise<Answer>;
}

/** A route whose types have done their work. */
export type Route = Omit<RouteSpec<Access, z.ZodType | undefined, z.ZodType | undefined>, 'handle'> & {
  readonly handle: (call: Call<TenantScope | null, unknown, unknown>, deps: Deps) => Answer | Promise<Answer>;
};

/** What is said of a route. */
export type RouteDescription = Omit<Route, 'handle'>;

/** Ties a route's handler to its schemas, so that a handler gets exactly what was validated. */
export function defineRoute<
  const A extends Access,
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(spec: RouteSpec<A, Query, Body>): Route {
  return spec as unknown as Route;
}
