# shellcheck shell=bash disable=SC2154 # sourced by .ci/run, which sets $logs
# Stages of a run.

failed=()

# stage NAME COMMAND… runs one step silently and prints its name and seconds. A failure is shown and remembered,
# so that one run tells of everything that is broken.
stage() {
  local name=$1 start=$SECONDS
  shift
  if "$@" >>"$logs/$name.log" 2>&1 </dev/null; then
    printf '%-12s ok     %4d s\n' "$name" $((SECONDS - start))
    return
  fi
  printf '%-12s FAILED %4d s: %s\n' "$name" $((SECONDS - start)) "$*"
  tail -n "${CI_TAIL:-80}" "$logs/$name.log" | sed 's/^/    /'
  failed+=("$name")
}

# must_stage is a stage without which the others mean nothing.
must_stage() {
  local before=${#failed[@]}
  stage "$@"
  [ ${#failed[@]} -eq "$before" ] || finish
}

# finish says how it went and ends the run.
finish() {
  if [ ${#failed[@]} -gt 0 ]; then
    printf 'FAILED after %d s: %s\n' "$SECONDS" "${failed[*]}"
    exit 1
  fi
  printf 'green after %d s\n' "$SECONDS"
  exit 0
}
