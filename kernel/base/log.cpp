#include "base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/json.hpp"

namespace fairlead::base {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::off:
      return spdlog::level::off;
  }
  return spdlog::level::off;
}

bool is_plain(std::string_view value) noexcept {
  if (value.empty()) return false;
  for (const char c : value)
    if (c <= ' ' || c == '"' || c == '\\' || c == '=' || c == '\x7f') return false;
  return true;
}

class StderrLog final : public Log {
 public:
  StderrLog(LogLevel level, LogFormat format)
      : format_(format), logger_("fairlead", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_level(to_spdlog(level));
    logger_.set_pattern(format == LogFormat::text ? "%Y-%m-%dT%H:%M:%S.%eZ %l %v"
                                                  : R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})",
                        spdlog::pattern_time_type::utc);
  }

  bool enabled(LogLevel level) const noexcept override { return logger_.should_log(to_spdlog(level)); }

  void write(LogLevel level, std::string_view event, std::initializer_list<Field> fields) override {
    if (!enabled(level)) return;
    std::string line = format_ == LogFormat::text ? std::string(event) : "\"event\":" + quote(event);
    for (const Field& field : fields) {
      if (format_ == LogFormat::text)
        line +=
            " " + std::string(field.key) + "=" + (is_plain(field.value) ? field.value : quote(field.value));
      else
        line += "," + quote(field.key) + ":" + quote(field.value);
    }
    logger_.log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
  }

 private:
  LogFormat format_;
  spdlog::logger logger_;
};

}  // namespace

Result<LogLevel> parse_log_level(std::string_view text) {
  if (text == "debug") return LogLevel::debug;
  if (text == "info") return LogLevel::info;
  if (text == "warning") return LogLevel::warning;
  if (text == "error") return LogLevel::error;
  if (text == "off") return LogLevel::off;
  return fail(ErrorCode::bad_arguments, "unknown log level \"" + std::string(text) + "\"",
              "use debug, info, warning, error or off");
}

Result<LogFormat> parse_log_format(std::string_view text) {
  if (text == "text") return LogFormat::text;
  if (text == "json") return LogFormat::json;
  return fail(ErrorCode::bad_arguments, "unknown log format \"" + std::string(text) + "\"",
              "use text or json");
}

std::unique_ptr<Log> make_stderr_log(LogLevel level, LogFormat format) {
  return std::make_unique<StderrLog>(level, format);
}

}  // namespace fairlead::base
