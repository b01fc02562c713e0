"""Sizes, macro names and raw memory in C++ and Python."""
import ast
import re

from source import CODE, Finding

LINES_OF_FILE = 400
LINES_OF_FUNCTION = 60

ABI_HEADERS = ("sdk/include/fairlead/transport.h", "sdk/include/fairlead/peers.h",
               "sdk/include/fairlead/node.h")
MACRO = re.compile(r"FAIRLEAD_(TRY\w*|JOIN_?|ASSERT|EXPORT_TRANSPORT|EXPORT|HAS)$")

MAY_TOUCH_MEMORY = ("kernel/base/bytes.hpp", "kernel/crypto/openssl.hpp", "kernel/plugin/host_table.cpp",
                    "kernel/node/c_api.cpp", "sdk/include/fairlead/detail/")
NUMBER = r"(?:unsigned|signed|char|short|int|long|float|double|bool|size_t|ssize_t|u?int\d+_t)"
RAW_MEMORY = [
    (r"\bnew\b", "new", "use a value or std::make_unique"),
    (r"(?<!=)(?<!= )(?<!operator )\bdelete\b", "delete", "let unique_ptr or a value own it"),
    (r"\bmemcpy\b", "memcpy", "use base::copy"),
    (r"\bmemcmp\b", "memcmp", "use base::equal, or crypto::constant_time_equal for secrets"),
    (r"\breinterpret_cast\b", "reinterpret_cast", "use base::as_bytes or base::as_text"),
    (rf"(?<![\w)>\]])\(\s*(?:const\s+)?(?:(?:std::)?{NUMBER}\s*)+[*&]*\s*\)\s*[\w(&*~-]", "C cast",
     "use static_cast"),
    (r"(?:[=(,?:]|\breturn)\s*\((?:const\s+)?[A-Za-z_][\w:]*\s*\*+\)\s*[\w(&*]", "C cast", "use static_cast"),
]


def check_sizes(tree):
    for file in tree.under("kernel/", "sdk/", "plugins/", "tests/", "scripts/", "cmake/", ".ci/", suffixes=CODE | {""}):
        if file.line_count > LINES_OF_FILE:
            yield Finding(file.path, LINES_OF_FILE + 1, f"{file.line_count} lines, {LINES_OF_FILE} at most",
                          "move one concept into a file of its own")
        for name, line, lines in functions(file):
            if lines > LINES_OF_FUNCTION:
                yield Finding(file.path, line, f"{name} has {lines} lines, {LINES_OF_FUNCTION} at most",
                              "name its steps and call them")


def functions(file):
    if file.suffix == ".py":
        return [(node.name, node.lineno, node.end_lineno - node.lineno + 1)
                for node in ast.walk(ast.parse(file.text)) if isinstance(node, ast.FunctionDef)]
    if file.suffix in (".cpp", ".hpp", ".h", ".c", ".ipp"):
        return [(f.name, f.line, f.lines) for f in file.functions]
    return []


def check_macros(tree):
    for file in tree.under("kernel/", "sdk/", "plugins/"):
        for line, match in file.matches(r"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)"):
            name = match.group(1)
            if MACRO.match(name) or (file.path in ABI_HEADERS and name.startswith("FAIRLEAD_")):
                continue
            yield Finding(file.path, line, f"macro {name}", "use a constant, a function or a definition in CMake")


def check_memory(tree):
    for file in tree.under("kernel/", "sdk/", "plugins/"):
        if file.path.startswith(MAY_TOUCH_MEMORY):
            continue
        for pattern, what, mend in RAW_MEMORY:
            for line, _ in file.matches(pattern, file.code):
                yield Finding(file.path, line, what, mend)
