"""check_first_plugin.py SOURCE BUILD: the walk of sdk/docs/first-plugin.md, word by word, from an installed Fairlead."""
import pathlib
import re
import subprocess
import sys
import time
import unittest

from installed import Installed, block, move_to_free_port

BUILD = pathlib.Path(sys.argv.pop()).resolve()
SOURCE = pathlib.Path(sys.argv.pop()).resolve()
DOCUMENT = SOURCE / "sdk/docs/first-plugin.md"
MOST_COMMANDS, MOST_SECONDS, MOST_LINES = 6, 300, 90


class Walk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installed = Installed(BUILD)
        cls.addClassCleanup(cls.installed.close)
        cls.work = cls.installed.folder / "work"
        cls.work.mkdir()

    def test_the_six_commands(self):
        commands, cwd, printed, began = block(DOCUMENT, "walk"), self.work, "", time.monotonic()
        self.assertLessEqual(len(commands), MOST_COMMANDS)
        for command in commands:
            if command.startswith("cd "):
                cwd = cwd / command.removeprefix("cd ")
                move_to_free_port(cwd / "try/project.yml")
            elif command.endswith("&"):
                server = self.installed.start(command.removesuffix("&"), cwd)
                self.addCleanup(self.installed.end, server)
            else:
                printed = self.installed.shell(command, cwd)
                if "workflow" in command:
                    self.check_conformance(printed)
        self.assertEqual(printed, re.search(r"--data '(.*)'", commands[-1]).group(1))
        self.assertLess(time.monotonic() - began, MOST_SECONDS)

    def check_conformance(self, printed):
        """The kit ran as the project's test and found nothing."""
        if (BUILD / "bin/fairlead-plugin-check").exists():
            self.assertRegex(printed, r"my_link\.conformance \.+ +Passed")

    def test_the_transport_is_small_and_exports_one_symbol(self):
        lines = (SOURCE / "sdk/template/my_link.cpp").read_text().splitlines()
        self.assertLess(len(lines), MOST_LINES)
        folder = self.work / "other"
        self.installed.shell("fairlead plugin new a_radio2 -o other", self.work)
        self.installed.shell("cmake -B build && cmake --build build", folder)
        self.assertEqual(self.symbols(folder / "build/a_radio2.so"), ["fairlead_transport_v1"])
        texts = [path.read_text() for path in folder.rglob("*") if path.is_file() and "build" not in path.parts]
        self.assertFalse([text for text in texts if re.search("my.link", text)])
        self.assertIn('schemes[] = {"a-radio2"', (folder / "a_radio2.cpp").read_text())

    def test_one_line_of_gcc_or_gpp(self):
        share = self.installed.prefix / "share/fairlead"
        for name, source in (("cpp", share / "template/my_link.cpp"), ("c", share / "examples/c/unix_stream.c")):
            folder = self.work / name
            folder.mkdir()
            (folder / source.name).write_bytes(source.read_bytes())
            command, = block(DOCUMENT, name)
            self.installed.shell(command, folder)
            self.assertEqual(self.symbols(next(folder.glob("*.so"))), ["fairlead_transport_v1"])

    def test_a_project_that_knows_no_cpp(self):
        folder = self.work / "c-alone"
        folder.mkdir()
        for path in (self.installed.prefix / "share/fairlead/examples/c").iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
        (folder / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(unix_stream LANGUAGES C)\ninclude(CTest)\n"
            "find_package(fairlead REQUIRED)\nfairlead_add_transport(unix_stream SOURCES unix_stream.c)\n")
        self.installed.shell("cmake -B build && cmake --build build", folder)
        self.assertEqual(self.symbols(folder / "build/unix_stream.so"), ["fairlead_transport_v1"])
        self.assertTrue((folder / "build/unix_stream.check.json").exists())

    def test_the_plugin_in_c_carries_messages(self):
        folder = self.work / "in-c"
        folder.mkdir()
        source = self.installed.prefix / "share/fairlead/examples/c/unix_stream.c"
        command, = block(DOCUMENT, "c")
        self.assertIn(command.split(" $(")[0], source.read_text())
        self.installed.shell(command.replace(" unix_stream.c", f" {source}"), folder)
        (folder / "project.yml").write_text(PROJECT_IN_C)
        self.installed.shell("fairlead provision project.yml -w w --no-passphrase", folder)
        for name in ("server", "site-1"):
            local = folder / "w/in-c/prod_00" / name / "local/fairlead.yml"
            local.write_text(f"transports: {{c-unix: {{plugin: {folder}/unix_stream.so, path: {folder}/socket}}}}\n")
        server = self.installed.start("fairlead server -k w/in-c/prod_00/server --echo", folder)
        self.addCleanup(self.installed.end, server)
        large = folder / "large"
        large.write_bytes(bytes(range(256)) * 16384)  # 4 MiB: more than the socket takes at once
        self.installed.shell("fairlead request -k w/in-c/prod_00/site-1 --to server --topic t --file large -o back", folder)
        self.assertEqual((folder / "back").read_bytes(), large.read_bytes())

    @staticmethod
    def symbols(file):
        listed = subprocess.run(["nm", "-D", "--defined-only", file], capture_output=True, text=True, check=True)
        return [line.split()[-1] for line in listed.stdout.splitlines()]


PROJECT_IN_C = """api_version: 3
name: in-c
connection_security: clear
scheme: c-unix
participants:
  - {name: server, type: server, org: me, fed_learn_port: 8002}
  - {name: site-1, type: client, org: me, connect_to: localhost}
"""

if __name__ == "__main__":
    unittest.main()
