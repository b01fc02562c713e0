#include "app/manual.hpp"

#include <algorithm>

namespace fairlead::app {
namespace {

constexpr std::string_view kTop = R"(fairlead(1)

# NAME

fairlead - secure messages between the participants of a project

# SYNOPSIS

*fairlead* _COMMAND_ [_OPTION_...]++
*fairlead* *help* [_COMMAND_...]

# DESCRIPTION

A project has one server and any number of clients, admins and services. _fairlead provision_ makes a startup kit
for each from a project file, see *fairlead-project*(5); _fairlead server_ and _fairlead client_ run with a kit; the
other commands send messages, look at what runs, and administer it.

)";

constexpr std::string_view kBottom = R"(
# EXIT STATUS

*0*
	Done.

*1*
	Refused, or tried and failed.

*2*
	Cannot connect, or cannot authenticate.

*3*
	A deadline passed after connecting.

*4*
	Wrong arguments, a wrong configuration, or a defect of a kit.

*5*
	An internal error.

# OUTPUT

Data goes to standard output, words for people go to standard error. With *--json* a command prints exactly one
object, with *schema\_version*, *status* and either *data* or *error*.

# ENVIRONMENT

*FAIRLEAD\_...*
	Local settings, as *fairlead-project*(5) lists them.

*NO\_COLOR*
	No colours on a terminal.

# SEE ALSO

*fairlead-project*(5)
)";

/// "*-k*, *--kit* _KIT_"
std::string heading_of(const OptionInfo& option) {
  std::string text;
  for (const std::string& name : option.names)
    text +=
        (text.empty() ? "" : ", ") + (option.positional ? "_" + plain(name) + "_" : "*" + plain(name) + "*");
  if (!option.positional && !option.value.empty()) text += " _" + plain(option.value) + "_";
  return text;
}

std::string entry_of(const OptionInfo& option) {
  std::string text = heading_of(option) + "\n\t" + plain(option.help) + ".";
  if (option.required) text += " Required.";
  if (option.repeated) text += " May be repeated.";
  return text + "\n\n";
}

bool same(const OptionInfo& a, const OptionInfo& b) { return a.names == b.names && a.help == b.help; }

bool has(const CommandInfo& command, const OptionInfo& option) {
  return std::any_of(command.options.begin(), command.options.end(),
                     [&](const OptionInfo& one) { return same(one, option); });
}

/// Options that stand at the root and at every command that runs something.
std::vector<OptionInfo> common_options(const CommandInfo& root) {
  std::vector<OptionInfo> common = root.options;
  for (const CommandInfo* command : flattened(root))
    if (command->commands.empty())
      std::erase_if(common, [&](const auto& one) { return !has(*command, one); });
  return common;
}

bool contains(const std::vector<OptionInfo>& options, const OptionInfo& option) {
  return std::any_of(options.begin(), options.end(), [&](const auto& one) { return same(one, option); });
}

std::string section_of(const CommandInfo& command, const std::vector<OptionInfo>& common) {
  std::string title = command.path;
  for (const OptionInfo& option : command.options)
    if (option.positional) title += option.required ? " " + option.names[0] : " [" + option.names[0] + "]";
  std::string text = "## " + title + "\n\n" + plain(command.help) + ".\n\n";
  for (const OptionInfo& option : command.options)
    if (!contains(common, option)) text += entry_of(option);
  return text;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\*_[]#|~`<>").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string command_manual(const CommandInfo& root) {
  const std::vector<OptionInfo> common = common_options(root);
  std::string text = std::string(kTop) + "# OPTIONS OF EVERY COMMAND\n\n";
  for (const OptionInfo& option : common) text += entry_of(option);
  text += "Before a command also:\n\n";
  for (const OptionInfo& option : root.options)
    if (!contains(common, option)) text += entry_of(option);
  text += "# COMMANDS\n\n";
  for (const CommandInfo* command : flattened(root))
    if (command->commands.empty()) text += section_of(*command, common);
  return text + std::string(kBottom);
}

}  // namespace fairlead::app
