"""Schemathesis against the running Hilo (deploy/with-hilo.sh): does the API keep what its document says?

    schemathesis_peer.py [ST_RUN_OPTION...]

Makes an API token of every permission for the demo's owner, sees to it that there is something to
read and to break, and runs every check of Schemathesis on every operation of the document, as
schemathesis.toml beside this file says; then once more, signed in as a browser is, what no token may
do. Ends with the number of requests, and with a status other than 0 at any finding.
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
# What needs a session. `DELETE /api/session` would be the end of it.
OF_A_SESSION = (
    "PUT /api/session/password",
    "POST /api/session/second-factor",
    "POST /api/session/second-factor/confirm",
    "DELETE /api/session/second-factor",
    "DELETE /api/sessions",
    "DELETE /api/sessions/{id}",
)
SIMULATOR = os.environ["HILO_SIMULATOR_URL"].rstrip("/")


def sign_in() -> requests.Session:
    http = requests.Session()
    credentials = {"email": os.environ["HILO_EMAIL"], "password": os.environ["HILO_PASSWORD"]}
    answer = http.post(f"{URL}/api/session", json=credentials, timeout=30)
    answer.raise_for_status()
    http.cookies.clear()
    http.headers.update(browser(answer))
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


def invite(http: requests.Session) -> str:
    """The secret of an invitation."""
    invitation = {"email": f"guest-{time.time_ns()}@example.com", "role": "agent"}
    return call(http, "POST", "/api/invitations", invitation)["url"].rstrip("/").rsplit("/", 1)[-1]


def guest(http: requests.Session) -> dict[str, str]:
    """The headers of a browser in which somebody is signed in whose session may be ruined."""
    acceptance = {"name": "Guest", "password": "a long enough password"}
    url = f"{URL}/api/invitations/accept/{invite(http)}"
    answer = requests.post(url, json=acceptance, timeout=30)
    answer.raise_for_status()
    return browser(answer)


def browser(answer: requests.Response) -> dict[str, str]:
    # Of https, which a client of plain http would keep to itself.
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in answer.cookies)
    return {"Cookie": cookies, "x-csrf-token": answer.json()["csrf"]}


def ask(folder: pathlib.Path, auth: str, *options: str) -> dict:
    """Runs Schemathesis; what it says goes to our stdout, its verdict comes back."""
    config = folder / "schemathesis.toml"
    config.write_text(f"{(HERE / 'schemathesis.toml').read_text()}\n{auth}\n")
    command = [
        pathlib.Path(sys.executable).with_name("st"),
        f"--config-file={config}",
        "run",
        folder / "openapi.json",
        f"--url={URL}",
        "--no-color",
        "--report=json",
        f"--report-json-path={folder / 'verdict.json'}",
        *options,
    ]
    hooks = {"SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py")}
    print("st", *options, flush=True)
    subprocess.run(command, cwd=folder, env={**os.environ, **hooks}, check=False)
    return json.loads((folder / "verdict.json").read_text())


def judge(verdict: dict, headers: dict[str, str]) -> int:
    """How many requests found something."""
    cases, operations = verdict["test_cases"], verdict["operations"]
    faults = cases["with_failures"] + cases["errored"]
    if verdict["exit_code"] != 0:
        faults = max(faults, 1)
    if operations["skipped"]:
        print(f"{operations['skipped']} operations were not asked", file=sys.stderr)
        faults += operations["skipped"]
    # What was withdrawn on the way answers 401 to everything, which keeps every promise.
    alive = requests.get(f"{URL}/api/session", headers=headers, timeout=30)
    if alive.status_code != 200:
        print(f"what signed us in did not outlive the run: {alive.status_code}", file=sys.stderr)
        faults += 1
    return faults


def main() -> int:
    http = sign_in()
    furnish(http)
    document = requests.get(f"{URL}/api/openapi.json", timeout=30)
    document.raise_for_status()
    key = token(http)
    # Auth of the document's own scheme, not a header of the command line: what is sent without it, or
    # with a wrong one, is then seen to be refused.
    auth = f'[auth.openapi]\ntoken = {{ bearer = "{key}" }}'
    dictionary = f'[dictionaries.invitations]\nvalues = ["{invite(http)}"]'
    runs = [({"Authorization": f"Bearer {key}"}, f"{auth}\n{dictionary}", sys.argv[1:])]
    if len(sys.argv) == 1:
        headers = guest(http)
        cookie, csrf = headers["Cookie"].split("=", 1)[1], headers["x-csrf-token"]
        auth = f'[auth.openapi]\nsession = {{ api_key = "{cookie}" }}\ncsrf = {{ api_key = "{csrf}" }}'
        # Not by what other answers name, which would be its own session.
        only = [f"--include-name={name}" for name in OF_A_SESSION]
        runs.append((headers, f"{auth}\n{dictionary}", ["--phases=examples,coverage,fuzzing", *only]))
    requests_made, faults, operations, seconds = 0, 0, 0, 0.0
    for headers, config, options in runs:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "openapi.json").write_bytes(document.content)
            verdict = ask(folder, config, *options)
        requests_made += verdict["test_cases"]["generated"]
        operations += verdict["operations"]["tested"]
        seconds += verdict["running_time"]
        faults += judge(verdict, headers)
    print(f"{operations} operations, {seconds:.0f} s")
    print(f"schemathesis: {requests_made - faults} passed, {faults} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
