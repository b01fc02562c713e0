/// The command with everything below it as plain data, for what is made from it: completion for shells and
/// the manual page. Walked out of the same declarations that read the command line.
#pragma once
#include <string>
#include <vector>

namespace fairlead::app {

/// An option, or an argument that is known by its place.
struct OptionInfo {
  std::vector<std::string> names;  ///< "-k", "--kit"; of an argument its one name, such as "PATH"
  std::string value;               ///< word for the value, such as "KIT"; empty for a flag
  std::string help;
  bool positional = false;
  bool required = false;
  bool repeated = false;
};

/// What a shell may offer for a value.
struct Candidates {
  enum class Kind { nothing, files, folders, words };
  Kind kind = Kind::nothing;
  std::vector<std::string> words{};  ///< of Kind::words; one that ends in '=' wants more behind it
};
/// By the word for the value. Any thread.
Candidates candidates_for(const OptionInfo& option);

/// A command or a group of commands.
struct CommandInfo {
  std::string name;  ///< last word: "check"
  std::string path;  ///< all words: "fairlead config check"
  std::string help;
  std::vector<OptionInfo> options;  ///< in the order of --help, arguments among them
  std::vector<CommandInfo> commands;
};

/// The tree of this program. Any thread.
CommandInfo command_tree();

/// `command` and all below it, parents first. The pointers live as long as it does.
std::vector<const CommandInfo*> flattened(const CommandInfo& command);

}  // namespace fairlead::app
