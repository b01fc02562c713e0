#include "app/provision_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <system_error>
#include <vector>

#include "app/checked_project.hpp"
#include "app/date.hpp"
#include "app/inspect_commands.hpp"
#include "app/key_type.hpp"
#include "app/output.hpp"
#include "config/explain.hpp"
#include "config/resolve.hpp"
#include "plugin/registry.hpp"
#include "provision/provision.hpp"

namespace fairlead::app {
namespace {

using base::Json;
using provision::ProvisionReport;

std::vector<std::string> row_of(const provision::KitReport& kit) {
  const std::string change =
      std::string(provision::name(kit.change)) + (kit.why.empty() ? "" : ": " + kit.why);
  return {kit.name,         base::name(kit.type), kit.org, change, kit.expires ? date(*kit.expires) : "-",
          kit.path.string()};
}

void print_table(const ProvisionReport& report, std::ostream& out) {
  std::vector<std::vector<std::string>> rows{{"NAME", "TYPE", "ORG", "KIT", "EXPIRES", "PATH"}};
  for (const provision::KitReport& kit : report.kits) rows.push_back(row_of(kit));
  out << table(rows) << std::flush;
}

/// A server kit of the same run holds them already.
void tell_of_statements(const ProvisionReport& report, std::ostream& err) {
  const auto is_new_server = [](const provision::KitReport& kit) {
    return kit.type == base::ParticipantType::server && provision::is_written(kit.change);
  };
  if (std::ranges::any_of(report.kits, is_new_server)) return;
  for (const provision::KitReport& kit : report.kits)
    if (!kit.statement.empty())
      err << "copy " << kit.statement.string()
          << " into local/peers/ of the server's kit: it lets the CURVE key of " << kit.name << " in\n";
}

void print_summary(const ProvisionReport& report, bool dry_run, std::ostream& err) {
  for (const std::string& warning : report.warnings) err << "warning: " << warning << "\n";
  const auto waiting = std::count_if(report.kits.begin(), report.kits.end(), [](const auto& kit) {
    return kit.change == provision::KitChange::awaits_request;
  });
  if (waiting > 0)
    err << "kits that await the request of their site: " << waiting
        << "; see `fairlead cert request --help`\n";
  tell_of_statements(report, err);
  if (!report.made)
    err << "nothing changed: every kit of " << report.project << " is current\n";
  else if (dry_run)
    err << "dry run: would make " << report.made->string() << "\n";
  else
    err << "made " << report.made->string() << "\nroot fingerprint (SHA-256): " << report.root_sha256 << "\n";
  err << std::flush;
}

Json data_of(const ProvisionReport& report, bool dry_run) {
  Json kits = Json::array();
  for (const provision::KitReport& kit : report.kits) {
    Json one = Json::object({{"name", kit.name},
                             {"type", base::name(kit.type)},
                             {"org", kit.org},
                             {"change", provision::name(kit.change)},
                             {"why", kit.why},
                             {"path", kit.path.string()}});
    if (kit.expires) one.set("expires", date(*kit.expires));
    if (!kit.statement.empty()) one.set("curve_statement", kit.statement.string());
    kits.add(std::move(one));
  }
  Json warnings = Json::array();
  for (const std::string& warning : report.warnings) warnings.add(warning);
  return Json::object({{"project", report.project},
                       {"dry_run", dry_run},
                       {"made", report.made ? Json(report.made->string()) : Json()},
                       {"root_sha256", report.root_sha256},
                       {"kits", std::move(kits)},
                       {"warnings", std::move(warnings)}});
}

/// "making kits 12/1000" on one line, on a terminal only.
std::function<void(size_t, size_t)> progress_on(std::ostream& err) {
  if (::isatty(STDERR_FILENO) == 0) return {};
  return [&err](size_t done, size_t total) {
    err << "\rmaking kits " << done << "/" << total << (done == total ? "\n" : "") << std::flush;
  };
}

base::Result<provision::ProvisionOptions> options_of(const ProvisionArguments& arguments, std::ostream& err) {
  provision::ProvisionOptions options;
  if (arguments.workspace.empty())
    return base::fail(base::ErrorCode::bad_arguments, "no workspace was named", "use -w DIR");
  options.workspace = arguments.workspace;
  options.mode = arguments.dry_run ? provision::RunMode::dry_run : provision::RunMode::write;
  FAIRLEAD_TRY(options.key_type, key_type(arguments.key_type));
  if (arguments.days) options.days = std::chrono::days(*arguments.days);
  FAIRLEAD_TRY(options.passphrase, passphrase_source(arguments.passphrase, err));
  options.progress = progress_on(err);
  return options;
}

/// A configuration error without a place is about the project file as a whole.
base::Error placed(base::Error error, const std::string& project_file) {
  if (error.code == base::ErrorCode::bad_configuration && error.origin.empty())
    error.origin = project_file + ":1:1";
  return error;
}

}  // namespace

int run_provision(const ProvisionArguments& arguments, std::ostream& out, std::ostream& err) {
  const Output output{out, err, arguments.json ? Form::json : Form::text};
  const auto options = options_of(arguments, err);
  if (!options) return report(options.error(), output);

  const config::ProjectReading reading = read_checked_project(arguments.project_file);
  if (!reading.diagnostics.ok()) return report(reading.diagnostics, output);
  const config::ResolvedProject project = config::resolve(*reading.project);
  err << config::notes_text(project.notes);

  const base::SystemClock clock;
  base::SystemRandom random;
  const auto done = provision::provision(project, *options, clock, random);
  if (!done) return report(placed(done.error(), arguments.project_file), output);
  if (output.form == Form::text) print_table(*done, out);
  print_summary(*done, arguments.dry_run, err);
  return succeed(data_of(*done, arguments.dry_run), output);
}

}  // namespace fairlead::app
