"""Schemathesis against the running Hilo (deploy/with-hilo.sh): does the API keep what its document says?

    schemathesis_peer.py [ST_RUN_OPTION...]

Signs in as the demo's owner, makes an API token of every permission, sees to it that there is
something to read and to break, and runs every check of Schemathesis on every operation of the
document, as schemathesis.toml beside this file says. Ends with the number of requests, and with
a status other than 0 at any finding.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import requests

HERE = pathlib.Path(__file__).parent
URL = os.environ["HILO_URL"].rstrip("/")
SIMULATOR = os.environ["HILO_SIMULATOR_URL"].rstrip("/")


def sign_in() -> requests.Session:
    http = requests.Session()
    credentials = {"email": os.environ["HILO_EMAIL"], "password": os.environ["HILO_PASSWORD"]}
    answer = http.post(f"{URL}/api/session", json=credentials, timeout=30)
    answer.raise_for_status()
    # A cookie of https, which a client of plain http keeps to itself.
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in answer.cookies)
    http.cookies.clear()
    http.headers["cookie"] = cookies
    http.headers["x-csrf-token"] = answer.json()["csrf"]
    return http


def call(http: requests.Session, method: str, path: str, body: object = None) -> object:
    answer = http.request(method, f"{URL}{path}", json=body, timeout=30)
    if not answer.ok:
        raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text}")
    return answer.json() if answer.content else None


def token(http: requests.Session) -> str:
    session = call(http, "GET", "/api/session")
    body = {"name": "schemathesis", "scopes": session["permissions"]}
    return call(http, "POST", "/api/tokens", body)["token"]


def furnish(http: requests.Session) -> None:
    """Conversations, a label, notes, an import: an empty house answers 404 to everything."""
    numbers = call(http, "GET", "/api/numbers")["items"]
    for index in range(3):
        text = {
            "from": f"+52558765000{index}",
            "to": numbers[index]["phone_number"],
            "body": "Hola, ¿tienen salas?",
        }
        requests.post(f"{SIMULATOR}/control/texts", json=text, timeout=30).raise_for_status()
    deadline = time.monotonic() + 60
    while len(conversations := call(http, "GET", "/api/conversations/")["items"]) < 3:
        if time.monotonic() > deadline:
            raise SystemExit("the customers' texts became no conversations")
        time.sleep(0.1)
    call(http, "POST", "/api/labels", {"name": f"Revisado {time.time():.0f}", "color": "agave"})
    for conversation in conversations:
        call(http, "POST", f"/api/conversations/{conversation['id']}/notes", {"body": "Llamar."})
    imported = http.post(
        f"{URL}/api/contacts/imports?file_name=a.csv&phone_column=phone&on_duplicate=skip",
        data="phone\n+525587650010\nnobody\n",
        headers={"content-type": "text/csv"},
        timeout=30,
    )
    imported.raise_for_status()


def ask_everything(key: str, folder: pathlib.Path) -> dict:
    """Runs Schemathesis; what it says goes to our stdout, its verdict comes back."""
    document = requests.get(f"{URL}/api/openapi.json", timeout=30)
    document.raise_for_status()
    (folder / "openapi.json").write_bytes(document.content)
    command = [
        pathlib.Path(sys.executable).with_name("st"),
        f"--config-file={HERE / 'schemathesis.toml'}",
        "run",
        folder / "openapi.json",
        "--no-color",
        "--report=json",
        f"--report-json-path={folder / 'verdict.json'}",
        *sys.argv[1:],
    ]
    settings = {"HILO_API_TOKEN": key, "SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py")}
    subprocess.run(command, cwd=folder, env={**os.environ, **settings}, check=False)
    return json.loads((folder / "verdict.json").read_text())


def main() -> int:
    http = sign_in()
    furnish(http)
    key = token(http)
    with tempfile.TemporaryDirectory() as folder:
        verdict = ask_everything(key, pathlib.Path(folder))
    cases, operations = verdict["test_cases"], verdict["operations"]
    faults = cases["with_failures"] + cases["errored"]
    if verdict["exit_code"] != 0:
        faults = max(faults, 1)
    if operations["skipped"]:
        print(f"{operations['skipped']} operations were not asked", file=sys.stderr)
        faults += operations["skipped"]
    # A token that was withdrawn on the way answers 401 to everything, which keeps every promise.
    alive = requests.get(f"{URL}/api/session", headers={"authorization": f"Bearer {key}"}, timeout=30)
    if alive.status_code != 200:
        print(f"the token did not outlive the run: {alive.status_code}", file=sys.stderr)
        faults += 1
    print(f"{operations['tested']} operations, {verdict['running_time']:.0f} s")
    print(f"schemathesis: {cases['generated'] - faults} passed, {faults} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
