"""Hostile traffic of the demo, on the live server: each attack must be refused with its own code."""
import subprocess

from processes import PATIENCE_S, Failed


def attack(processes, *arguments):
    done = subprocess.run([str(processes.hostile), *arguments], capture_output=True, timeout=PATIENCE_S, check=False)
    if done.returncode != 0:
        raise Failed(f"attack {arguments[0]} was not refused as it must be: "
                     f"{done.stdout.decode().strip()} {done.stderr.decode().strip()}")


def attack_all(processes, kits, other, address):
    """Everything with red's kit; afterwards the server still serves the honest."""
    port = address.rsplit(":", 1)[1]
    target = f"tcp://127.0.0.1:{port}"
    red = str(kits / "red")
    attack(processes, "replay", target, red)
    attack(processes, "bad_origin", target, red, "blue")
    attack(processes, "bad_token", target, red)
    attack(processes, "login_refused", target, red, str(other / "red"))
    processes.run("ping", "-k", red, "--set", f"connect_to={target}", "--to", "blue", "-c", "1")
