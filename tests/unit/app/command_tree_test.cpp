#include "app/command_tree.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "app/completion.hpp"
#include "app/manual.hpp"
#include "config/keys.hpp"
#include "config/local_settings.hpp"

namespace fairlead::app {
namespace {

using testing::HasSubstr;

const CommandInfo* find(const CommandInfo& root, const std::string& path) {
  const auto all = flattened(root);
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto* one) { return one->path == path; });
  return found == all.end() ? nullptr : *found;
}

bool has_option(const CommandInfo& command, const std::string& name) {
  return std::any_of(command.options.begin(), command.options.end(), [&](const OptionInfo& option) {
    return std::find(option.names.begin(), option.names.end(), name) != option.names.end();
  });
}

TEST(CommandTree, ExplainsEveryCommandAndOption) {
  const CommandInfo root = command_tree();
  for (const CommandInfo* command : flattened(root)) {
    EXPECT_FALSE(command->help.empty()) << command->path;
    for (const OptionInfo& option : command->options) {
      ASSERT_FALSE(option.names.empty()) << command->path;
      EXPECT_FALSE(option.help.empty()) << command->path << " " << option.names[0];
      EXPECT_FALSE(option.help.ends_with('.')) << command->path << " " << option.names[0];
    }
  }
}

TEST(CommandTree, HasEachOptionOnceACommand) {
  const CommandInfo root = command_tree();
  for (const CommandInfo* command : flattened(root)) {
    std::set<std::string> names;
    for (const OptionInfo& option : command->options)
      for (const std::string& name : option.names)
        EXPECT_TRUE(names.insert(name).second) << command->path << " " << name;
  }
}

/// What people may rely on: commands with the options and arguments that they take.
TEST(CommandTree, KeepsWhatIsPromised) {
  const std::pair<const char*, std::vector<const char*>> kPromised[] = {
      {"fairlead", {"--version", "-q", "-v", "--log-level", "--log-format", "--json"}},
      {"fairlead init", {"-o", "--name"}},
      {"fairlead provision",
       {"PROJECT", "-w", "--dry-run", "--key-type", "--days", "--json", "--passphrase-fd", "--passphrase-env",
        "--no-passphrase"}},
      {"fairlead config check", {"PATH"}},
      {"fairlead config explain", {"PATH", "PARTICIPANT", "--json"}},
      {"fairlead config schema", {}},
      {"fairlead server", {"-k", "--set"}},
      {"fairlead client", {"-k", "--as", "--set", "--on", "--inbox", "--echo"}},
      {"fairlead send", {"-k", "--to", "--topic", "--data", "--file"}},
      {"fairlead request", {"-k", "--to", "--topic", "--data", "--file", "--timeout", "-o"}},
      {"fairlead listen", {"-k", "--as", "--topic", "--jsonl"}},
      {"fairlead status", {"-k"}},
      {"fairlead ping", {"-k", "--to"}},
      {"fairlead doctor", {"-k", "--set", "--timeout", "--json"}},
      {"fairlead token delegate", {"-k", "--as", "--topics", "--ttl", "-o"}},
      {"fairlead plugin list", {}},
      {"fairlead admin", {"-k", "--set"}},
      {"fairlead admin sessions", {"--json"}},
      {"fairlead admin kick", {"NAME"}},
      {"fairlead admin disable", {"NAME"}},
      {"fairlead admin enable", {"NAME"}},
      {"fairlead admin reload", {}},
      {"fairlead admin drain", {}},
      {"fairlead admin audit", {"--verify", "--json"}},
      {"fairlead completion", {"SHELL"}}};
  const CommandInfo root = command_tree();
  for (const auto& [path, options] : kPromised) {
    const CommandInfo* const command = find(root, path);
    ASSERT_NE(command, nullptr) << path;
    for (const char* option : options) EXPECT_TRUE(has_option(*command, option)) << path << " " << option;
  }
}

TEST(CommandTree, TellsFlagsOptionsAndArgumentsApart) {
  const CommandInfo root = command_tree();
  const CommandInfo& provision = *find(root, "fairlead provision");
  for (const OptionInfo& option : provision.options) {
    EXPECT_EQ(option.positional, option.names[0] == "PROJECT") << option.names[0];
    EXPECT_EQ(option.required, option.names[0] == "PROJECT" || option.names[0] == "-w") << option.names[0];
    EXPECT_EQ(option.value == "DIR", option.names[0] == "-w") << option.names[0];
  }
  for (const OptionInfo& option : find(root, "fairlead server")->options)
    EXPECT_EQ(option.repeated, option.names[0] == "--set" || option.names[0] == "--on") << option.names[0];
}

TEST(Candidates, NameTheWordsThatTheHelpNames) {
  const CommandInfo root = command_tree();
  size_t lists = 0;
  for (const CommandInfo* command : flattened(root))
    for (const OptionInfo& option : command->options) {
      if (option.value == "KEY=VALUE") continue;
      for (const std::string& word : candidates_for(option).words) {
        EXPECT_THAT(option.help, HasSubstr(word)) << command->path << " " << option.names[0];
        ++lists;
      }
    }
  EXPECT_GT(lists, 0u);
}

TEST(Candidates, NameEverySettingOfTheCommandLine) {
  const std::vector<std::string> words = candidates_for({{"--set"}, "KEY=VALUE", ""}).words;
  for (const config::LocalSetting& row : config::local_settings())
    EXPECT_EQ(std::count(words.begin(), words.end(), std::string(row.key) + "="),
              (row.places & config::kCommandLine) != 0 ? 1 : 0)
        << row.key;
}

TEST(Completion, KnowsEveryCommandAndLongOption) {
  const CommandInfo root = command_tree();
  for (const std::string& script : {bash_completion(root), zsh_completion(root), fish_completion(root)})
    for (const CommandInfo* command : flattened(root)) {
      EXPECT_THAT(script, HasSubstr(command->name));
      for (const OptionInfo& option : command->options)
        EXPECT_TRUE(option.positional || script.find(option.names.back().substr(2)) != std::string::npos)
            << command->path << " " << option.names.back();
    }
}

TEST(Manual, HasEveryCommandAndOption) {
  const CommandInfo root = command_tree();
  const std::string page = command_manual(root);
  for (const CommandInfo* command : flattened(root)) {
    if (!command->commands.empty()) continue;
    EXPECT_THAT(page, HasSubstr("## " + command->path));
    for (const OptionInfo& option : command->options) {
      const char* const mark = option.positional ? "_" : "*";
      std::string marked = mark;
      marked.append(plain(option.names.back())).append(mark);
      EXPECT_THAT(page, HasSubstr(marked));
    }
  }
}

TEST(Manual, HasEveryKeyAndLocalSetting) {
  const std::string page = project_manual();
  for (const config::KeyInfo& row : config::key_table())
    EXPECT_THAT(page, HasSubstr("*" + plain(row.key) + "* (")) << row.key;
  for (const config::LocalSetting& row : config::local_settings()) {
    EXPECT_THAT(page, HasSubstr("*" + plain(row.key) + "* ("));
    EXPECT_EQ(page.find("*" + plain(config::environment_name(row.key)) + "*") != std::string::npos,
              (row.places & config::kEnvironment) != 0);
  }
}

TEST(Manual, MarksMarkupAsText) { EXPECT_EQ(plain("a_b *c*"), "a\\_b \\*c\\*"); }

}  // namespace
}  // namespace fairlead::app
