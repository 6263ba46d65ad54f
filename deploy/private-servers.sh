# shellcheck shell=bash disable=SC2154 # in_root, as_postgres, as_rabbitmq are the caller's arrays
# How the private servers of with-services.sh are started, killed and asked. Sourced by it and by
# the scripts that it leaves for COMMAND, after their settings.
set -euo pipefail

dir=${dir:?}                                       # the folder of this run
root=${root-} pg_bin=${pg_bin-} pg_port=${pg_port-} # the chroot, if any; where postgres is; its port
mq_port=${mq_port-}

alive() { # PID [NAME]; a zombie is not alive, and a recycled pid has another name
  grep -qs "^Name:[[:space:]]*${2-}" "/proc/$1/status" &&
    ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"
}

with_children() { # PID; itself and its children, one a line
  echo "$1"
  grep -ls "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status | cut -d/ -f3 || true
}

kill_hard() { # PID...; returns when the last is gone
  local pid deadline=$((SECONDS + 20))
  kill -KILL "$@" 2>/dev/null || true
  for pid in "$@"; do
    while alive "$pid"; do
      ((SECONDS < deadline)) || { echo "private-servers.sh: $pid outlives SIGKILL" >&2; return 1; }
      sleep 0.02
    done
  done
}

home() { # SERVER ACCOUNT...: makes its folder; `as` becomes how to run as the first account there is
  local server=$1 account uid gid
  shift
  mkdir "$dir/$server"
  as=("${in_root[@]}")
  if ((EUID == 0)); then # PostgreSQL refuses to be root
    for account in "$@"; do ! "${in_root[@]}" id "$account" &>/dev/null || break; done
    uid=$("${in_root[@]}" id -u "$account")
    gid=$("${in_root[@]}" id -g "$account")
    chown "$uid:$gid" "$dir/$server"
    as+=(setpriv "--reuid=$uid" "--regid=$gid" --clear-groups)
  fi
  # None of the caller's variables: a PGPORT or a RABBITMQ_… of theirs aims at another server.
  as+=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "HOME=$dir/$server")
}

free_port() { # VARIABLE; below the ports that the kernel hands to outgoing connections
  local port
  while port=$((20000 + SRANDOM % 12000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  printf -v "$1" %d "$port"
}

launch() { # LOG READY COMMAND...; in a session of its own, so that no Ctrl-C reaches it
  local log=$1 ready=$2 pid deadline=$((SECONDS + 90))
  shift 2
  # Erlang dies in a folder that its account cannot read, such as the caller's.
  (cd / && exec setsid "$@") >>"$log" 2>&1 </dev/null &
  pid=$!
  disown "$pid" # or bash has a word to say about each one that a test kills
  until "$ready"; do
    if ! alive "$pid" || ((SECONDS >= deadline)); then
      echo "private-servers.sh: not up: ${log%/*}" >&2
      tail -20 "$log" >&2
      return 1
    fi
    sleep 0.05
  done
}

# ---- PostgreSQL ----------------------------------------------------------------------------------

postgres_pid() {
  local pid
  pid=$(head -1 "$dir/postgres/data/postmaster.pid" 2>/dev/null) &&
    alive "$pid" postgres && echo "$pid"
}

postgres_ready() {
  "${as_postgres[@]}" "$pg_bin/pg_isready" -q -h 127.0.0.1 -p "$pg_port" -U postgres
}

postgres_start() {
  ! postgres_pid >/dev/null || return 0
  launch "$dir/postgres/log" postgres_ready \
    "${as_postgres[@]}" "$pg_bin/postgres" -D "$dir/postgres/data"
}

postgres_kill9() {
  local pid pids
  pid=$(postgres_pid) || return 0
  # Stopped first, it cannot fork while its children are counted. Each child leads a session of its
  # own, so there is no group to signal; one that survived would keep the next start from coming up.
  kill -STOP "$pid"
  mapfile -t pids < <(with_children "$pid")
  kill_hard "${pids[@]}"
  # Its pid may soon be another process's, or stay a zombie's where pid 1 reaps nothing; `start`
  # would take either for this server, still running.
  rm -f "$dir/postgres/data/postmaster.pid" "$dir/postgres/.s.PGSQL.$pg_port.lock"
}

# ---- RabbitMQ ------------------------------------------------------------------------------------

rabbitmq_pid() {
  local pid
  pid=$(head -1 "$dir/rabbitmq/pid" 2>/dev/null) && alive "$pid" beam.smp && echo "$pid"
}

# The broker greets. An open port alone is not enough: it may be open before anybody answers there.
rabbitmq_ready() (
  exec 2>/dev/null
  exec 3<>"/dev/tcp/127.0.0.1/$mq_port" && printf 'AMQP\0\0\x09\x01' >&3 &&
    IFS= read -r -t 5 -N 1 -u 3 greeting && [[ $greeting == $'\x01' ]]
)

rabbitmq_start() {
  ! rabbitmq_pid >/dev/null || return 0
  launch "$dir/rabbitmq/out" rabbitmq_ready \
    "${as_rabbitmq[@]}" /usr/lib/rabbitmq/bin/rabbitmq-server
}

rabbitmq_kill9() {
  local pid pids
  pid=$(rabbitmq_pid) || return 0
  mapfile -t pids < <(with_children "$pid")
  kill_hard "${pids[@]}"
}

rabbitmq_ctl() {
  cd /
  exec "${as_rabbitmq[@]}" /usr/lib/rabbitmq/bin/rabbitmqctl "$@"
}

# ---- both ----------------------------------------------------------------------------------------

# Whoever has a home in this folder: also what was starting and has no pid file yet, and epmd.
residents() { grep -lszF "HOME=$dir/" /proc/[0-9]*/environ | cut -d/ -f3 || true; }

stop_all() {
  [[ -d $dir ]] || return 0
  local pid pids
  # SIGQUIT before SIGKILL: PostgreSQL gives back its shared memory, which outlives a killed one.
  if pid=$(postgres_pid); then
    kill -QUIT "$pid"
    for _ in {1..200}; do alive "$pid" || break; sleep 0.02; done
    postgres_kill9 || true
  fi
  mapfile -t pids < <(residents)
  kill_hard "${pids[@]}" || true
  [[ -z $root ]] || { umount -l "$root$dir" && rmdir "$root$dir"; } 2>/dev/null || true
  rm -rf "$dir"
}

server() { # NAME pid|start|kill9
  case ${2-} in
  pid | start | kill9) "${1}_$2" ;;
  *) echo "usage: $1 pid | start | kill9" >&2; exit 2 ;;
  esac
}
