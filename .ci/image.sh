#!/usr/bin/env bash
# Builds the image's content without a container engine: reads the Dockerfile, runs its RUN lines on the context that
# .dockerignore leaves, lays out the last stage as a folder and starts the program there, as the image's user.
set -euo pipefail
cd "$(dirname -- "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
server=
# shellcheck disable=SC2317 # called by the trap
stop() {
  [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT
chmod 755 "$work"
root=$work/root
fail() { printf 'Dockerfile: %s\n' "$1"; exit 1; }
lines() { sed -e ':join' -e '/\\$/{N;s/\\\n//;b join' -e '}' Dockerfile | grep -v '^#'; }
stage_lines() { lines | awk -v want="$1" '/^FROM/ {n++} n == want'; }
arguments() { stage_lines "$1" | sed -n "s/^$2 //p"; }

# 1. What an image of ours promises.
[ "$(lines | grep -c '^FROM ')" -eq 2 ] || fail 'two stages: build, and what is left'
! lines | grep -q '^ADD ' || fail 'COPY does it'
[ "$(arguments 2 USER)" = 65532:65532 ] || fail 'a user by number, not root'
arguments 2 HEALTHCHECK | grep -q 'CMD \["/einlass", "health"\]' || fail 'the program checks itself'
[ "$(arguments 2 ENTRYPOINT) $(arguments 2 CMD)" = '["/einlass"] ["serve"]' ] || fail 'einlass serve, without a shell'
[ "$(arguments 2 VOLUME) $(arguments 2 EXPOSE)" = '/data 8080' ] || fail 'VOLUME and EXPOSE'

# 2. The context: what .dockerignore lets through of the files that git knows.
mkdir -p "$work/src" "$root"
mapfile -t kept < <(sed -n 's/^!//p' .dockerignore)
git ls-files -z --cached --others --exclude-standard -- "${kept[@]}" |
  grep -zvE '(^|/)testdata/|_test\.go$' | xargs -0 cp --parents --target-directory="$work/src"

# 3. The build stage. /out is a folder of ours.
while IFS= read -r command; do
  (cd "$work/src" && VERSION=image-check bash -euo pipefail -c "${command//\/out/$work/out}")
done < <(arguments 1 RUN)

# 4. The last stage.
while read -r -a copy; do
  [ "${copy[0]}" = --from=build ] || fail "cannot follow: COPY ${copy[*]}"
  from=${copy[-2]} to=$root${copy[-1]}
  mkdir -p "$(dirname -- "$to")"
  cp -RT -- "${from/#\/out/$work/out}" "$to"
  case ${copy[1]} in --chown=*) [ "$(id -u)" -ne 0 ] || chown -R "${copy[1]#--chown=}" "$to" ;; esac
done < <(arguments 2 COPY)

# 5. Does it run, alone in that folder? Only root may shut a program in; without root it runs from outside.
mapfile -t settings < <(arguments 2 ENV | tr ' ' '\n')
settings+=(EINLASS_LISTEN=127.0.0.1:"${EINLASS_IMAGE_PORT:-8363}")
einlass() {
  if [ "$(id -u)" -eq 0 ]; then
    # No shell in there to change to WORKDIR: the database's folder is named instead.
    exec env -i PATH="$PATH" "${settings[@]}" EINLASS_DATABASE=sqlite:/data/einlass-data "$@" \
      chroot --userspec="$(arguments 2 USER)" "$root" /einlass "${verb[@]}"
  fi
  exec env -i "${settings[@]}" EINLASS_DATABASE="sqlite:$root/data/einlass-data" "$@" "$root/einlass" "${verb[@]}"
}
verb=(version)
version=$(einlass)
printf '%s, %s bytes\n' "$version" "$(stat -c %s "$root/einlass")"
grep -q image-check <<<"$version" || fail 'VERSION does not reach the version command'
verb=(health)
! (einlass) 2>/dev/null || fail 'health is content although nothing runs'
verb=(serve)
(einlass EINLASS_BASE_URL=https://einlass.example.org EINLASS_PRETIX_URL=https://tickets.example.org EINLASS_PRETIX_TOKEN=none-0123456789abcdef \
  EINLASS_PRETIX_ORGANIZER=club EINLASS_PRETIX_EVENT=courses EINLASS_JWT_SECRET=0123456789abcdef0123456789abcdef \
  EINLASS_BBB_URL=https://bbb.example.org/bigbluebutton/ EINLASS_BBB_SECRET=0123456789abcdef) >"$work/serve.log" 2>&1 &
server=$!
verb=(health)
for _ in $(seq 50); do
  if (einlass) >"$work/health.log" 2>&1; then healthy=yes && break; fi
  kill -0 "$server" 2>/dev/null || break
  sleep 0.2
done
[ "${healthy:-}" = yes ] || { cat "$work/serve.log" "$work/health.log"; fail 'serve never became healthy'; }
kill -TERM "$server"
wait "$server" || { cat "$work/serve.log"; fail 'serve did not end well when told to'; }
server=
echo 'image: builds, starts, is healthy, stops'
