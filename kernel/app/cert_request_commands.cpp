#include "app/cert_request_commands.hpp"

#include <filesystem>
#include <ostream>
#include <system_error>

#include "app/admin_commands.hpp"
#include "app/key_type.hpp"
#include "config/project_reader.hpp"
#include "provision/approve.hpp"
#include "provision/install.hpp"
#include "provision/site_request.hpp"

namespace fairlead::app {
namespace {

namespace fs = std::filesystem;
using base::Json;

base::Result<std::optional<base::ParticipantType>> named_type(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto type = base::parse_participant_type(text);
  if (type) return *type;
  return base::fail(base::ErrorCode::bad_arguments, "--type " + text + " is not known",
                    "use client, admin, service or server");
}

base::Result<base::ParticipantType> type_in(const config::Project& project, const std::string& name) {
  for (const config::Participant& one : project.participants)
    if (one.name.value == name) return one.type;
  return base::fail(base::ErrorCode::bad_arguments, project.file + " has no participant " + name,
                    "write the name as the project file does");
}

/// Whom to ask for. A file says more than a name, but a site need not have it.
base::Result<provision::Subject> subject_of(const CertRequestArguments& arguments) {
  FAIRLEAD_TRY(const auto type, named_type(arguments.type));
  std::error_code ignored;
  if (!fs::is_regular_file(arguments.project, ignored))
    return provision::Subject{arguments.project, arguments.name,
                              type.value_or(base::ParticipantType::client)};
  const config::ProjectReading reading = config::read_project(arguments.project);
  if (!reading.project) return tl::unexpected(reading.diagnostics.first());
  FAIRLEAD_TRY(const base::ParticipantType found, type_in(*reading.project, arguments.name));
  if (type && *type != found)
    return base::fail(base::ErrorCode::bad_arguments,
                      arguments.project + " has " + arguments.name + " as " + base::name(found),
                      "leave --type out");
  return provision::Subject{reading.project->name, arguments.name, found};
}

base::Result<Json> request(const CertRequestArguments& arguments, const Output& output) {
  provision::SiteOrder order;
  FAIRLEAD_TRY(order.subject, subject_of(arguments));
  FAIRLEAD_TRY(order.key_type, key_type(arguments.key_type));
  FAIRLEAD_TRY(provision::check_subject(order.subject));
  order.kit = arguments.kit.empty() ? order.subject.name : arguments.kit;
  FAIRLEAD_TRY(const provision::PendingRequest made, provision::request_certificate(order));
  FAIRLEAD_TRY(kit::write_archive(arguments.output, provision::to_entries(made.request), 0644));
  output.err << (made.found ? "found the key in " : "made a key in ")
             << (order.kit / provision::kRequestFolder).string() << ", where it stays\nsend "
             << arguments.output << " to who runs project " << order.subject.project << "; it holds no key\n"
             << std::flush;
  return Json::object({{"project", order.subject.project},
                       {"name", order.subject.name},
                       {"type", base::name(order.subject.type)},
                       {"kit", order.kit.string()},
                       {"request", arguments.output},
                       {"key_made", !made.found}});
}

base::Result<Json> approve(const CertApproveArguments& arguments, const Output& output) {
  provision::ApproveOptions options;
  options.request = arguments.request;
  options.workspace = arguments.workspace;
  options.output = arguments.output;
  if (arguments.replace) options.other_key = provision::OtherKey::replaced;
  if (arguments.days) options.days = std::chrono::days(*arguments.days);
  FAIRLEAD_TRY(options.passphrase, passphrase_source(arguments.passphrase, output.err));
  const base::SystemClock clock;
  base::SystemRandom random;
  FAIRLEAD_TRY(const provision::Approval done, provision::approve(options, clock, random));
  const int64_t expires_ms = done.expires.time_since_epoch().count();
  for (const std::string& warning : done.warnings) output.err << "warning: " << warning << "\n";
  output.err << (done.issued ? "approved " : "had been approved before: ") << done.subject.name
             << " of project " << done.subject.project << ", until " << time_text(expires_ms) << " UTC\nsend "
             << arguments.output
             << " to the site, and by another way the fingerprint of the root (SHA-256):\n"
             << done.root_sha256 << "\n"
             << std::flush;
  return Json::object({{"project", done.subject.project},
                       {"name", done.subject.name},
                       {"type", base::name(done.subject.type)},
                       {"issued", done.issued},
                       {"kit", done.kit.string()},
                       {"approval", arguments.output},
                       {"root_sha256", done.root_sha256},
                       {"expires_ms", expires_ms}});
}

base::Result<Json> install(const CertInstallArguments& arguments, const Output& output) {
  const provision::InstallOrder order{arguments.approval, arguments.kit, arguments.fingerprint};
  FAIRLEAD_TRY(const kit::Kit made, provision::install_approval(order));
  const fs::path& kit = made.path();
  const int64_t expires_ms = made.expires().time_since_epoch().count();
  output.err << kit.string() << " is the kit of " << made.settings().name << " of project "
             << made.settings().project << ", until " << time_text(expires_ms)
             << " UTC\na running node takes it with SIGHUP\n"
             << std::flush;
  return Json::object({{"kit", kit.string()},
                       {"project", made.settings().project},
                       {"name", made.settings().name},
                       {"type", base::name(made.settings().type)},
                       {"kit_version", made.settings().kit_version},
                       {"expires_ms", expires_ms}});
}

int conclude(base::Result<Json> data, const Output& output) {
  return data ? succeed(std::move(*data), output) : report(data.error(), output);
}

}  // namespace

int run_cert_request(const CertRequestArguments& arguments, const Output& output) {
  return conclude(request(arguments, output), output);
}

int run_cert_approve(const CertApproveArguments& arguments, const Output& output) {
  return conclude(approve(arguments, output), output);
}

int run_cert_install(const CertInstallArguments& arguments, const Output& output) {
  return conclude(install(arguments, output), output);
}

}  // namespace fairlead::app
