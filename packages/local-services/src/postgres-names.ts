/** The superuser of an embedded cluster. */
export const POSTGRES_ROLE = 'posthorn';

/** The database that an embedded cluster is made with. */
export const POSTGRES_DATABASE = 'posthorn';

/** All that PostgreSQL's programs see of the environment: a user's PGDATA or LC_ALL must not reach them. */
export const POSTGRES_ENV: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };
