// fairlead-plugin-check: judges a transport plugin against the contract in fairlead/transport.h.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "report.hpp"

namespace {

namespace check = fairlead::check;
namespace fs = std::filesystem;

constexpr int kFailed = 1;
constexpr int kBadArguments = 4;

struct Arguments {
  std::string file, setup;
  std::vector<std::string> only;
  uint64_t seed = 1;
  bool list = false, json = false, in_process = false;
};

void declare(CLI::App& app, Arguments& to) {
  app.add_option("FILE", to.file, "The plugin, FILE.so");
  app.add_option("--setup", to.setup, "Addresses and options to try it with; else FILE.check.json beside it");
  app.add_flag("--list", to.list, "Print every check with its description");
  app.add_option("--only", to.only, "Run this check only; may be repeated");
  app.add_flag("--json", to.json, "One JSON object on standard output");
  app.add_option("--seed", to.seed, "Seed of everything random; a run is repeated by its seed");
  app.add_flag("--in-process", to.in_process, "Run the checks in this process, for a debugger");
}

std::vector<const check::Check*> chosen(const std::vector<std::string>& only) {
  std::vector<const check::Check*> checks;
  for (const std::string& id : only)
    if (std::none_of(check::all_checks().begin(), check::all_checks().end(),
                     [&](const check::Check& one) { return id == one.id; }))
      throw check::SetupError("--only " + id + ": there is no such check; --list shows all");
  for (const check::Check& one : check::all_checks())
    if (only.empty() || std::find(only.begin(), only.end(), one.id) != only.end()) checks.push_back(&one);
  return checks;
}

check::Setup setup_of(const Arguments& arguments, const fs::path& plugin) {
  if (!arguments.setup.empty()) return check::Setup::read(arguments.setup);
  const fs::path beside = check::setup_beside(plugin);
  return fs::exists(beside) ? check::Setup::read(beside) : check::Setup::none();
}

check::Plan plan_of(const Arguments& arguments) {
  if (arguments.file.empty()) throw check::SetupError("FILE is missing: name the plugin to check, FILE.so");
  check::Plan plan;
  plan.checks = chosen(arguments.only);
  plan.plugin = fs::absolute(arguments.file);
  if (!fs::is_regular_file(plan.plugin))
    throw check::SetupError("cannot check " + arguments.file +
                            ": there is no such file; name a plugin, FILE.so");
  plan.setup = setup_of(arguments, plan.plugin);
  plan.seed = arguments.seed;
  plan.isolation = arguments.in_process ? check::Isolation::none : check::Isolation::process;
  return plan;
}

check::Colour colour_for(int fd) {
  const char* no_colour = std::getenv("NO_COLOR");
  const bool unwanted = no_colour != nullptr && *no_colour != '\0';
  return ::isatty(fd) == 1 && !unwanted ? check::Colour::on : check::Colour::off;
}

int list(const Arguments& arguments) {
  arguments.json ? check::print_list_json(std::cout) : check::print_list(std::cout);
  return 0;
}

int judge(const Arguments& arguments) {
  const check::Plan plan = plan_of(arguments);
  ::signal(SIGPIPE, SIG_IGN);  // for --in-process; a child of its own sets what its check needs
  const check::Table table(plan, colour_for(STDOUT_FILENO));
  const auto outcomes = check::run(plan, [&](const check::Outcome& one) {
    if (!arguments.json) table.print(std::cout, one);
  });
  if (arguments.json)
    check::print_json(std::cout, plan, outcomes);
  else
    table.print_summary(std::cout, outcomes);
  return check::all_is_well(outcomes) ? 0 : kFailed;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Judges a transport plugin against the contract in fairlead/transport.h.",
               "fairlead-plugin-check");
  declare(app, arguments);
  try {
    app.parse(argc, argv);
    return arguments.list ? list(arguments) : judge(arguments);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return 0;
  } catch (const std::exception& error) {
    if (std::any_of(argv, argv + argc, [](const char* one) { return std::string_view(one) == "--json"; }))
      check::print_error_json(std::cout, error.what());
    std::cerr << "fairlead-plugin-check: " << error.what() << '\n';
    return kBadArguments;
  }
}
