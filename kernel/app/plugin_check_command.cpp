#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <ostream>
#include <system_error>

#include "app/node_options.hpp"
#include "app/plugin_commands.hpp"
#include "plugin/registry.hpp"

namespace fairlead::app {
namespace {

constexpr const char* kProgram = "fairlead-plugin-check";

/// Beside this program, wherever that was installed.
std::string check_program() {
  std::error_code error;
  return (std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / kProgram).string();
}

std::vector<std::string> words_of(const PluginCheckArguments& arguments, Form form) {
  std::vector<std::string> words{kProgram, arguments.file};
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {option, value});
  };
  add("--setup", arguments.setup);
  add("--seed", arguments.seed);
  for (const std::string& one : arguments.only) add("--only", one);
  if (form == Form::json) words.emplace_back("--json");
  return words;
}

/// Gives an error, or never returns.
base::Error become(const std::string& program, std::vector<std::string> words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::signal(SIGPIPE, SIG_DFL);  // this program's own choice, which would outlive it
  ::execv(program.c_str(), pointers.data());
  return {base::ErrorCode::failed,
          "cannot run " + program + ": " + std::generic_category().message(errno),
          "install the package fairlead-dev",
          {},
          "no_plugin_check"};
}

}  // namespace

int run_plugin_check(const PluginCheckArguments& arguments, const CommonArguments& common,
                     const Output& output) {
  const auto log = command_log(common);
  if (!log) return report(log.error(), output);
  const auto loaded = plugin::load({arguments.file, {}, false}, **log);
  if (!loaded) return report(loaded.error(), output);
  if (output.form == Form::text)
    output.err << "loaded " << (*loaded)->id() << " " << (*loaded)->version()
               << "; every check of the loader passed\n"
               << std::flush;
  return report(become(check_program(), words_of(arguments, output.form)), output);
}

}  // namespace fairlead::app
