#include "app/completion.hpp"

namespace fairlead::app {
namespace {

constexpr std::string_view kHead =
    R"(#compdef fairlead
# Completion of fairlead for zsh. Put it into ~/.zshrc:  source <(fairlead completion zsh)
)";
constexpr std::string_view kTail = R"(
if [[ $funcstack[1] == _fairlead ]]; then
  _fairlead "$@"
else
  compdef _fairlead fairlead
fi
)";

/// Inside single quotes, where _arguments gives '[', ']' and ':' a meaning.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string function_of(const CommandInfo& command) {
  std::string name = "_" + command.path;
  for (char& c : name)
    if (c == ' ' || c == '-') c = '_';
  return name;
}

/// What _arguments does for a value: ":PLACEHOLDER:ACTION".
std::string action_for(const OptionInfo& option) {
  const Candidates candidates = candidates_for(option);
  std::string action = ":" + escaped(option.value) + ":";
  if (candidates.kind == Candidates::Kind::files) return action + "_files";
  if (candidates.kind == Candidates::Kind::folders) return action + "_files -/";
  if (candidates.kind == Candidates::Kind::nothing) return action;
  std::string words;
  bool unfinished = false;
  for (const std::string& word : candidates.words) {
    unfinished = unfinished || word.ends_with('=');
    words += (words.empty() ? "" : " ") + word;
  }
  return action + (unfinished ? "{compadd -S \"\" -- " + words + "}" : "(" + words + ")");
}

std::string option_line(const OptionInfo& option) {
  if (option.positional)
    return "    '" + std::string(option.repeated ? "*" : "") + action_for(option) + "' \\\n";
  std::string excluded;
  for (const std::string& name : option.names) excluded += (excluded.empty() ? "" : " ") + name;
  std::string lines;
  const std::string before = option.repeated ? "    '*" : "    '(" + excluded + ")";
  const std::string behind =
      "[" + escaped(option.help) + "]" + (option.value.empty() ? "" : action_for(option)) + "' \\\n";
  for (const std::string& name : option.names) lines.append(before).append(name).append(behind);
  return lines;
}

std::string leaf(const CommandInfo& command) {
  std::string out = "\n" + function_of(command) + "() {\n  _arguments -s \\\n";
  for (const OptionInfo& option : command.options) out += option_line(option);
  return out + "    && return 0\n}\n";
}

std::string group(const CommandInfo& command) {
  std::string names, calls;
  for (const CommandInfo& below : command.commands) {
    names += "        '" + below.name + ":" + escaped(below.help) + "'\n";
    calls += "        " + below.name + ") " + function_of(below) + " ;;\n";
  }
  std::string out = "\n" + function_of(command) +
                    "() {\n  local context state state_descr line\n  local -a commands\n" +
                    "  typeset -A opt_args\n  _arguments -C -s \\\n";
  for (const OptionInfo& option : command.options) out += option_line(option);
  return out +
         "    '1: :->command' \\\n    '*:: :->arguments' && return 0\n  case $state in\n    command)\n" +
         "      commands=(\n" + names +
         "      )\n      _describe command commands\n      ;;\n    arguments)\n" +
         "      case $line[1] in\n" + calls + "      esac\n      ;;\n  esac\n}\n";
}

}  // namespace

std::string zsh_completion(const CommandInfo& root) {
  std::string out(kHead);
  for (const CommandInfo* command : flattened(root))
    out += command->commands.empty() ? leaf(*command) : group(*command);
  return out + std::string(kTail);
}

}  // namespace fairlead::app
