#!/usr/bin/env bash
# Seeds the peer's tables in PEER_DATABASE_URL (HILO_TEST_DATABASE_URL if unset) and serves it on
# 127.0.0.1:PORT with WORKERS processes (2: as many as this project's own benchmark has cores).
# Ends, with its workers, on SIGTERM: it is uvicorn by then.
#
#   run.sh PORT [WORKERS]
set -euo pipefail
port=${1:?usage: run.sh PORT [WORKERS]}
here=$(dirname "$(readlink -f "$0")")
export PEER_DATABASE_URL=${PEER_DATABASE_URL:-${HILO_TEST_DATABASE_URL:?or PEER_DATABASE_URL}}
python=$("$here/../../../../deploy/python.sh" "$here/requirements.txt")
"$python" "$here/app.py"
exec "$python" -m uvicorn --app-dir "$here" app:app --host 127.0.0.1 --port "$port" \
  --workers "${2:-2}" --log-level warning --no-access-log
