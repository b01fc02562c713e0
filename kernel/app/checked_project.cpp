#include "app/checked_project.hpp"

#include "config/check.hpp"
#include "plugin/check_options.hpp"

namespace fairlead::app {

config::ProjectReading read_checked_project(const std::string& path) {
  config::ProjectReading reading = config::read_project(path);
  if (!reading.project) return reading;
  config::check_files(*reading.project, reading.diagnostics);
  // Silent: that nobody serves a scheme here is no news.
  const auto log = base::make_stderr_log(base::LogLevel::off, base::LogFormat::text);
  plugin::check_transport_options(*reading.project, config::shipped_plugins(), *log, reading.diagnostics);
  return reading;
}

}  // namespace fairlead::app
