#include "app/checked_project.hpp"

#include "config/check.hpp"
#include "plugin/check_options.hpp"
#include "provision/provision.hpp"

namespace fairlead::app {

config::ProjectReading read_checked_project(const std::string& path) {
  config::ProjectReading reading = config::read_project(path);
  if (!reading.project) return reading;
  config::check_files(*reading.project, reading.diagnostics);
  // Silent: that nobody serves a scheme here is no news.
  const auto log = base::make_stderr_log(base::LogLevel::off, base::LogFormat::text);
  plugin::check_transport_options(*reading.project,
                                  {{.id = provision::kTcpPlugin, .sha256 = {}, .trusted_link = true},
                                   {.id = provision::kZmqPlugin, .sha256 = {}, .trusted_link = true}},
                                  *log, reading.diagnostics);
  return reading;
}

}  // namespace fairlead::app
