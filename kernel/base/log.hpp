/// Log: events with fields, one line each on stderr. Passed to who needs it; there is no global logger.
#pragma once
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace fairlead::base {

enum class LogLevel { debug, info, warning, error, off };
enum class LogFormat { text, json };

Result<LogLevel> parse_log_level(std::string_view text);
Result<LogFormat> parse_log_format(std::string_view text);

/// One field of an event. The value is text; numbers are turned into text by the caller's choice of
/// constructor.
struct Field {
  std::string_view key;
  std::string value;
  Field(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(v) {}
  Field(std::string_view k, uint64_t v) : key(k), value(std::to_string(v)) {}
};

/// Where events go. Thread rule: any thread. Values are escaped: one event is always one line.
class Log {
 public:
  virtual ~Log() = default;
  virtual bool enabled(LogLevel level) const noexcept = 0;
  /// `event` is dotted and stable, such as "link.closed".
  virtual void write(LogLevel level, std::string_view event, std::initializer_list<Field> fields) = 0;

  void debug(std::string_view event, std::initializer_list<Field> fields) {
    write(LogLevel::debug, event, fields);
  }
  void info(std::string_view event, std::initializer_list<Field> fields) {
    write(LogLevel::info, event, fields);
  }
  void warn(std::string_view event, std::initializer_list<Field> fields) {
    write(LogLevel::warning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<Field> fields) {
    write(LogLevel::error, event, fields);
  }
};

/// A log on stderr: "2026-01-02T03:04:05.678Z info link.closed peer=site-3 why=peer_auth", or one JSON object
/// a line.
std::unique_ptr<Log> make_stderr_log(LogLevel level, LogFormat format);

}  // namespace fairlead::base
