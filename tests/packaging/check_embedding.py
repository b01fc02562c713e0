"""check_embedding.py SOURCE BUILD: sdk/docs/embedding.md with an installed Fairlead: both ways to build, real kits."""
import pathlib
import subprocess
import sys
import unittest

from installed import Installed, block, free_port, provision

BUILD = pathlib.Path(sys.argv.pop()).resolve()
SOURCE = pathlib.Path(sys.argv.pop()).resolve()
DOCUMENT = SOURCE / "sdk/docs/embedding.md"


class Embedding(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installed = Installed(BUILD)
        cls.addClassCleanup(cls.installed.close)
        cls.kits = provision(cls.installed, cls.installed.folder / "project")

    def examples(self, name):
        """The folder of the examples, copied; the installation is read-only for most people."""
        folder = self.installed.folder / name
        folder.mkdir()
        for path in (self.installed.prefix / "share/fairlead/examples/embed").iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
        return folder

    def talk(self, folder):
        server = subprocess.Popen([folder / "server", self.kits / "server"], env=self.installed.environment,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.communicate)
        self.assertIn('"listeners":["tcp://127.0.0.1:', server.stdout.readline())
        said = self.installed.run([folder / "client", self.kits / "site-1", "hello"], folder)
        self.assertEqual(said, "hello, site-1\n")
        server.communicate(timeout=60)
        self.assertEqual(server.returncode, 0)

    def test_with_cmake(self):
        folder = self.examples("with-cmake")
        for command in block(DOCUMENT, "cmake"):
            self.installed.shell(command, folder)
        self.talk(folder / "build")

    def test_with_pkg_config(self):
        folder = self.examples("with-pkg-config")
        for command in block(DOCUMENT, "pkg-config"):
            self.installed.shell(command, folder)
        self.talk(folder)

    def test_a_failure_has_the_exit_code_of_the_command(self):
        folder = self.examples("failing")
        self.installed.shell(block(DOCUMENT, "pkg-config")[0], folder)
        self.installed.run([folder / "client", "nowhere", "hello"], folder, code=4)

    def test_the_library_exports_what_node_h_declares(self):
        library = next(self.installed.prefix.glob("lib*/**/libfairlead-node.so.1"))
        listed = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
        exported = {line.split()[-1].split("@")[0] for line in listed.splitlines()} - {"FAIRLEAD_NODE_1.0"}
        header = (SOURCE / "sdk/include/fairlead/node.h").read_text()
        declared = {part.split("(")[0].split()[-1].lstrip("*") for part in header.split("FAIRLEAD_EXPORT ")[1:]}
        self.assertEqual(exported, declared)

    def test_the_library_knows_no_prefix(self):
        moved = self.installed.folder / "moved"
        self.installed.prefix.rename(moved)
        self.addCleanup(moved.rename, self.installed.prefix)
        listed = subprocess.run([moved / "bin/fairlead", "plugin", "list", "--json"], capture_output=True, text=True,
                                check=True).stdout
        self.assertIn(f'"file":"{moved}/', listed)


if __name__ == "__main__":
    unittest.main()
