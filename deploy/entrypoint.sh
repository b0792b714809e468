#!/bin/sh
# The image's roles. `exec` makes node the container's first process, so that it gets SIGTERM and can drain.
case "$1" in
  api) exec node --v8-pool-size=1 --max-semi-space-size=32 apps/api/dist/main.js ;;
  dispatcher) exec node --v8-pool-size=1 apps/dispatcher/dist/main.js ;;
  migrate) exec node packages/store/dist/migrate-main.js ;;
  rotate-secrets) exec node packages/store/dist/rotate-secrets-main.js ;;
  verify-audit) exec node packages/store/dist/verify-audit-main.js ;;
  *) exec "$@" ;;
esac
