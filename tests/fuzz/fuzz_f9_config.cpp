// F9: configuration files of anybody: a project file, and behind the first NUL a local file that is laid over
// each of its participants.
#include <algorithm>

#include "base/assert.hpp"
#include "config/explain.hpp"
#include "config/overrides.hpp"
#include "config/project_reader.hpp"
#include "config/resolve.hpp"

namespace fairlead::fuzz {
namespace {

using config::ResolvedParticipant;
using config::ResolvedProject;

bool is_inside(config::Position at, std::string_view source) {
  const auto lines = std::count(source.begin(), source.end(), '\n') + 1;
  return at.line >= 1 && at.line <= lines && at.column >= 1 &&
         static_cast<size_t>(at.column) <= source.size() + 1;
}

void check_errors(const config::Diagnostics& diagnostics) {
  FAIRLEAD_ASSERT(diagnostics.print().starts_with(diagnostics.file() + ":"));
  FAIRLEAD_ASSERT(diagnostics.first().code == base::ErrorCode::bad_configuration);
  for (const config::Diagnostic& one : diagnostics.errors()) {
    FAIRLEAD_ASSERT(!one.text.empty());
    FAIRLEAD_ASSERT(is_inside(one.at, diagnostics.source()));
  }
}

void check_resolved(const ResolvedProject& project) {
  size_t servers = 0;
  for (const ResolvedParticipant& one : project.participants) {
    servers += one.type == base::ParticipantType::server ? 1 : 0;
    FAIRLEAD_ASSERT(base::check_participant_name(one.type, one.name).has_value());
    FAIRLEAD_ASSERT(one.expected_message_security != base::MessageSecurity::automatic);
    if (one.type == base::ParticipantType::server) {
      FAIRLEAD_ASSERT(!one.listeners.empty());
    } else {
      FAIRLEAD_ASSERT(one.connect_to.value.port != 0 && !one.connect_to.value.host.empty());
    }
  }
  FAIRLEAD_ASSERT(servers == 1);
  FAIRLEAD_ASSERT(base::Json::parse(config::explain_json(project).dump()).has_value());
  FAIRLEAD_ASSERT(config::explain_table(project).ends_with('\n'));
}

/// What was refused changed nothing that the kit protects.
void check_local(ResolvedProject project, const std::string& text) {
  const config::LocalReading local = config::read_local_text("kit/local/fairlead.yml", text);
  if (!local.diagnostics.ok()) return check_errors(local.diagnostics);
  for (ResolvedParticipant& one : project.participants) {
    const auto floor = one.message_security.value;
    const bool may_weaken = one.weaker_overrides.value == config::WeakerOverrides::allowed;
    const auto security = one.connection_security.value;
    static_cast<void>(config::apply_overrides(one, local.overrides));
    FAIRLEAD_ASSERT(may_weaken || one.message_security.value >= floor);
    FAIRLEAD_ASSERT(one.connection_security.value == security);
  }
}

void check(std::string_view input) {
  const size_t split = input.find('\0');
  const config::ProjectReading reading =
      config::read_project_text("project.yml", std::string(input.substr(0, split)));
  FAIRLEAD_ASSERT(reading.project.has_value() == reading.diagnostics.ok());
  if (!reading.project) return check_errors(reading.diagnostics);
  const ResolvedProject project = config::resolve(*reading.project);
  check_resolved(project);
  if (split != std::string_view::npos) check_local(project, std::string(input.substr(split + 1)));
}

}  // namespace
}  // namespace fairlead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fairlead::fuzz::check(fairlead::base::as_text({data, size}));
  return 0;
}
