#!/usr/bin/env bash
# Runs COMMAND beside a private PostgreSQL, and a private RabbitMQ if asked for, and leaves nothing.
#
#   with-services.sh [--rabbitmq] [--newer] [--durable] COMMAND...
#
#   --rabbitmq   a broker too
#   --newer      RabbitMQ 4.0 and PostgreSQL 17 (debian13.sh) instead of this machine's own; root only
#   --durable    PostgreSQL keeps its fsyncs: for crash tests and for honest numbers
#
# COMMAND finds HILO_TEST_DATABASE_URL, HILO_TEST_PG_DIR, HILO_TEST_PG_RESTART and, with --rabbitmq,
# HILO_TEST_AMQP_URL, HILO_TEST_RABBITMQ_CTL, HILO_TEST_RABBITMQ_RESTART (see README.md). Everything
# listens on 127.0.0.1, on free ports, in a folder that is deleted at the end. Exits as COMMAND does.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
arguments=("$@")
rabbitmq='' newer='' durable=''
while [[ ${1:-} == --* ]]; do
  case $1 in
  --rabbitmq) rabbitmq=yes ;;
  --newer) newer=yes ;;
  --durable) durable=yes ;;
  *) echo "with-services.sh: no such switch: $1" >&2; exit 2 ;;
  esac
  shift
done
(($#)) || { echo 'usage: with-services.sh [--rabbitmq] [--newer] [--durable] COMMAND...' >&2; exit 2; }

in_root=() root=''
if [[ $newer ]]; then
  root=$("$here/debian13.sh" make)
  # In a mount namespace of our own what we mount is gone with our last process, however it ends.
  [[ ${HILO_MOUNTS_ARE_PRIVATE:-} ]] ||
    HILO_MOUNTS_ARE_PRIVATE=yes exec unshare --mount -- "$0" "${arguments[@]}"
  unset HILO_MOUNTS_ARE_PRIVATE
  in_root=(chroot "$root")
else
  "$here/provision.sh" postgres ${rabbitmq:+rabbitmq}
fi

# 0711: the servers' own accounts pass through to their folders, nobody else lists them.
dir=$(mktemp -d "${TMPDIR:-/tmp}/hilo-services.XXXXXX")
dir=$(readlink -f "$dir")
chmod 0711 "$dir"

# shellcheck source=private-servers.sh
source "$here/private-servers.sh"
broker='' # the starting of it, while that lasts
trap '[[ -z $broker ]] || kill "$broker" 2>/dev/null || true; stop_all' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

script() { # NAME COMMAND: a script in the folder, for COMMAND's use; prints its path
  {
    printf '#!/usr/bin/env bash\n'
    declare -p dir root pg_bin pg_port mq_port as_postgres as_rabbitmq
    printf 'source %q\n%s\n' "$here/private-servers.sh" "$2"
  } >"$dir/$1"
  chmod 0755 "$dir/$1"
  echo "$dir/$1"
}

[[ -z $newer ]] || "$here/debian13.sh" bind "$dir" >/dev/null
as_postgres=() as_rabbitmq=()

# ---- PostgreSQL
for found in "$(dirname "$(command -v initdb || echo /none)")" "$root"/usr/lib/postgresql/*/bin; do
  [[ ! -x $found/initdb ]] || [[ $newer && $found != "$root"/* ]] || pg_bin=${found#"$root"}
done
home postgres postgres nobody
as_postgres=("${as[@]}")
free_port pg_port
"${as_postgres[@]}" "$pg_bin/initdb" -D "$dir/postgres/data" -U postgres --auth=trust \
  --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions >"$dir/postgres.initdb" 2>&1 ||
  { cat "$dir/postgres.initdb" >&2; exit 1; }
# In the file, not on the command line: a restart by a test must find the same server.
cat >>"$dir/postgres/data/postgresql.conf" <<CONF
port = $pg_port
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir/postgres'
max_connections = 400
shared_buffers = 256MB
timezone = 'UTC'
CONF
# Lost with the machine's power, which a test does not outlive either. synchronous_commit stays on:
# without it a killed server loses commits that it had acknowledged, and a crash test sees ghosts.
[[ $durable ]] || cat >>"$dir/postgres/data/postgresql.conf" <<CONF
fsync = off
full_page_writes = off
CONF

# ---- RabbitMQ
if [[ $rabbitmq ]]; then
  home rabbitmq rabbitmq nobody
  at=$dir/rabbitmq
  free_port mq_port
  dist_port='' epmd_port=''
  free_port dist_port
  free_port epmd_port
  cat >"$at/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$mq_port
disk_free_limit.absolute = 50MB
CONF
  echo '[].' >"$at/plugins"
  : >"$at/env.conf"
  as_rabbitmq=("${as[@]}"
    "RABBITMQ_NODENAME=hilo$mq_port@localhost" "RABBITMQ_NODE_PORT=$mq_port"
    "RABBITMQ_DIST_PORT=$dist_port" "ERL_EPMD_PORT=$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1
    "RABBITMQ_MNESIA_BASE=$at/mnesia" "RABBITMQ_LOG_BASE=$at/log" "RABBITMQ_PID_FILE=$at/pid"
    "RABBITMQ_CONFIG_FILE=$at/rabbitmq.conf" "RABBITMQ_CONFIG_FILES=$at/conf.d"
    "RABBITMQ_ADVANCED_CONFIG_FILE=$at/advanced.config" "RABBITMQ_CONF_ENV_FILE=$at/env.conf"
    "RABBITMQ_ENABLED_PLUGINS_FILE=$at/plugins"
    'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}'
    'RABBITMQ_CTL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}')
  # Ours, so that the node starts none: a daemonised epmd outlives every node and has no pid file.
  (cd / && exec setsid "${as_rabbitmq[@]}" epmd) >"$dir/epmd.log" 2>&1 </dev/null &
  disown
  # Read by the node and by rabbitmqctl; one that is made here is no race between the two.
  "${as_rabbitmq[@]}" sh -c 'umask 077; echo "$1" >"$HOME/.erlang.cookie"; chmod 400 "$HOME/.erlang.cookie"' \
    - "hilo$SRANDOM$SRANDOM"
fi

cleaner=$(script stop-all stop_all)
# The trap does not run when we are killed hard; whoever waits for our end does.
setsid bash -c 'tail --pid="$1" -f /dev/null; [[ ! -x $2 ]] || exec "$2"' - $$ "$cleaner" \
  >/dev/null 2>&1 </dev/null &
disown

if [[ $rabbitmq ]]; then
  rabbitmq_start &
  broker=$!
fi
postgres_start
[[ -z $rabbitmq ]] || wait "$broker"

export HILO_TEST_DATABASE_URL=postgres://postgres@127.0.0.1:$pg_port/postgres
export HILO_TEST_PG_DIR=$dir/postgres/data
HILO_TEST_PG_RESTART=$(script postgres-restart 'server postgres "$@"')
export HILO_TEST_PG_RESTART
if [[ $rabbitmq ]]; then
  export HILO_TEST_AMQP_URL=amqp://guest:guest@127.0.0.1:$mq_port/%2f
  HILO_TEST_RABBITMQ_CTL=$(script rabbitmqctl 'rabbitmq_ctl "$@"')
  HILO_TEST_RABBITMQ_RESTART=$(script rabbitmq-restart 'server rabbitmq "$@"')
  export HILO_TEST_RABBITMQ_CTL HILO_TEST_RABBITMQ_RESTART
fi

# In the background, because bash runs no trap while a foreground command lasts; with the stdin and
# the Ctrl-C of a foreground command, which a background one is denied.
env --default-signal=INT,QUIT "$@" <&0 &
command=$!
trap 'kill -TERM $command 2>/dev/null || true' TERM
# At a terminal it had the Ctrl-C itself, and a second one would tell nextest to drop everything.
trap '[[ -t 0 ]] || kill -INT $command 2>/dev/null || true' INT
while :; do
  status=0
  wait "$command" || status=$?
  # A signal to us ends `wait` too, while COMMAND is still on its way out.
  kill -0 "$command" 2>/dev/null || exit "$status"
done
