"""check_completion.py BUILD: completion in the shells themselves. bash and fish are asked what they offer; zsh runs on a
terminal, and a key is pressed."""
import os
import pathlib
import pty
import select
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve() / "bin" / "fairlead"
ASK_BASH = """
source "$1"; shift
COMP_WORDS=("$@")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_fairlead
printf '%s\\n' "${COMPREPLY[@]}"
"""


class Shell(unittest.TestCase):
    name = "bash"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "a kit").mkdir()
        (self.folder / "project.yml").write_text("x")
        self.script = self.folder / f"completion.{self.name}"
        self.script.write_bytes(subprocess.run([PROGRAM, "completion", self.name], capture_output=True, check=True).stdout)

    def run_shell(self, *arguments, **more):
        done = subprocess.run([self.name, *arguments], capture_output=True, text=True, timeout=20, cwd=self.folder, **more)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def test_is_right_as_a_script(self):
        self.run_shell("-n", str(self.script))


class Bash(Shell):
    def offered(self, *words):
        return [one for one in self.run_shell("-c", ASK_BASH, "bash", str(self.script), "fairlead", *words).split("\n") if one]

    def test_commands(self):
        self.assertIn("provision", self.offered(""))
        self.assertEqual(self.offered("prov"), ["provision"])
        self.assertEqual(self.offered("config", ""), ["check", "explain", "schema"])
        self.assertEqual(self.offered("--log-level", "debug", "config", "ch"), ["check"])

    def test_options_of_the_command_that_was_typed(self):
        self.assertEqual(self.offered("provision", "--dry"), ["--dry-run"])
        self.assertEqual(self.offered("config", "check", "--dry"), [])
        self.assertEqual(self.offered("admin", "-k", "a kit", "audit", "--ver"), ["--verbose", "--verify"])

    def test_words_of_closed_lists(self):
        self.assertEqual(self.offered("provision", "--key-type", "p"), ["p256", "p384"])
        self.assertEqual(self.offered("server", "--log-level", "=", "de"), ["debug"])
        self.assertEqual(self.offered("server", "--log-format", ""), ["text", "json"])
        self.assertEqual(self.offered("completion", ""), ["bash", "zsh", "fish"])
        self.assertEqual(self.offered("client", "--set", "log"), ["log.level=", "log.format=", "login_timeout="])

    def test_files_and_folders(self):
        self.assertEqual(self.offered("config", "check", "pro"), ["project.yml"])
        self.assertEqual(self.offered("server", "-k", ""), ["a kit"])
        self.assertEqual(self.offered("server", "--kit", "=", "a"), ["a kit"])

    def test_nothing_where_nothing_is_known(self):
        self.assertEqual(self.offered("ping", "--to", ""), [])
        self.assertEqual(self.offered("server", "--set", "connect_to", "=", "tcp", ":", "//h"), [])

    def test_the_value_of_an_option_is_no_command(self):
        self.assertEqual(self.offered("send", "--to", "config", "--top"), ["--topic"])
        self.assertEqual(self.offered("server", "--set", "listen.port", "=", "0", "--ec"), ["--echo"])


class Fish(Shell):
    name = "fish"

    def offered(self, line):
        out = self.run_shell("--no-config", "-c", f"source '{self.script}'; complete -C \"{line}\"",
                             env=dict(os.environ, HOME=str(self.folder), XDG_CONFIG_HOME=str(self.folder)))
        return [one.split("\t")[0] for one in out.split("\n") if one]

    def test_commands(self):
        self.assertEqual(self.offered("fairlead prov"), ["provision"])
        self.assertEqual(self.offered("fairlead config "), ["check", "explain", "schema"])

    def test_options_of_the_command_that_was_typed(self):
        self.assertEqual(self.offered("fairlead provision --dry"), ["--dry-run"])
        self.assertEqual(self.offered("fairlead config check --dry"), [])

    def test_words_of_closed_lists(self):
        self.assertEqual(self.offered("fairlead provision --key-type p"), ["p256", "p384"])
        self.assertEqual(self.offered("fairlead completion "), ["bash", "fish", "zsh"])
        self.assertIn("log.level=", self.offered("fairlead client --set log."))

    def test_files_and_folders(self):
        self.assertIn("project.yml", self.offered("fairlead config check pro"))
        self.assertEqual(self.offered("fairlead server -k a"), ["a kit/"])

    def test_the_value_of_an_option_is_no_command(self):
        self.assertEqual(self.offered("fairlead send --to config --top"), ["--topic"])


class Zsh(Shell):
    name = "zsh"

    def pressed(self, line, wanted):
        """True when the terminal shows `wanted` after `line` and a tabulator."""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            os.environ.update(HOME=str(self.folder), TERM="dumb", PS1="%% ")
            os.execvp("zsh", ["zsh", "-f", "-i"])
        try:
            for text, until in ((f"unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D; source {self.script.name}; "
                                 "print rea''dy\r", "ready"), (line + "\t", wanted)):
                os.write(terminal, text.encode())
                if not self.shown(terminal, until):
                    return False
            return True
        finally:
            os.close(terminal)
            os.waitpid(child, 0)

    def shown(self, terminal, wanted):
        seen, end = "", time.monotonic() + 15
        while wanted not in seen and time.monotonic() < end:
            if select.select([terminal], [], [], 0.2)[0]:
                seen += os.read(terminal, 4096).decode(errors="replace")
        return wanted in seen

    def test_a_command(self):
        self.assertTrue(self.pressed("fairlead prov", "fairlead provision "))

    def test_a_command_of_a_group(self):
        self.assertTrue(self.pressed("fairlead config sch", "fairlead config schema "))

    def test_an_option(self):
        self.assertTrue(self.pressed("fairlead provision --dry", "fairlead provision --dry-run "))

    def test_a_word_of_a_closed_list(self):
        self.assertTrue(self.pressed("fairlead provision --key-type ed", "--key-type ed25519 "))

    def test_a_folder(self):
        self.assertTrue(self.pressed("fairlead server -k a", "a\\ kit/"))


if __name__ == "__main__":
    unittest.main()
