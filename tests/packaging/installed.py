"""An installation of the build tree in a folder of its own, and the environment of somebody who uses it."""
import pathlib
import re
import signal
import socket
import subprocess
import tempfile

PATIENCE_S = 240


class Installed:
    """`cmake --install` into a temporary prefix, once for a test program; `close` removes it."""

    def __init__(self, build):
        self.holder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.holder.name)
        self.prefix = self.folder / "prefix"
        subprocess.run(["cmake", "--install", build, "--prefix", self.prefix], check=True, stdout=subprocess.DEVNULL)
        library = next(self.prefix.glob("lib*/**/libfairlead-node.so")).parent
        self.environment = {"PATH": f"{self.prefix}/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(self.folder),
                            "CMAKE_PREFIX_PATH": str(self.prefix), "PKG_CONFIG_PATH": str(library / "pkgconfig"),
                            "LD_LIBRARY_PATH": str(library), "LANG": "C.UTF-8"}

    def close(self):
        self.holder.cleanup()

    def shell(self, command, cwd, **more):
        """Runs one line as it is printed; its output, or an error with everything it said."""
        return self.run(["bash", "-ec", command], cwd, **more)

    def run(self, words, cwd, code=0):
        done = subprocess.run(words, cwd=cwd, env=self.environment, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=PATIENCE_S, check=False)
        if done.returncode != code:
            raise AssertionError(f"{words} ended with {done.returncode}, expected {code}\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self, command, cwd):
        """A background line, which has printed its first line when this returns; ends with `end`."""
        process = subprocess.Popen(["bash", "-ec", f"exec {command}"], cwd=cwd, env=self.environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        ready = process.stdout.readline()
        if '"ready"' not in ready:
            raise AssertionError(f"{command} printed {ready!r}, expected that it is ready")
        return process

    @staticmethod
    def end(process):
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)
        return process.returncode


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def block(document, name):
    """The lines of the shell block behind `<!-- name -->`, continued ones joined."""
    found = re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", pathlib.Path(document).read_text(), re.DOTALL)
    assert found, f"{document} has no block {name}"
    return found.group(1).replace("\\\n", "").splitlines()


def move_to_free_port(*files):
    """Every 8002 of these files becomes a port that nobody has."""
    port = str(free_port())
    for file in files:
        path = pathlib.Path(file)
        text = path.read_text()
        assert "8002" in text, f"{file} names no port 8002"
        path.write_text(text.replace("8002", port))


PROJECT = """api_version: 3
name: works
participants:
  - {{name: server, type: server, org: me, host_names: [127.0.0.1], listeners: [{{port: {port}, host: 127.0.0.1}}]}}
  - {{name: site-1, type: client, org: me, connect_to: 127.0.0.1}}
"""


def provision(installed, folder):
    """The folder with the kits of a server and a site, on a port that nobody has."""
    folder.mkdir()
    (folder / "project.yml").write_text(PROJECT.format(port=free_port()))
    installed.shell("fairlead provision project.yml -w w --no-passphrase", folder)
    return folder / "w/works/prod_00"
