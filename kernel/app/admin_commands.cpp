#include "app/admin_commands.hpp"

#include <chrono>
#include <cstdio>
#include <ostream>

#include "app/inspect_commands.hpp"
#include "app/one_shot.hpp"
#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/names.hpp"

namespace fairlead::app {
namespace {

using Rows = std::vector<std::vector<std::string>>;

base::Status check(const std::string& action, const AdminArguments& arguments) {
  const bool takes_name = action == "kick" || action == "disable" || action == "enable";
  const auto name = base::Endpoint::parse(arguments.name);
  if (takes_name && (!name.has_value() || name->participant() != arguments.name))
    return base::fail(base::ErrorCode::bad_arguments,
                      "\"" + arguments.name + "\" is not the name of a participant",
                      "write it as the project file does, without /APP");
  if (arguments.limit < 1 || arguments.limit > 1000)
    return base::fail(base::ErrorCode::bad_arguments, "--limit takes 1 to 1000",
                      "more stand in state/server.db in the server's kit");
  return {};
}

std::string payload_of(const std::string& action, const AdminArguments& arguments) {
  base::Json payload = base::Json::object();
  if (!arguments.name.empty()) payload.set("name", arguments.name);
  if (action == "audit") payload.set("limit", arguments.limit).set("verify", arguments.verify);
  return payload.dump();
}

base::Result<base::Json> ask(const std::string& action, const AdminArguments& arguments,
                             const CommonArguments& common) {
  FAIRLEAD_TRY(check(action, arguments));
  FAIRLEAD_TRY(OneShot session, OneShot::open(arguments.node, common));
  Outgoing message{.to = "server", .topic = "admin/" + action};
  message.payload = base::to_bytes(payload_of(action, arguments));
  FAIRLEAD_TRY(const Message reply, session.request(std::move(message)));
  auto answer = base::Json::parse(reply.text());
  if (answer.has_value() && answer->is_object()) return answer;
  return base::fail(base::ErrorCode::failed, "the server's answer is not a JSON object",
                    "compare both sides' versions");
}

std::string counted(int64_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string entries(int64_t count) { return std::to_string(count) + (count == 1 ? " entry" : " entries"); }

std::string or_dash(std::string_view text) { return std::string(text.empty() ? "-" : text); }

std::vector<std::string> session_row(const base::Json& one) {
  const bool connected = !one["connected_s"].is_null();
  return {one["endpoint"].text(),
          one["type"].text(),
          or_dash(one["org"].text()),
          or_dash(one["address"].text()),
          or_dash(one["protocol"].text()),
          or_dash(one["message_security"].text()),
          connected ? age_text(one["connected_s"].integer()) : "-",
          age_text(one["token_expires_in_s"].integer()),
          one["connections"].dump()};
}

void print_sessions(const base::Json& data, const Output& output) {
  Rows rows{{"ENDPOINT", "TYPE", "ORG", "ADDRESS", "PROTOCOL", "MESSAGES", "CONNECTED FOR", "TOKEN ENDS IN",
             "CONNECTIONS"}};
  for (const base::Json& one : data["sessions"].items()) rows.push_back(session_row(one));
  output.out << table(rows);
  if (data["disabled"].items().empty()) return;
  Rows disabled{{"DISABLED", "ORG", "SINCE (UTC)", "BY", "ROLE"}};
  for (const base::Json& one : data["disabled"].items())
    disabled.push_back({one["name"].text(), or_dash(one["org"].text()), time_text(one["at_ms"].integer()),
                        one["by"].text(), one["by_role"].text()});
  output.out << "\n" << table(disabled);
}

void print_audit(const base::Json& data, const Output& output) {
  Rows rows{{"SEQ", "TIME (UTC)", "ACTOR", "ROLE", "ACTION", "TARGET", "OUTCOME"}};
  for (const base::Json& one : data["entries"].items())
    rows.push_back({one["seq"].dump(), time_text(one["at_ms"].integer()), one["actor"].text(),
                    or_dash(one["role"].text()), one["action"].text(), or_dash(one["target"].text()),
                    one["outcome"].text()});
  output.out << table(rows);
}

/// The server does not know who is in the project, so a slip of the pen would look like a success.
void warn_of_unknown(const base::Json& data, const Output& output) {
  if (data["changed"].boolean() && data["ended"].integer() == 0)
    output.err << "fairlead: " << data["name"].text()
               << " is not logged in, so the server could not tell whether it exists; check the spelling"
               << std::endl;
}

void print_answer(const std::string& action, const base::Json& data, const Output& output) {
  const std::string name = data["name"].text();
  const std::string ended = counted(data["ended"].integer(), "session") + " ended";
  if (action == "sessions")
    print_sessions(data, output);
  else if (action == "audit" && data["intact"].boolean())
    output.out << entries(data["count"].integer()) << ", chain intact, head " << data["head"].text() << "\n";
  else if (action == "audit")
    print_audit(data, output);
  else if (action == "kick")
    output.out << "kicked " << name << ": " << ended << "\n";
  else if (action == "disable")
    output.out << (data["changed"].boolean() ? "disabled " + name : name + " was disabled already") << ": "
               << ended << "\n";
  else if (action == "enable")
    output.out << (data["changed"].boolean() ? "enabled " + name : name + " was not disabled") << "\n";
  else if (action == "reload")
    output.out << "the server uses its kit as it stands now\n";
  else
    output.out << "the server finishes what is under way and ends\n";
  output.out << std::flush;
}

base::Error broken_chain(const base::Json& data) {
  const base::Json& broken = data["broken"];
  return {base::ErrorCode::failed,
          "the audit log is broken: entry " + broken["seq"].dump() + " " + broken["why"].text(),
          "keep a copy of state/server.db in the server's kit and compare it with the server's own log lines",
          {},
          "audit_broken"};
}

}  // namespace

std::string age_text(int64_t seconds) {
  if (seconds < 0) return "over";
  const int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
  const auto two = [](int64_t large, const char* unit, int64_t small, const char* rest) {
    return std::to_string(large) + unit + " " + std::to_string(small) + rest;
  };
  if (days > 0) return two(days, "d", hours % 24, "h");
  if (hours > 0) return two(hours, "h", minutes % 60, "m");
  if (minutes > 0) return two(minutes, "m", seconds % 60, "s");
  return std::to_string(seconds) + "s";
}

std::string time_text(int64_t milliseconds) {
  const base::WallTime at{base::Milliseconds(milliseconds)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

int run_admin(const std::string& action, const AdminArguments& arguments, const CommonArguments& common,
              const Output& output) {
  base::Result<base::Json> data = ask(action, arguments, common);
  if (!data.has_value()) return report(data.error(), output);
  if (!(*data)["broken"].is_null()) return report(broken_chain(*data), output);
  if (output.form == Form::text) print_answer(action, *data, output);
  if (action == "disable" && !common.quiet) warn_of_unknown(*data, output);
  return succeed(std::move(*data), output);
}

}  // namespace fairlead::app
