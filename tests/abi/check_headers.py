"""check_headers.py SOURCE: the headers compile alone, without padding, and declare what version 1.0 declared."""
import pathlib
import re
import subprocess
import sys
import unittest

SOURCE = pathlib.Path(sys.argv.pop()).resolve()
TODAY, FROZEN = SOURCE / "sdk/include", SOURCE / "tests/abi/v1.0"
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-fsyntax-only", f"-I{TODAY}"]
C, CPP = ("-xc", "-std=c11"), ("-xc++", "-std=c++20")
STRUCT = re.compile(r"typedef struct (\w+) \{(.*?)\n\} \1;", re.DOTALL)
GROWS = "fairlead_option", "fairlead_value"  # by their stride; the other growing structs have a struct_size


def code_of(folder, name):
    text = re.sub(r"/\*.*?\*/", "", (folder / "fairlead" / name).read_text(), flags=re.DOTALL)
    return re.sub(r"[ \t]+", " ", text)


def one_line(text):
    return " ".join(text.split())


def structs(code):
    """Name -> its fields as they are declared."""
    return {name: [one_line(field) for field in body.split(";") if field.strip()]
            for name, body in STRUCT.findall(code)}


def declarations(code):
    """Everything that is declared outside structs and enums: functions, callbacks, opaque types."""
    rest = re.sub(r"(?m)^ ?#(.*\\\n)*.*$", "", re.sub(r"enum \{.*?\};", "", STRUCT.sub("", code), flags=re.DOTALL))
    return {one_line(one) for one in rest.split(";") if one.strip(" \n{}")}


def macros(code):
    return {name: one_line(value.replace("\\\n", " ")) for name, value in
            re.findall(r"# ?define (FAIRLEAD_\w+(?:\([^)]*\))?)((?:[^\n]*\\\n)*[^\n]*)", code)}


class Headers(unittest.TestCase):
    def compile(self, compiler, language, header, *more):
        done = subprocess.run([compiler, *language, *STRICT, *more, "-"], input=f"#include <fairlead/{header}>\n",
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, f"{compiler} {header}\n{done.stderr}")

    def test_the_c_headers_alone_and_without_padding(self):
        for header in ("transport.h", "node.h"):
            for compilers, language in ((("gcc", "clang"), C), (("g++", "clang++"), CPP)):
                for compiler in compilers:
                    self.compile(compiler, language, header, "-Wpadded")

    def test_the_cpp_headers_alone(self):
        for header in ("transport.hpp", "node.hpp"):
            for compiler in ("g++", "clang++"):
                self.compile(compiler, CPP, header)

    def test_fields_are_only_appended(self):
        for header in ("transport.h", "node.h"):
            today = structs(code_of(TODAY, header))
            for name, fields in structs(code_of(FROZEN, header)).items():
                self.assertEqual(today[name][:len(fields)], fields, f"{name} in {header}")
                if fields[0] != "uint64_t magic" and "struct_size" not in fields[0] and name not in GROWS:
                    self.assertEqual(today[name], fields, f"{name} in {header} says no size of its own")

    def test_functions_and_types_stay(self):
        for header in ("transport.h", "node.h"):
            gone = declarations(code_of(FROZEN, header)) - declarations(code_of(TODAY, header))
            self.assertEqual(gone, set(), header)

    def test_macros_stay(self):
        for header in ("transport.h", "node.h"):
            today = macros(code_of(TODAY, header))
            for name, value in macros(code_of(FROZEN, header)).items():
                if name not in ("FAIRLEAD_ABI_MINOR", "FAIRLEAD_PRODUCT_VERSION"):
                    self.assertEqual(today.get(name), value, f"{name} in {header}")


if __name__ == "__main__":
    unittest.main()
