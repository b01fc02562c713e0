#include "app/manual.hpp"
#include "config/keys.hpp"
#include "config/local_settings.hpp"

namespace fairlead::app {
namespace {

using config::KeyInfo;
using config::Level;
using config::LocalSetting;

constexpr std::string_view kTop = R"(fairlead-project(5)

# NAME

fairlead-project - project file and local settings of fairlead

# DESCRIPTION

A project file is YAML: it names the participants of a project and says how they connect. *fairlead init* writes a
first one, *fairlead config check* finds what is wrong with one, *fairlead config explain* shows what comes of it,
*fairlead config schema* prints its JSON Schema for editors, and *fairlead provision* makes the startup kits.

A key that is not listed here is an error. So are duplicate keys, anchors, aliases, tags, a second document, a file
above 256 KiB and more than 16 levels. Numbers are decimal, without leading zeros.

The strongest of these wins: built-in default, project, participant, _local/fairlead.yml_ of the kit, environment,
command line.

)";

constexpr std::string_view kLocal = R"(# LOCAL SETTINGS

A site lays these over its kit: in _local/fairlead.yml_ of the kit, where the parts of a key may be maps in each other;
in the environment; or with *--set* _KEY=VALUE_. Capital letters stand for a word of your choice. A value that makes
anything weaker than the signed kit is refused, unless the kit has *weaker\_overrides: allowed*.

)";

constexpr std::string_view kBottom = R"(# SEE ALSO

*fairlead*(1)
)";

struct Section {
  const char* title;
  unsigned levels;  ///< rows that stand at exactly one of these groups
};

std::string entry_of(const KeyInfo& row) {
  std::string text =
      "*" + plain(row.key) + "* (" + plain(describe(row.type)) + ")\n\t" + plain(row.help) + ".";
  if (row.presence == config::Presence::required) text += " Required.";
  if (!row.default_text.empty()) text += " Default: " + plain(row.default_text) + ".";
  return text + " For " + plain(config::describe_levels(row.levels)) + ".\n\n";
}

/// Keys of which this section is the first that shows them.
std::string section_of(const Section& section, unsigned shown) {
  std::string text = std::string("# ") + section.title + "\n\n";
  for (const KeyInfo& row : config::key_table())
    if ((row.levels & section.levels) != 0 && (row.levels & shown) == 0 &&
        row.type != config::ValueType::ignored)
      text += entry_of(row);
  return text;
}

std::string ignored_keys() {
  std::string text = "# KEYS WITHOUT EFFECT\n\n";
  for (const KeyInfo& row : config::key_table())
    if (row.type == config::ValueType::ignored) text += entry_of(row);
  return text;
}

std::string entry_of(const LocalSetting& row) {
  std::string text = "*" + plain(row.key) + "* (" + plain(row.form) + ")\n\t" + plain(row.help) + ".";
  if (!row.default_text.empty()) text += " Default: " + plain(row.default_text) + ".";
  text += " For " + plain(config::describe_levels(row.types)) + ".";
  if ((row.places & config::kEnvironment) != 0)
    text += " In the environment: *" + plain(config::environment_name(row.key)) + "*.";
  if (row.places == config::kLocalFile) text += " Only in _local/fairlead.yml_.";
  return text + "\n\n";
}

}  // namespace

std::string project_manual() {
  constexpr Section kSections[] = {
      {"KEYS OF THE PROJECT", config::kProject},     {"KEYS OF PARTICIPANTS", config::kEveryParticipant},
      {"KEYS OF A LISTENER", config::kListenerMap},  {"KEYS OF CONNECT_TO", config::kConnectToMap},
      {"KEYS OF A POLICY RULE", config::kPolicyMap}, {"KEYS OF PROXY", config::kProxyMap}};
  std::string text(kTop);
  unsigned shown = 0;
  for (const Section& section : kSections) {
    text += section_of(section, shown);
    shown |= section.levels;
  }
  text += ignored_keys() + std::string(kLocal);
  for (const LocalSetting& row : config::local_settings()) text += entry_of(row);
  return text + std::string(kBottom);
}

}  // namespace fairlead::app
