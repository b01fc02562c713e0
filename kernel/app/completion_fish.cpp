#include "app/completion.hpp"

namespace fairlead::app {
namespace {

constexpr std::string_view kHead =
    R"(# Completion of fairlead for fish. Put it into ~/.config/fish/completions/fairlead.fish:
#   fairlead completion fish > ~/.config/fish/completions/fairlead.fish

# True when the command that was typed so far is exactly the arguments.
function __fairlead_at
    set -l at fairlead
    set -l is_value no
    for word in (commandline -opc)[2..-1]
        if test $is_value = yes
            set is_value no
            continue
        end
        switch "$at $word"
)";
constexpr std::string_view kMiddle = R"(                set at "$at $word"
)";
constexpr std::string_view kTail = R"(                set is_value yes
        end
    end
    test "$at" = "$argv"
end

complete -c fairlead -f
)";

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

/// "-r -F" and the like: what stands behind an option, or in an argument's place.
std::string value_words(const Candidates& candidates) {
  switch (candidates.kind) {
    case Candidates::Kind::files:
      return " -F";
    case Candidates::Kind::folders:
      return " -a '(__fish_complete_directories)'";
    case Candidates::Kind::words: {
      std::string words;
      for (const std::string& word : candidates.words) words += (words.empty() ? "" : " ") + word;
      return " -a " + quoted(words);
    }
    case Candidates::Kind::nothing:
      break;
  }
  return {};
}

std::string option_line(const std::string& start, const OptionInfo& option) {
  const std::string values = value_words(candidates_for(option));
  if (option.positional) return values.empty() ? "" : start + values + "\n";
  std::string line = start;
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  line += " -d " + quoted(option.help);
  if (!option.value.empty()) line += (values == " -F" ? " -r" : " -x") + values;
  return line + "\n";
}

std::string lines_of(const CommandInfo& command) {
  const std::string start = "complete -c fairlead -n " + quoted("__fairlead_at " + command.path);
  std::string out;
  for (const CommandInfo& below : command.commands)
    out += start + " -a " + below.name + " -d " + quoted(below.help) + "\n";
  for (const OptionInfo& option : command.options) out += option_line(start, option);
  return out;
}

/// The patterns of a `case`: commands, and options that take a value.
std::string paths_of_commands(const std::vector<const CommandInfo*>& commands) {
  std::string out = "            case";
  for (const CommandInfo* command : commands)
    for (const CommandInfo& below : command->commands) out += " " + quoted(below.path);
  return out + "\n";
}

std::string paths_of_options(const std::vector<const CommandInfo*>& commands) {
  std::string out = "            case";
  for (const CommandInfo* command : commands)
    for (const OptionInfo& option : command->options)
      for (const std::string& name : option.names)
        if (!option.positional && !option.value.empty()) out += " " + quoted(command->path + " " + name);
  return out + "\n";
}

}  // namespace

std::string fish_completion(const CommandInfo& root) {
  const auto commands = flattened(root);
  std::string out = std::string(kHead) + paths_of_commands(commands) + std::string(kMiddle) +
                    paths_of_options(commands) + std::string(kTail);
  for (const CommandInfo* command : commands) out += lines_of(*command);
  return out;
}

}  // namespace fairlead::app
