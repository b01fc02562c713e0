#include "config/project_template.hpp"

#include <sstream>

#include "config/keys.hpp"
#include "given.hpp"

namespace fairlead::config {
namespace {

/// Without the '#' in front of every example: those in front of prose have one blank behind them.
std::string switched_on(const std::string& text) {
  std::istringstream lines(text);
  std::string out;
  for (std::string line; std::getline(lines, line); out += line + "\n") {
    const size_t at = line.find_first_not_of(' ');
    if (at == std::string::npos || line[at] != '#') continue;
    const bool is_prose = line.size() > at + 2 && line[at + 1] == ' ' && line[at + 2] != ' ';
    if (!is_prose) line.erase(at, 1);
  }
  return out;
}

TEST(ProjectTemplate, IsASmallProject) {
  const ResolvedProject project = resolved(project_template("fleet"));

  EXPECT_EQ(project.name, "fleet");
  ASSERT_EQ(project.participants.size(), 4u);
  EXPECT_EQ(project.participants[0].type, base::ParticipantType::server);
  EXPECT_EQ(project.participants[1].type, base::ParticipantType::client);
  EXPECT_EQ(project.participants[2].type, base::ParticipantType::client);
  EXPECT_EQ(project.participants[3].type, base::ParticipantType::admin);
  EXPECT_TRUE(project.notes.empty());
}

TEST(ProjectTemplate, ExplainsEveryKeyOfTheTable) {
  const std::string text = project_template("p");
  for (const KeyInfo& row : key_table()) {
    const std::string key(row.key);
    const size_t at = text.find("# " + key + ": " + std::string(row.help) + ".");
    ASSERT_NE(at, std::string::npos) << key;
    const std::string explained = text.substr(at, 600);

    EXPECT_NE(explained.find("or " + describe_levels(row.levels) + ".\n"), std::string::npos) << key;
    const std::string fallback =
        row.default_text.empty() ? "" : "Default: " + std::string(row.default_text) + ".";
    EXPECT_NE(explained.find(fallback), std::string::npos) << key;
  }
}

TEST(ProjectTemplate, StaysValidWithEveryExampleSwitchedOn) {
  const std::string text = switched_on(project_template("p"));

  const ProjectReading reading = read_text_as_project(text);

  ASSERT_TRUE(reading.project) << reading.diagnostics.print() << text;
  EXPECT_TRUE(reading.project->policy);
  EXPECT_TRUE(reading.project->keys.custom_ca_cert);
  EXPECT_TRUE(reading.project->participants[0].listeners);
  EXPECT_EQ(reading.project->participants[1].connect_to->value.port, 443);
  EXPECT_EQ(reading.project->participants[1].proxy->value.credentials, "proxy_login");
}

TEST(ProjectTemplate, HasAnExampleOfEveryKeyThatIsNoMap) {
  const std::string text = switched_on(project_template("p"));
  for (const KeyInfo& row : key_table()) {
    if (row.type == ValueType::ignored || row.type == ValueType::participants) continue;
    EXPECT_NE(row.example.empty(), !level_of(row.type)) << row.key;
    EXPECT_NE(text.find(std::string(row.key) + ":"), std::string::npos) << row.key;
  }
}

TEST(ProjectTemplate, TakesEveryNameOfAProject) {
  for (const char* name : {"null", "true", "3", "-", "a.b", "_"})
    EXPECT_EQ(resolved(project_template(name)).name, name);
}

}  // namespace
}  // namespace fairlead::config
