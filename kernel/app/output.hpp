/// Output contract of every command: data on stdout, words for people on stderr, one exit code per kind of
/// failure.
#pragma once
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

namespace fairlead {
class NodeError;
}

namespace fairlead::config {
class Diagnostics;
}

namespace fairlead::app {

/// Machine or people?
enum class Form { text, json };

/// Where a command writes. Thread rule: one thread at a time.
struct Output {
  std::ostream& out;
  std::ostream& err;
  Form form = Form::text;
};

/// "fairlead: TEXT; HINT" on stderr; with Form::json also the error object on stdout. Gives the exit code.
int report(const base::Error& error, const Output& output);
/// Everything wrong with a file, each error with its line and a caret; the JSON object holds the first.
int report(const config::Diagnostics& diagnostics, const Output& output);
/// With Form::json the object {"schema_version":1,"status":"ok","data":...}, else nothing. Gives 0.
int succeed(base::Json data, const Output& output);
/// One line of JSON on stdout, written out at once: somebody is waiting for it.
void print_line(const base::Json& line, const Output& output);

/// What the embedding API says, in the kernel's words.
base::Error to_error(const NodeError& error);
/// Adds {"text"} when the bytes are UTF-8, else {"base64"}.
void set_content(base::Json& object, std::string_view bytes);
bool is_utf8(std::string_view text) noexcept;
/// RFC 4648 section 4, with padding.
std::string base64(std::string_view bytes);

}  // namespace fairlead::app
