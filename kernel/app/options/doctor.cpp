#include "app/doctor_command.hpp"
#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"

namespace fairlead::app {

void add_doctor(CLI::App& root, CommandLine& line) {
  auto& arguments = line.arguments<DoctorArguments>();
  CLI::App& doctor = add_command(root, line, "doctor", "Find out why a kit cannot connect",
                                 [&](const Output& to) { return run_doctor(arguments, to); });
  add_node(doctor, arguments.node, AppChoice::fixed);
  doctor.add_option("--timeout", arguments.timeout, "Longest wait of each step on the network [10s]")
      ->type_name("TIME");
  add_common(doctor, line);
}

}  // namespace fairlead::app
