#include "app/completion.hpp"

namespace fairlead::app {
namespace {

constexpr std::string_view kHead =
    R"(# Completion of fairlead for bash. Put it into ~/.bashrc:  source <(fairlead completion bash)
_fairlead() {
  local cur=${COMP_WORDS[COMP_CWORD]} at=fairlead option= position=0 index word
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    # bash splits words at '=' and ':': what stands behind one belongs to what stands before it.
    if [[ $word == = || $word == : ]]; then
      [[ -n $option ]] || ((index++))
      continue
    fi
    if [[ -n $option ]]; then
      option=
      continue
    fi
    case "$at $word" in
)";

constexpr std::string_view kMiddle = R"(      *' '-*) ;;
      *) ((++position)) ;;
    esac
  done
  [[ $cur == = ]] && cur=
  if [[ -n $option ]]; then
    case "$at $option" in
)";

constexpr std::string_view kWords = R"(    esac
    return
  fi
  if [[ $cur == -* ]]; then
    case "$at" in
)";

constexpr std::string_view kPlaces = R"(    esac
    return
  fi
  [[ ${COMP_WORDS[COMP_CWORD - 1]} == = || $cur == = ]] && return
  case "$at $position" in
)";

constexpr std::string_view kTail = R"(  esac
}
_fairlead_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}
_fairlead_words() {
  [[ $1 == *= ]] && compopt -o nospace 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}
complete -F _fairlead fairlead
)";

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

/// The call that fills in the candidates; empty when there are none.
std::string call_for(const Candidates& candidates) {
  switch (candidates.kind) {
    case Candidates::Kind::files:
      return "_fairlead_files -f";
    case Candidates::Kind::folders:
      return "_fairlead_files -d";
    case Candidates::Kind::words:
      return "_fairlead_words '" + joined(candidates.words) + "'";
    case Candidates::Kind::nothing:
      break;
  }
  return {};
}

/// "'PATH -k' | 'PATH --kit'"
std::string patterns(const CommandInfo& command, const OptionInfo& option) {
  std::string all;
  for (const std::string& name : option.names)
    all += (all.empty() ? "'" : " | '") + command.path + " " + name + "'";
  return all;
}

std::string walk_cases(const std::vector<const CommandInfo*>& commands) {
  std::string out;
  for (const CommandInfo* command : commands) {
    for (const CommandInfo& below : command->commands)
      out += "      '" + below.path + "') at=\"$at $word\" ;;\n";
    for (const OptionInfo& option : command->options)
      if (!option.positional && !option.value.empty())
        out += "      " + patterns(*command, option) + ") option=$word ;;\n";
  }
  return out;
}

std::string value_cases(const std::vector<const CommandInfo*>& commands) {
  std::string out;
  for (const CommandInfo* command : commands)
    for (const OptionInfo& option : command->options)
      if (const std::string call = call_for(candidates_for(option)); !option.positional && !call.empty())
        out += "      " + patterns(*command, option) + ") " + call + " ;;\n";
  return out;
}

std::string option_cases(const std::vector<const CommandInfo*>& commands) {
  std::string out;
  for (const CommandInfo* command : commands) {
    std::vector<std::string> names;
    for (const OptionInfo& option : command->options)
      if (!option.positional) names.insert(names.end(), option.names.begin(), option.names.end());
    out += "      '" + command->path + "') _fairlead_words '" + joined(names) + "' ;;\n";
  }
  return out;
}

/// Empty when nothing is known about the argument at this place.
std::string place_case(const CommandInfo& command, const OptionInfo& option, size_t place) {
  const std::string call = call_for(candidates_for(option));
  if (call.empty()) return {};
  const std::string end = option.repeated ? " '*" : " " + std::to_string(place) + "'";
  return "    '" + command.path + end + ") " + call + " ;;\n";
}

/// Commands below a group; else arguments by their place, the last one again when it may be repeated.
std::string place_cases(const std::vector<const CommandInfo*>& commands) {
  std::string out;
  for (const CommandInfo* command : commands) {
    std::vector<std::string> names;
    for (const CommandInfo& below : command->commands) names.push_back(below.name);
    if (!names.empty()) out += "    '" + command->path + " 0') _fairlead_words '" + joined(names) + "' ;;\n";
    size_t place = 0;
    for (const OptionInfo& option : command->options) {
      if (!option.positional) continue;
      out += place_case(*command, option, place++);
    }
  }
  return out;
}

}  // namespace

std::string bash_completion(const CommandInfo& root) {
  const auto commands = flattened(root);
  return std::string(kHead) + walk_cases(commands) + std::string(kMiddle) + value_cases(commands) +
         std::string(kWords) + option_cases(commands) + std::string(kPlaces) + place_cases(commands) +
         std::string(kTail);
}

}  // namespace fairlead::app
