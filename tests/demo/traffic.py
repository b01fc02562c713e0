"""Honest traffic of the demo: files by hash, requests and replies, a broadcast, round trips."""
import hashlib
import pathlib

from processes import Failed, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
PINGS = 500


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def send_files(processes, red, to, files, inbox):
    """Red sends every file; they must arrive with the same content. Gives (verified, bytes, seconds)."""
    arguments = [part for file in files for part in ("--file", str(file))]
    sent = processes.run_json("send", *red, "--to", to, "--topic", "file", *arguments)
    wait_until(lambda: all((inbox / file.name).exists() for file in files), f"every file in {inbox}")
    verified = sum(sha256(inbox / file.name) == sha256(file) for file in files)
    if verified != len(files):
        raise Failed(f"{len(files) - verified} files reached {to} with other content")
    return verified, sent["bytes"], sent["seconds"]


def exchange_files(processes, folder, red):
    files = sorted(file for file in (ROOT / "configs").iterdir() if file.is_file()) + [processes.hostile]
    sent = verified = size = 0
    seconds = 0.0
    for to in ("blue", "server"):
        good, moved, took = send_files(processes, red, to, files, folder / f"{to}.inbox")
        sent, verified, size, seconds = sent + len(files), verified + good, size + moved, seconds + took
    return {"sent": sent, "verified": verified}, round(size / seconds / 1e6, 1)


def ask_blue(processes, red):
    question = b"what blue gets, blue gives back"
    if processes.run("request", *red, "--to", "blue", "--topic", "question", "--data", question.decode()) != question:
        raise Failed("blue's answer is not what it was asked")


def broadcast(processes, folder, red):
    text = "the server tells everybody"
    processes.run("send", *red, "--to", "server", "--topic", "announce", "--data", text)
    for name in ("blue", "red", "silver"):
        file = folder / f"{name}.announcement"
        wait_until(lambda f=file: f.exists() and f.read_text() == text, f"the broadcast at {name}")


def exchange(processes, folder, kits, address):
    """All honest traffic; what was measured."""
    port = address.rsplit(":", 1)[1]
    red = ("-k", str(kits / "red"), "--set", f"connect_to=tcp://127.0.0.1:{port}")
    files, mb_per_s = exchange_files(processes, folder, red)
    ask_blue(processes, red)
    broadcast(processes, folder, red)
    times = processes.run_json("ping", *red, "--to", "blue", "-c", str(PINGS))["rtt_us"]
    return {"files": files, "mb_per_s": mb_per_s, "rtt_us": {"p50": times["p50"], "p99": times["p99"]}}
