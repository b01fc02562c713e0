#include "app/cert_commands.hpp"

#include <ostream>
#include <vector>

#include "app/date.hpp"
#include "app/inspect_commands.hpp"
#include "config/period.hpp"
#include "provision/expiring.hpp"
#include "provision/revoke.hpp"

namespace fairlead::app {
namespace {

using base::Json;
using provision::ExpiryReport;
using provision::RevokeReport;

int64_t milliseconds(base::WallTime time) { return time.time_since_epoch().count(); }

base::Result<provision::RevokeOptions> options_of(const RevokeArguments& arguments, std::ostream& err) {
  if (arguments.refresh != arguments.name.empty())
    return base::fail(base::ErrorCode::bad_arguments,
                      arguments.refresh ? "--refresh revokes nobody, but a name was given"
                                        : "nobody was named to be revoked",
                      "name one participant, or use --refresh for a new list alone");
  provision::RevokeOptions options;
  options.workspace = arguments.workspace;
  options.project = arguments.project;
  options.name = arguments.name;
  FAIRLEAD_TRY(options.reason, crypto::parse_revocation_reason(arguments.reason));
  if (!arguments.next_update.empty()) {
    FAIRLEAD_TRY(options.next_update, config::parse_period(arguments.next_update));
  }
  FAIRLEAD_TRY(options.passphrase, passphrase_source(arguments.passphrase, err));
  return options;
}

/// Everything about a run that people need to know.
void explain(const RevokeReport& report, const std::string& name, std::ostream& err) {
  for (const std::string& warning : report.warnings) err << "warning: " << warning << "\n";
  if (!name.empty() && report.revoked.empty())
    err << name << " was revoked already; " << (report.issued ? "the list was not complete" : "nothing to do")
        << "\n";
  err << (report.issued ? "made " : "the list is still ") << report.file.string() << ": number "
      << report.number << ", " << report.count << " revoked, good until " << date(report.next_update) << "\n"
      << "copy it to local/crl.pem in the kit of the server and of every site; what runs there reads it "
         "within "
         "seconds\n";
  if (!report.revoked.empty())
    err << "`fairlead provision` makes a new key and certificate for " << name
        << " if it is still in the project\n";
  err << std::flush;
}

void print_revoked(const RevokeReport& report, const Output& output) {
  if (output.form == Form::json || report.revoked.empty()) return;
  std::vector<std::vector<std::string>> rows{{"NAME", "CERTIFICATE", "SERIAL", "EXPIRES", "REASON"}};
  for (const provision::IssuedCertificate& one : report.revoked)
    rows.push_back({one.participant, one.use, base::hex(one.serial), date(one.not_after),
                    crypto::name(one.revoked->reason)});
  output.out << table(rows) << std::flush;
}

Json data_of(const RevokeReport& report) {
  Json revoked = Json::array();
  for (const provision::IssuedCertificate& one : report.revoked)
    revoked.add(Json::object({{"name", one.participant},
                              {"certificate", one.use},
                              {"serial", base::hex(one.serial)},
                              {"expires_ms", milliseconds(one.not_after)},
                              {"reason", crypto::name(one.revoked->reason)}}));
  Json warnings = Json::array();
  for (const std::string& warning : report.warnings) warnings.add(warning);
  return Json::object({{"project", report.project},
                       {"revoked", std::move(revoked)},
                       {"issued", report.issued},
                       {"number", report.number},
                       {"this_update_ms", milliseconds(report.this_update)},
                       {"next_update_ms", milliseconds(report.next_update)},
                       {"count", uint64_t{report.count}},
                       {"file", report.file.string()},
                       {"warnings", std::move(warnings)}});
}

void print_ending(const ExpiryReport& report, const Output& output) {
  if (output.form == Form::json || report.ending.empty()) return;
  std::vector<std::vector<std::string>> rows{{"NAME", "TYPE", "CERTIFICATE", "EXPIRES", "DAYS LEFT", "PATH"}};
  for (const provision::ExpiringCertificate& one : report.ending)
    rows.push_back({one.name, one.type, one.certificate, date(one.expires), std::to_string(one.days_left),
                    one.file.string()});
  output.out << table(rows) << std::flush;
}

Json data_of(const ExpiryReport& report, std::chrono::seconds within) {
  Json ending = Json::array();
  for (const provision::ExpiringCertificate& one : report.ending)
    ending.add(Json::object({{"name", one.name},
                             {"type", one.type},
                             {"certificate", one.certificate},
                             {"expires_ms", milliseconds(one.expires)},
                             {"days_left", one.days_left},
                             {"path", one.file.string()}}));
  return Json::object({{"within_s", int64_t{within.count()}},
                       {"kits", uint64_t{report.kits}},
                       {"certificates", uint64_t{report.certificates}},
                       {"expired", uint64_t{report.expired}},
                       {"ending", std::move(ending)}});
}

}  // namespace

int run_revoke(const RevokeArguments& arguments, const Output& output) {
  const auto options = options_of(arguments, output.err);
  if (!options) return report(options.error(), output);
  const base::SystemClock clock;
  const auto done = provision::revoke(*options, clock);
  if (!done) return report(done.error(), output);
  print_revoked(*done, output);
  explain(*done, arguments.name, output.err);
  return succeed(data_of(*done), output);
}

int run_expiring(const ExpiringArguments& arguments, const Output& output) {
  const auto within = config::parse_period(arguments.within);
  if (!within) {
    base::Error error = within.error();
    error.text = "--within " + arguments.within + ": " + error.text;
    return report(error, output);
  }
  const auto found = provision::find_expiring(arguments.path, *within, base::SystemClock().wall());
  if (!found) return report(found.error(), output);
  print_ending(*found, output);
  if (!arguments.quiet)
    output.err << found->ending.size() << " of " << found->certificates << " certificates in " << found->kits
               << " kits end within " << arguments.within << ", " << found->expired << " of them are over\n"
               << std::flush;
  succeed(data_of(*found, *within), output);
  return found->ending.empty() ? 0 : 1;
}

}  // namespace fairlead::app
