#include "app/doctor_command.hpp"

#include <ostream>

#include "app/inspect_commands.hpp"
#include "app/one_shot.hpp"
#include "app/process.hpp"
#include "doctor/doctor.hpp"
#include "doctor/firewall.hpp"

namespace fairlead::app {
namespace {

void print_text(const doctor::Report& report, const Output& output) {
  std::vector<std::vector<std::string>> rows{{"COMPONENT", "TARGET", "STATUS", "DETAIL"}};
  for (const doctor::Row& row : report.rows())
    rows.push_back({row.component, row.target, doctor::name(row.status), row.detail});
  output.out << table(rows);
  const auto remedies = report.remedies();
  if (!remedies.empty()) output.out << "\nWhat to do\n";
  for (const auto& [component, remedy] : remedies) output.out << "  " << component << ": " << remedy << "\n";
  if (report.firewall_request.is_object())
    output.out << "\n" << doctor::firewall_text(report.firewall_request);
  output.out << std::flush;
}

void print_json(const doctor::Report& report, const std::string& kit, const Output& output) {
  const doctor::Row* failure = report.first_failure();
  base::Json data = base::Json::object({{"kit", kit}, {"rows", report.to_json()}});
  if (report.firewall_request.is_object()) data.set("firewall_request", report.firewall_request);
  base::Json object = base::Json::object(
      {{"schema_version", 1}, {"status", failure == nullptr ? "ok" : "error"}, {"data", std::move(data)}});
  if (failure != nullptr)
    object.set("error", base::Json::object(
                            {{"code", base::name(failure->code)},
                             {"message", failure->component + " " + failure->target + ": " + failure->detail},
                             {"hint", failure->remedy}}));
  print_line(object, output);
}

}  // namespace

int run_doctor(const DoctorArguments& arguments, const Output& output) {
  const auto patience = parse_timeout(arguments.timeout);
  if (!patience) return report(patience.error(), output);
  const node::Settings settings{.kit = arguments.node.kit,
                                .app = arguments.node.as,
                                .set = arguments.node.set,
                                .environment = environment()};
  const base::SystemClock clock;
  const doctor::Report found = doctor::examine(settings, *patience, clock);
  if (output.form == Form::json)
    print_json(found, arguments.node.kit, output);
  else
    print_text(found, output);
  return found.exit_code();
}

}  // namespace fairlead::app
