#include "app/command_line.hpp"

#include <algorithm>
#include <ostream>
#include <string_view>

#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"
#include "config/nearest.hpp"

namespace fairlead::app {
namespace {

/// The deepest command that was named, for the hint: "fairlead config check".
std::string named_command(const CLI::App& root) {
  std::string name = "fairlead";
  for (const CLI::App* at = &root; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    name += " " + at->get_name();
  }
  return name;
}

/// "; did you mean `fairlead NAME`?" when a command is near the typed word.
std::string meant_command(const CLI::App& root, std::string_view typed) {
  std::vector<std::string> names;
  for (const CLI::App* command : root.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = config::nearest(typed, views);
  return near ? "; did you mean `fairlead " + std::string(*near) + "`?" : "";
}

int refuse(const CLI::App& root, const CLI::ParseError& error, const Output& output) {
  std::string text = error.what();
  std::ranges::replace(text, '\n', ' ');
  // CLI11 complains about what is missing first; what is unknown tells people more.
  const std::vector<std::string> unknown = root.remaining(true);
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError) && !unknown.empty()) {
    const bool is_option = unknown.front().starts_with("-");
    text = std::string("there is no ") + (is_option ? "option" : "command") + " \"" + unknown.front() + "\"";
    if (!is_option) text += meant_command(root, unknown.front());
  }
  return report({base::ErrorCode::bad_arguments, text, "see `" + named_command(root) + " --help`"}, output);
}

/// Asked for before anything could be parsed.
Form wished_form(int count, const char* const* arguments) {
  return std::any_of(arguments, arguments + count, [](std::string_view one) { return one == "--json"; })
             ? Form::json
             : Form::text;
}

/// `help X...` means `X... --help`. The vector is reversed, as CLI11 wants it.
std::vector<std::string> reversed_words(int count, const char* const* arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  std::ranges::reverse(words);
  return words;
}

}  // namespace

int run_command_line(int count, const char* const* arguments, const Streams& streams) {
  CLI::App root;
  CommandLine line(streams.in);
  add_everything(root, line);
  const Output output{streams.out, streams.err, wished_form(count, arguments)};
  try {
    root.parse(reversed_words(count, arguments));
  } catch (const CLI::Success& asked) {
    root.exit(asked, streams.out, streams.err);
    return 0;
  } catch (const CLI::ParseError& error) {
    return refuse(root, error, output);
  }
  return line.command(output);
}

}  // namespace fairlead::app
