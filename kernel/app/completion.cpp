#include "app/completion.hpp"

#include <ostream>

namespace fairlead::app {

int run_completion(std::string_view shell, const Output& output) {
  std::string script;
  if (shell == "bash") script = bash_completion(command_tree());
  if (shell == "zsh") script = zsh_completion(command_tree());
  if (shell == "fish") script = fish_completion(command_tree());
  if (script.empty())
    return report({base::ErrorCode::bad_arguments,
                   "there is no completion for \"" + std::string(shell) + "\"", "use bash, zsh or fish"},
                  output);
  if (output.form == Form::text) output.out << script << std::flush;
  return succeed(base::Json::object({{"shell", shell}, {"script", script}}), output);
}

}  // namespace fairlead::app
