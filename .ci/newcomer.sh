#!/usr/bin/env bash
# Runs a command as somebody would who has just cloned the project and has nothing but Go: no CI, no services,
# and no network where the kernel lets us take it away.
set -euo pipefail
plain=(env -u CI -u CHROMIUM)
for name in $(compgen -e | grep '^EINLASS_' || true); do plain+=(-u "$name"); done
if unshare --net true 2>/dev/null; then
  # shellcheck disable=SC2016 # the inner shell expands them
  exec unshare --net sh -c 'ip link set lo up && exec "$@"' offline "${plain[@]}" "$@"
fi
exec "${plain[@]}" "$@"
