"""Tiny trees that prove each rule: {path: text}, the good one first, then one for each thing to be found."""
import subprocess

LONG_FUNCTION = "int f(int a) {\n" + "  a += 1;\n" * 60 + "  return a;\n}\n"
INITIALISERS = "struct X {\n  X(int a) : a_{a}, b_(a) {\n" + "    b_ += a_;\n" * 60 + "  }\n};\n"

SAMPLES = {
    "include_rules": [
        {"kernel/route/a.hpp": '#include "auth/verified.hpp"\n#include "base/b.hpp"\n#include <vector>\n'},
        {"kernel/route/a.hpp": '#include "link/pipe.hpp"\n'},
        {"kernel/base/a.hpp": '#include "crypto/key.hpp"\n'},
        {"kernel/base/a.hpp": '#include <fairlead/transport.h>\n'},
        {"plugins/x/a.cpp": '#include "base/bytes.hpp"\n'},
        {"sdk/include/fairlead/a.hpp": '#include "loop/loop.hpp"\n'},
        {"kernel/cellar/a.cpp": "\n"},
    ],
    "third_party": [
        {"kernel/config/yaml_reader.cpp": "#include <yaml-cpp/parser.h>\n#include <sys/stat.h>\n#include <span>\n"},
        {"kernel/config/model.cpp": "#include <yaml-cpp/yaml.h>\n"},
        {"kernel/link/a.cpp": "#include <boost/asio/ip/tcp.hpp>\n"},
        {"kernel/base/log.hpp": "#include <fmt/core.h>\n"},
        {"plugins/x/a.cpp": '#include "zmq.hpp"\n'},
        {"kernel/base/a.cpp": "#include <someone/else.hpp>\n"},
    ],
    "cycles": [
        {"kernel/auth/a.hpp": '#include "base/b.hpp"\n', "kernel/base/b.hpp": "#include <span>\n"},
        {"kernel/auth/a.hpp": '#include "auth/b.hpp"\n', "kernel/auth/b.hpp": '#include "auth/a.hpp"\n'},
        {"kernel/auth/a.hpp": '#include "frame/a.hpp"\n', "kernel/auth/b.hpp": "\n",
         "kernel/frame/a.hpp": "\n", "kernel/frame/b.hpp": '#include "auth/b.hpp"\n'},
    ],
    "sizes": [
        {"kernel/base/a.cpp": "namespace a::b {\nconst int kX[]{1, 2};\n" + "int f() { return '{'; }\n" * 90 + "}\n",
         "tests/a.cpp": "INSTANTIATE(A, B,\n" + "  C{f(1), {2}},\n" * 70 + "  [](int a) { return a; });\n"},
        {"kernel/base/a.cpp": "// line\n" * 401},
        {"kernel/base/a.cpp": "namespace a::b {\n" + LONG_FUNCTION + "}\n"},
        {"kernel/base/a.hpp": INITIALISERS},
        {"tests/a.py": "def f():\n" + "    pass\n" * 61},
    ],
    "macros": [
        {"kernel/base/a.hpp": "#define FAIRLEAD_TRY(x) x\n",
         "sdk/include/fairlead/node.h": "#define FAIRLEAD_NODE_H\n"},
        {"kernel/base/a.hpp": "#define MAX 3\n"},
        {"kernel/base/a.hpp": "#define FAIRLEAD_LOG(x) x\n"},
        {"sdk/include/fairlead/node.h": "#define BUFFER 3\n"},
    ],
    "memory": [
        {"kernel/base/a.cpp": "// new delete memcpy\nX(const X&) = delete;\nvoid f(int) const;\nauto s = \"new\";\n"
                              "void (*call)(void*) noexcept;\nauto n = sizeof(int) * 2;\nvoid g(const X* x, char);\n",
         "kernel/base/bytes.hpp": "memcpy(a, b, n);\n"},
        {"kernel/base/a.cpp": "auto x = new X;\n"},
        {"kernel/base/a.cpp": "delete x;\n"},
        {"kernel/base/a.cpp": "std::memcpy(a, b, n);\n"},
        {"kernel/base/a.cpp": "return memcmp(a, b, n) == 0;\n"},
        {"kernel/base/a.cpp": "auto x = reinterpret_cast<char*>(y);\n"},
        {"kernel/base/a.cpp": "auto x = (int)y;\n"},
        {"kernel/base/a.cpp": "return (const Thing*)y;\n"},
    ],
    "docs": [
        {"sdk/include/fairlead/a.hpp": "/// Says what.\nint f(int a);\nint g(int a);\n\nclass X {\n public:\n  ~X();\n"
                                       "  int a() const noexcept { return a_; }\n\n private:\n  int h(int a);\n};\n"},
        {"sdk/include/fairlead/a.hpp": "int f(int a);\n"},
        {"sdk/include/fairlead/a.hpp": "class X {\n public:\n  X();\n\n  int f(int a);\n};\n"},
        {"sdk/include/fairlead/a.h": "struct x {\n  void (*f)(void* ctx);\n};\n"},
    ],
    "words": [
        {"kernel/a.cpp": "std::system_error e; // mkstemp XXXXXX\n", "kernel/base/clock.cpp": "sleep_for(1ms);\n"},
        {"kernel/a.cpp": "// TODO: later\n"},
        {"README.md": "FIXME\n"},
        {"tests/a.cpp": "GTEST_SKIP();\n"},
        {"tests/a.cpp": "TEST(A, DISABLED_B) {}\n"},
        {"kernel/a.cpp": "std::system(\"ls\");\n"},
        {"tests/a.cpp": "std::this_thread::sleep_for(1s);\n"},
    ],
    "mentions": [{"README.md": "a shared folder\n"}, {"README.md": "see .." + "/shared/design\n"}],
    "commits": [{"a": "\n", ".commit": "Short"}, {"a": "\n", ".commit": "x" * 61}],
    "scripts": [
        {"README.md": "```sh\nscripts/demo\n```\n", "scripts/demo": "#!/bin/sh\n"},
        {"README.md": "```sh\nscripts/absent --x\n```\n"},
    ],
    "proofs": [
        {"kernel/docs/threat-model.md": "`Gate.Holds`\n", "tests/a.cpp": "TEST(Gate, Holds) {}\n"},
        {"kernel/docs/threat-model.md": "`Gate.Falls`\n", "tests/a.cpp": "TEST(Gate, Holds) {}\n"},
    ],
}


def plant(sample, root):
    """Writes a sample; '.commit' makes the folder a repository with one commit of that subject."""
    for path, text in sample.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        target.chmod(0o755)
    if ".commit" in sample:
        git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run([*git, "init", "-q"], check=True, capture_output=True)
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", sample[".commit"]], check=True)
