"""check_packages.py SOURCE BUILD: the Debian packages: what is in them, what they need, and the units of systemd."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv.pop()).resolve()
SOURCE = pathlib.Path(sys.argv.pop()).resolve()
PROGRAM = {"usr/bin/fairlead", "usr/lib/fairlead/plugins/tcp_tls.so", "usr/lib/libfairlead-node.so.1",
           "usr/lib/systemd/system/fairlead-server@.service", "usr/lib/systemd/system/fairlead-client@.service",
           "usr/share/man/man1/fairlead.1.gz", "usr/share/man/man5/fairlead-project.5.gz",
           "usr/share/bash-completion/completions/fairlead", "usr/share/zsh/vendor-completions/_fairlead",
           "usr/share/fish/vendor_completions.d/fairlead.fish", "usr/share/doc/fairlead/copyright"}
DEVELOPER = {"usr/include/fairlead/transport.h", "usr/include/fairlead/node.hpp", "usr/share/fairlead/plugin.map",
             "usr/lib/cmake/fairlead/fairlead-config.cmake", "usr/lib/pkgconfig/fairlead.pc",
             "usr/lib/pkgconfig/fairlead-node.pc", "usr/lib/libfairlead-node.so",
             "usr/share/fairlead/template/my_link.cpp", "usr/share/fairlead/examples/c/unix_stream.c",
             "usr/share/doc/fairlead-dev/first-plugin.md"}
MOST_EXPOSED = 20  # of 100, as systemd-analyze counts


def output(*words, **more):
    done = subprocess.run(words, capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        raise AssertionError(f"{words} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = pathlib.Path(holder.name)
        # Packed fast: only what is inside matters here.
        output("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", cls.folder, "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip")
        cls.program, = cls.folder.glob("fairlead_*.deb")
        cls.developer, = cls.folder.glob("fairlead-dev_*.deb")
        cls.root = cls.folder / "root"
        for package in (cls.program, cls.developer):
            output("dpkg-deb", "-x", package, cls.root)

    @staticmethod
    def field(package, name):
        return output("dpkg-deb", "-f", package, name).strip()

    @staticmethod
    def files(package):
        return {line.split(" -> ")[0].split()[-1].removeprefix("./") for line in output("dpkg-deb", "-c", package).splitlines()}

    def test_each_file_is_in_one_package(self):
        program, developer = self.files(self.program), self.files(self.developer)
        self.assertEqual(PROGRAM - program, set())
        self.assertEqual(DEVELOPER - developer, set())
        if (BUILD / "bin/fairlead-plugin-check").exists():
            self.assertIn("usr/bin/fairlead-plugin-check", developer)
        self.assertEqual({name for name in program & developer if not name.endswith("/")}, set())
        self.assertFalse([name for name in program | developer if name.startswith("etc/") or "test" in name])

    def test_what_they_need(self):
        for library in ("libssl3", "libc6", "libstdc++6", "libsqlite3-0", "libarchive13", "libcurl4"):
            self.assertIn(library, self.field(self.program, "Depends"))
        self.assertIn("adduser", self.field(self.program, "Depends"))
        version = self.field(self.program, "Version")
        self.assertIn(f"fairlead (= {version})", self.field(self.developer, "Depends"))

    def test_the_program_finds_what_is_unpacked_beside_it(self):
        listed = output(self.root / "usr/bin/fairlead", "plugin", "list", "--json")
        self.assertIn(f"{self.root}/usr/lib/fairlead/plugins/tcp_tls.so", listed)
        output(self.root / "usr/bin/fairlead", "plugin", "new", "radio", "-o", self.folder / "radio")

    def test_the_scripts_of_the_maintainer(self):
        output("dpkg-deb", "-e", self.program, self.folder / "control")
        for name in ("postinst", "prerm", "postrm"):
            script = self.folder / "control" / name
            self.assertEqual(script.stat().st_mode & 0o777, 0o755)
            output("sh", "-n", script)
        purge = (self.folder / "control/postrm").read_text()
        self.assertNotIn("rm -r", purge)
        self.assertIn("ldconfig", (self.folder / "control/triggers").read_text())

    def test_the_units(self):
        for what in ("server", "client"):
            unit = f"fairlead-{what}@.service"
            text = (self.root / "usr/lib/systemd/system" / unit).read_text()
            for line in ("Type=notify", "User=fairlead", "LimitCORE=0", "UMask=0077", "ProtectSystem=strict",
                         "ReadWritePaths=/etc/fairlead/%i", f"ExecStart=fairlead {what} -k /etc/fairlead/%i"):
                self.assertIn(f"\n{line}\n", text)
            # As installed, systemd looks for the program in its own search path.
            here = self.folder / unit
            here.write_text(text.replace("ExecStart=", f"ExecStart={self.root}/usr/bin/"))
            output("systemd-analyze", "verify", "--man=no", here)
            output("systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", here)


if __name__ == "__main__":
    unittest.main()
