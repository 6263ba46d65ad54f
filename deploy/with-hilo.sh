#!/usr/bin/env bash
# Runs COMMAND beside a whole Hilo of its own: every service in one process with the dashboard in it,
# simulated providers, a private PostgreSQL. Leaves nothing.
#
#   with-hilo.sh [--customers N] COMMAND...
#
#   --customers N   simulated customers who write by themselves; none if not asked for
#
# COMMAND finds HILO_URL (the dashboard and the API), HILO_SIMULATOR_URL, HILO_EMAIL and HILO_PASSWORD
# (the owner of the demo's account), HILO_OUTPUT (what Hilo says; its end is shown when COMMAND fails)
# and what with-services.sh gives. Rates are not limited. Exits as COMMAND does.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
arguments=("$@")
customers=0
while [[ ${1:-} == --* ]]; do
  case $1 in
  --customers) customers=${2:?--customers: how many?}; shift ;;
  *) echo "with-hilo.sh: no such switch: $1" >&2; exit 2 ;;
  esac
  shift
done
(($#)) || { echo 'usage: with-hilo.sh [--customers N] COMMAND...' >&2; exit 2; }

# It brings the database, and takes it away however we end.
[[ ${HILO_TEST_DATABASE_URL:-} ]] || exec "$here/with-services.sh" "$0" "${arguments[@]}"

root=$(dirname "$here")
built=$(make --silent --directory="$root" dashboard 2>&1) || { echo "$built" >&2; exit 1; }
# HILO_BINARY is one that is built already, as `make test` has it.
hilo=$(readlink -m "${HILO_BINARY:-${CARGO_TARGET_DIR:-$root/target}/debug/hilo}")
[[ ${HILO_BINARY:-} ]] || cargo build --quiet --manifest-path="$root/Cargo.toml" -p hilo

# In the folder of the private servers, which is deleted also when we are killed hard.
dir=${HILO_TEST_PG_DIR:+${HILO_TEST_PG_DIR%/*/*}}
dir=$(mktemp -d "${dir:-${TMPDIR:-/tmp}}/with-hilo.XXXXXX")
export HILO_OUTPUT=$dir/output

declare -A settings=(
  [DATABASE_URL]=$HILO_TEST_DATABASE_URL
  [HILO_DATA]=$dir/data
  [HILO_CUSTOMERS]=$customers
  # A port that is taken is replaced by a free one.
  [HILO_PORT]=$((20000 + SRANDOM % 12000)) [HILO_DASHBOARD_PORT]=0
  # A test asks as fast as it can, and a stream that a page left is only missed at the next heartbeat.
  [GATEWAY__STREAMS_PER_USER]=100000
  [GATEWAY__REQUESTS_PER_SECOND]=100000 [GATEWAY__REQUEST_BURST]=100000
  [GATEWAY__STRANGER_REQUESTS_PER_SECOND]=100000 [GATEWAY__STRANGER_BURST]=100000
)
# Nothing of the caller's that is a setting of Hilo: it may aim at a real Twilio.
up=(env)
for name in $(compgen -e); do
  case $name in
  HILO_OUTPUT | HILO_LOG | HILO_TEST_*) ;;
  HILO_* | GATEWAY__* | INGRESS__* | CONVERSATIONS__* | RESPONDER__* | TWILIO_* | ANTHROPIC_* | AMQP_URL | OTEL_*)
    up+=(--unset="$name") ;;
  esac
done
for name in "${!settings[@]}"; do up+=("$name=${settings[$name]}"); done

# In a session of its own, so that no Ctrl-C reaches it before COMMAND has ended; killed with us.
(cd / && exec setsid setpriv --pdeathsig KILL "${up[@]}" "$hilo" up) >"$HILO_OUTPUT" 2>&1 </dev/null &
pid=$!

stop() {
  local _
  kill -TERM "$pid" 2>/dev/null || true
  for _ in {1..300}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

said() { sed -nE "s|^ *$1 +([^ ]+).*|\1|p" "$HILO_OUTPUT" | head -1; }

deadline=$((SECONDS + 120))
until HILO_URL=$(said 'Open the dashboard') && [[ $HILO_URL && $(said 'with the password') ]]; do
  if ! kill -0 "$pid" 2>/dev/null || ((SECONDS >= deadline)); then
    echo 'with-hilo.sh: Hilo did not come up:' >&2
    tail -40 "$HILO_OUTPUT" >&2
    exit 1
  fi
  sleep 0.1
done
HILO_URL=${HILO_URL%/}
HILO_SIMULATOR_URL=$(said 'Text as a customer and watch')
HILO_SIMULATOR_URL=${HILO_SIMULATOR_URL%/}
HILO_EMAIL=$(said 'Sign in as')
HILO_PASSWORD=$(said 'with the password')
export HILO_URL HILO_SIMULATOR_URL HILO_EMAIL HILO_PASSWORD

# In the background, because bash runs no trap while a foreground command lasts.
setpriv --pdeathsig TERM env --default-signal=INT,QUIT "$@" <&0 &
command=$!
trap 'kill -TERM $command 2>/dev/null || true' TERM
trap '[[ -t 0 ]] || kill -INT $command 2>/dev/null || true' INT
while :; do
  status=0
  wait "$command" || status=$?
  kill -0 "$command" 2>/dev/null || break
done
if ((status)); then
  echo "with-hilo.sh: COMMAND exited with $status; the end of what Hilo said:" >&2
  tail -40 "$HILO_OUTPUT" >&2
fi
exit "$status"
