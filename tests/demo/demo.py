#!/usr/bin/python3
"""The demo: one server and three sites exchange real payloads, once for each connection security.

Every message is validated by the server; then a hostile client that holds red's kit tries to get past the gate.
Prints an aligned table, writes BUILD/demo/report.json, and exits 0 only when everything held.
"""
import argparse
import json
import pathlib
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from attacks import attack_all  # noqa: E402
from processes import Failed, Processes  # noqa: E402
from table import print_table  # noqa: E402
from traffic import exchange  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECURITIES = ("mtls", "tls", "clear")
HOSTS = {"blue": "localhost", "red": "127.0.0.1", "silver": "localhost"}
EXPECTED_SECURITY = {"mtls": "mac", "tls": "mac", "clear": "seal"}
EXPECTED_PROOF = {
    "mtls": ["confidential", "peer_verified", "self_proven"],
    "tls": ["confidential", "peer_verified"],
    "clear": [],
}


def project_file(folder, security, name):
    """A copy of the multi-address example with this connection security and name."""
    lines = (ROOT / "configs" / "multi_address.yml").read_text().splitlines()
    lines = [f"name: {name}" if line.startswith("name:") else line for line in lines]
    at = next(i for i, line in enumerate(lines) if line.startswith("participants:"))
    lines.insert(at, f"connection_security: {security}")
    path = folder / f"{name}.yml"
    path.write_text("\n".join(lines) + "\n")
    return path


def provision(processes, folder, security, name):
    """Where the kits of a freshly provisioned project are."""
    workspace = folder / "workspace"
    project = project_file(folder, security, name)
    processes.run("provision", str(project), "-w", str(workspace), "--no-passphrase")
    return workspace / name / "prod_00"


def start_clients(processes, folder, kits, address):
    """The three sites, each by its own host name; gives what each one's own side says of its link."""
    port = address.rsplit(":", 1)[1]
    links = []
    for name, host in HOSTS.items():
        announcement = folder / f"{name}.announcement"
        ready = processes.start(
            name, "client", "-k", str(kits / name), "--echo", "--inbox", str(folder / f"{name}.inbox"),
            "--on", f"announce=/usr/bin/tee '{announcement}'", "--set", f"connect_to=tcp://{host}:{port}")
        links.append({"participant": name, **ready["link"]})
    return links


def check_links(links, security):
    for link in links:
        if link["proved"] != EXPECTED_PROOF[security]:
            raise Failed(f"{link['participant']}: link proved {link['proved']}, expected {EXPECTED_PROOF[security]}")
        if link["message_security"] != EXPECTED_SECURITY[security]:
            raise Failed(f"{link['participant']}: message security is {link['message_security']}")


def run_once(build, folder, security):
    """One connection security from provisioning to the server's last word; the entry of the report."""
    shutil.rmtree(folder, ignore_errors=True)
    for inbox in ("server", *HOSTS):
        (folder / f"{inbox}.inbox").mkdir(parents=True)
    with Processes(build, folder) as processes:
        kits = provision(processes, folder, security, "demo")
        other = provision(processes, folder, security, "other_project")
        ready = processes.start("server", "server", "-k", str(kits / "server"), "--set", "listen.port=0", "--echo",
                                "--inbox", str(folder / "server.inbox"), "--broadcast", "announce")
        address = ready["listeners"][0]
        links = start_clients(processes, folder, kits, address)
        check_links(links, security)
        measured = exchange(processes, folder, kits, address)
        attack_all(processes, kits, other, address)
        stopped = processes.stop_all()
    refused = stopped["refused"]
    for reason in ("replay", "bad_origin", "bad_token", "login_refused"):
        if refused.get(reason, 0) < 1:
            raise Failed(f"the server counted no {reason}")
    return {"connection_security": security, "links": links, "admitted": stopped["admitted"], "refused": refused,
            **measured}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release", help="build folder")
    parser.add_argument("--only", choices=SECURITIES, help="one connection security instead of all three")
    arguments = parser.parse_args()
    folder = ROOT / "build" / "demo"
    runs = []
    begin = time.monotonic()
    try:
        for security in [arguments.only] if arguments.only else SECURITIES:
            print(f"demo: {security} ...", file=sys.stderr, flush=True)
            runs.append(run_once(arguments.build.resolve(), folder / security, security))
    except Failed as failure:
        print(f"demo: failed: {failure}", file=sys.stderr)
        print(f"demo: logs are in {folder}", file=sys.stderr)
        return 1
    (folder / "report.json").write_text(json.dumps({"runs": runs}, indent=1) + "\n")
    print_table(runs)
    print(f"\nEverything held in {time.monotonic() - begin:.1f} s; report: {folder / 'report.json'}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
