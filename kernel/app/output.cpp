#include "app/output.hpp"

#include <ostream>

#include "config/diagnostics.hpp"
#include "fairlead/node.hpp"

namespace fairlead::app {
namespace {

base::ErrorCode code_of(const NodeError& error) noexcept {
  switch (error.code()) {
    case FAIRLEAD_NODE_REFUSED:
      return base::ErrorCode::refused;
    case FAIRLEAD_NODE_FAILED:
      return base::ErrorCode::failed;
    case FAIRLEAD_NODE_CANNOT_CONNECT:
      return base::ErrorCode::cannot_connect;
    case FAIRLEAD_NODE_TIMED_OUT:
      return base::ErrorCode::timed_out;
    case FAIRLEAD_NODE_BAD_ARGUMENTS:
      return base::ErrorCode::bad_arguments;
    case FAIRLEAD_NODE_BAD_CONFIGURATION:
      return base::ErrorCode::bad_configuration;
    default:
      return base::ErrorCode::internal;
  }
}

std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '\r') c = ' ';
  return text;
}

/// Bytes of the well-formed character at the front (RFC 3629), 0 when there is none.
size_t character_at(std::string_view text) noexcept {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  for (size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool outside = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
  return overlong || outside ? 0 : size;
}

/// With Form::json the error object on stdout. Gives the exit code.
int print_error_object(const base::Error& error, const Output& output) {
  if (output.form == Form::json) {
    base::Json detail = base::Json::object({{"code", base::name(error.code)}});
    detail.set("message", error.origin.empty() ? error.text : error.origin + ": " + error.text);
    detail.set("hint", error.hint);
    if (!error.reason.empty()) detail.set("reason", error.reason);
    print_line(base::Json::object({{"schema_version", 1}, {"status", "error"}, {"error", std::move(detail)}}),
               output);
  }
  return base::exit_code(error.code);
}

}  // namespace

int report(const base::Error& error, const Output& output) {
  // A configuration error starts with its place, so that editors and people find it.
  output.err << (error.origin.empty() ? "fairlead: " : "") << one_line(error.line()) << std::endl;
  return print_error_object(error, output);
}

int report(const config::Diagnostics& diagnostics, const Output& output) {
  output.err << diagnostics.print() << std::flush;
  return print_error_object(diagnostics.first(), output);
}

int succeed(base::Json data, const Output& output) {
  if (output.form == Form::json)
    print_line(base::Json::object({{"schema_version", 1}, {"status", "ok"}, {"data", std::move(data)}}),
               output);
  return 0;
}

void print_line(const base::Json& line, const Output& output) { output.out << line.dump() << std::endl; }

base::Error to_error(const NodeError& error) {
  return {code_of(error), std::string(error.text()), error.hint(), error.origin(), error.reason()};
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const size_t size = character_at(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i)
      group = group << 8 | (at + i < bytes.size() ? static_cast<uint8_t>(bytes[at + i]) : 0u);
    for (size_t i = 0; i < 4; ++i) out += i > bytes.size() - at ? '=' : kDigits[(group >> (18 - 6 * i)) & 63];
  }
  return out;
}

void set_content(base::Json& object, std::string_view bytes) {
  if (is_utf8(bytes))
    object.set("text", bytes);
  else
    object.set("base64", base64(bytes));
}

}  // namespace fairlead::app
