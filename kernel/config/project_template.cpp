#include "config/project_template.hpp"

#include <map>
#include <set>

#include "config/keys.hpp"

namespace fairlead::config {
namespace {

/// Keys that are set, with their values.
using Active = std::map<std::string_view, std::string>;

/// Is the key's value a list, so that what is in it starts with a dash?
bool is_list(ValueType type) noexcept {
  return type == ValueType::listeners || type == ValueType::policy || type == ValueType::participants;
}

/// Writes keys level by level; explains each row of the table the first time it passes.
class TemplateWriter {
 public:
  void text(std::string_view text) { out_ += text; }

  /// Keys of a map. Rows that are not in `active` are explained and commented out; rows that were explained
  /// before and are not active are left out.
  void map(Level level, const std::string& indent, const Active& active) {
    for (const KeyInfo& row : key_table())
      if ((row.levels & level) != 0 && row.type != ValueType::ignored) key(row, indent, indent, active);
  }

  /// The same for an item of a list: its first key stands behind the dash.
  void item(Level level, const std::string& indent, const Active& active) {
    std::string first = indent + "- ";
    for (const KeyInfo& row : key_table()) {
      if ((row.levels & level) == 0 || row.type == ValueType::ignored) continue;
      const bool written =
          key(row, indent + (first.empty() ? "  " : ""), first.empty() ? indent + "  " : first, active);
      if (written) first.clear();
    }
  }

  /// The keys without effect, which nobody starts with.
  void ignored() {
    for (const KeyInfo& row : key_table())
      if (row.type == ValueType::ignored)
        out_ += "# " + std::string(row.key) + ": " + std::string(row.help) + ". For " +
                describe_levels(row.levels) + ".\n";
  }
  std::string take() { return std::move(out_); }

 private:
  /// True when the key itself was written, be it commented out or not.
  bool key(const KeyInfo& row, const std::string& indent, const std::string& start, const Active& active) {
    const auto value = active.find(row.key);
    const bool is_new = explained_.insert(&row).second;
    if (is_new) explain(row, indent);
    if (value != active.end()) {
      out_ += start + std::string(row.key) + ":" + (value->second.empty() ? "" : " " + value->second) + "\n";
      return true;
    }
    if (is_new) comment_out(row, start);
    return is_new;
  }

  void explain(const KeyInfo& row, const std::string& indent) {
    const std::string fallback = row.presence == Presence::required ? "Required."
                                 : row.default_text.empty()
                                     ? "Optional."
                                     : "Default: " + std::string(row.default_text) + ".";
    out_ += "\n" + indent + "# " + std::string(row.key) + ": " + std::string(row.help) + ".\n" + indent +
            "# Value: " + std::string(describe(row.type)) + ". " + fallback + "\n" + indent + "# For " +
            describe_levels(row.levels) + ".\n";
  }

  void comment_out(const KeyInfo& row, const std::string& start) {
    const size_t place = commented_ ? start.size() : start.find_first_not_of(' ');
    std::string line = start + std::string(row.key) + ":";
    if (!row.example.empty()) line += " " + std::string(row.example);
    if (!commented_) line.insert(place == std::string::npos ? start.size() : place, "#");
    out_ += line + "\n";
    if (const auto level = level_of(row.type)) nested(*level, row.type, start);
  }

  /// The map below a key that is commented out: every line of it too.
  void nested(Level level, ValueType type, const std::string& start) {
    TemplateWriter inner;
    inner.explained_ = explained_;
    inner.commented_ = true;
    if (is_list(type)) {
      inner.item(level, "  ", {});
    } else {
      inner.map(level, "  ", {});
    }
    explained_ = inner.explained_;
    std::string_view rest = inner.out_;
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(line.size() + 1);
      if (!line.empty()) out_ += start + "#" + std::string(line) + "\n";
    }
  }

  std::string out_;
  std::set<const KeyInfo*> explained_;
  bool commented_ = false;  ///< inside of what is commented out already
};

constexpr std::string_view kHead =
    R"(# A project: who takes part, and how they connect. Every key is explained where it first stands; a line that
# starts with '#' directly before a key is an example: remove the '#' to use it.
# `fairlead config check FILE` finds what is wrong, `fairlead config explain FILE` shows what every participant
# gets and why, `fairlead provision FILE -w FOLDER` makes the startup kits.
)";

/// Quoted where YAML might read something else than the name.
std::string name_value(std::string_view name) {
  return name == "my_project" ? std::string(name) : "\"" + std::string(name) + "\"";
}

}  // namespace

std::string project_template(std::string_view name) {
  TemplateWriter writer;
  writer.text(kHead);
  writer.map(kProject, "", {{"api_version", "3"}, {"name", name_value(name)}, {"participants", ""}});
  writer.item(kServer, "  ",
              {{"name", "server"},
               {"type", "server"},
               {"org", "my_org"},
               {"fed_learn_port", "8002"},
               {"host_names", "[localhost, 127.0.0.1]"},
               {"default_host", "localhost"}});
  for (const char* site : {"site-1", "site-2"}) {
    writer.text("\n");
    writer.item(kClient, "  ", {{"name", site}, {"type", "client"}, {"org", "my_org"}});
  }
  writer.text("\n");
  writer.item(
      kAdmin, "  ",
      {{"name", "admin@example.com"}, {"type", "admin"}, {"org", "my_org"}, {"role", "project_admin"}});
  writer.text("\n");
  writer.ignored();
  return writer.take();
}

}  // namespace fairlead::config
