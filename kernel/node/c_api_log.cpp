#include "node/c_api_log.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "config/overrides.hpp"

namespace fairlead::node {
namespace {

int32_t to_c(base::LogLevel level) noexcept {
  switch (level) {
    case base::LogLevel::debug:
      return FAIRLEAD_LOG_DEBUG;
    case base::LogLevel::info:
      return FAIRLEAD_LOG_INFO;
    case base::LogLevel::warning:
      return FAIRLEAD_LOG_WARN;
    default:
      return FAIRLEAD_LOG_ERROR;
  }
}

/// Lines go to the embedding program: "link.closed peer="site-3"".
class CallbackLog final : public base::Log {
 public:
  CallbackLog(base::LogLevel level, const fairlead_node_options& options)
      : level_(level), write_(options.log), ctx_(options.log_ctx) {}

  bool enabled(base::LogLevel level) const noexcept override {
    return level >= level_ && level != base::LogLevel::off;
  }
  void write(base::LogLevel level, std::string_view event,
             std::initializer_list<base::Field> fields) override {
    if (!enabled(level)) return;
    std::string line(event);
    for (const base::Field& field : fields)
      line += " " + std::string(field.key) + "=" + base::quote(field.value);
    write_(ctx_, to_c(level), {line.data(), line.size()});
  }

 private:
  base::LogLevel level_;
  void (*write_)(void* ctx, int32_t level, fairlead_text line);
  void* ctx_;
};

/// The strongest override of `key`, or nothing.
std::string strongest(const config::Overrides& overrides, std::string_view key) {
  const config::Override* best = nullptr;
  for (const config::Override& one : overrides)
    if (one.key == key && (best == nullptr || one.origin >= best->origin)) best = &one;
  return best != nullptr ? best->value : std::string();
}

base::Result<config::Overrides> all_overrides(const Settings& settings) {
  FAIRLEAD_TRY(config::Overrides all,
               config::read_local_overrides((settings.kit / "local" / "fairlead.yml").string()));
  std::ranges::copy(config::environment_overrides(settings.environment), std::back_inserter(all));
  FAIRLEAD_TRY(const config::Overrides set, config::command_line_overrides(settings.set));
  std::ranges::copy(set, std::back_inserter(all));
  return all;
}

}  // namespace

base::Result<std::unique_ptr<base::Log>> make_log(const fairlead_node_options& options,
                                                  const Settings& settings) {
  std::string level(options.log_level.data, options.log_level.size);
  std::string format(options.log_format.data, options.log_format.size);
  if (level.empty() || format.empty()) {
    FAIRLEAD_TRY(const config::Overrides overrides, all_overrides(settings));
    if (level.empty()) level = strongest(overrides, "log.level");
    if (format.empty()) format = strongest(overrides, "log.format");
  }
  FAIRLEAD_TRY(const base::LogLevel from, base::parse_log_level(level.empty() ? "info" : level));
  FAIRLEAD_TRY(const base::LogFormat as, base::parse_log_format(format.empty() ? "text" : format));
  if (options.log != nullptr) return std::make_unique<CallbackLog>(from, options);
  return base::make_stderr_log(from, as);
}

}  // namespace fairlead::node
