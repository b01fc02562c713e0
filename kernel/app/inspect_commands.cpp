#include "app/inspect_commands.hpp"

#include <algorithm>
#include <ostream>

#include "app/handlers.hpp"
#include "app/one_shot.hpp"
#include "app/percentile.hpp"

namespace fairlead::app {
namespace {

constexpr std::string_view kPingTopic = "fairlead/ping";
constexpr std::string_view kStatusTopic = "fairlead/status";
constexpr std::string_view kServer = "server";

int conclude(base::Result<base::Json> data, const Output& output) {
  return data.has_value() ? succeed(std::move(*data), output) : report(data.error(), output);
}

/// One round trip in microseconds.
base::Result<uint64_t> round_trip(OneShot& session, const PingArguments& arguments,
                                  std::chrono::milliseconds deadline) {
  Outgoing message{.to = arguments.to, .topic = std::string(kPingTopic)};
  message.payload.assign(static_cast<size_t>(arguments.size), 0x2e);
  message.deadline = deadline;
  const auto start = std::chrono::steady_clock::now();
  FAIRLEAD_TRY(session.request(std::move(message)));
  const auto took = std::chrono::steady_clock::now() - start;
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
}

base::Json summary(std::vector<uint64_t> times, int count) {
  std::ranges::sort(times);
  base::Json rtt = base::Json::object();
  if (!times.empty())
    rtt.set("p50", percentile(times, 50))
        .set("p99", percentile(times, 99))
        .set("min", times.front())
        .set("max", times.back());
  return base::Json::object(
      {{"count", count}, {"lost", count - static_cast<int>(times.size())}, {"rtt_us", std::move(rtt)}});
}

base::Status check(const PingArguments& arguments) {
  FAIRLEAD_TRY(check_receiver(arguments.to, Everyone::not_allowed));
  if (arguments.count < 1 || arguments.count > 1'000'000)
    return base::fail(base::ErrorCode::bad_arguments, "-c takes 1 to 1000000");
  if (arguments.size < 0 || static_cast<size_t>(arguments.size) > kMostPayload)
    return base::fail(base::ErrorCode::bad_arguments, "--size takes 0 to 16777216 bytes");
  return {};
}

base::Result<base::Json> ping(const PingArguments& arguments, const CommonArguments& common,
                              const Output& output) {
  FAIRLEAD_TRY(check(arguments));
  FAIRLEAD_TRY(const std::chrono::milliseconds deadline, parse_timeout(arguments.timeout));
  FAIRLEAD_TRY(OneShot session, OneShot::open(arguments.node, common));
  std::vector<uint64_t> times;
  std::optional<base::Error> last;
  for (int i = 1; i <= arguments.count; ++i) {
    const base::Result<uint64_t> took = round_trip(session, arguments, deadline);
    if (!took.has_value() && took.error().code != base::ErrorCode::timed_out)
      return tl::unexpected<base::Error>(took.error());
    if (took.has_value())
      times.push_back(*took);
    else
      last = took.error();
    if (output.form == Form::json || common.quiet) continue;
    output.out << arguments.to << "  " << i << "  "
               << (took.has_value() ? std::to_string(*took) + " us" : std::string("lost")) << std::endl;
  }
  if (times.empty()) return tl::unexpected<base::Error>(*last);
  return summary(std::move(times), arguments.count);
}

void flatten(const base::Json& value, const std::string& name, std::vector<std::vector<std::string>>& rows) {
  const std::string prefix = name.empty() ? "" : name + ".";
  for (const auto& [key, member] : value.members()) flatten(member, std::string(prefix).append(key), rows);
  for (size_t i = 0; i < value.items().size(); ++i)
    flatten(value.items()[i], std::string(prefix).append(std::to_string(i)), rows);
  if (value.is_object() || value.is_array()) return;
  rows.push_back({name, value.is_string() ? value.text() : value.dump()});
}

base::Result<base::Json> status(const NodeArguments& arguments, const CommonArguments& common) {
  FAIRLEAD_TRY(OneShot session, OneShot::open(arguments, common));
  Outgoing message{.to = std::string(kServer), .topic = std::string(kStatusTopic)};
  FAIRLEAD_TRY(const Message reply, session.request(std::move(message)));
  auto theirs = base::Json::parse(reply.text());
  if (!theirs.has_value())
    return base::fail(base::ErrorCode::failed, "the server's status is not JSON",
                      "compare both sides' versions");
  FAIRLEAD_TRY(const base::Json own, session.report());
  return base::Json::object(
      {{"endpoint", own["endpoint"]}, {"link", own["link"]}, {"server", std::move(*theirs)}});
}

}  // namespace

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows)
    for (size_t i = 0; i < row.size(); ++i) {
      if (i == widths.size()) widths.push_back(0);
      widths[i] = std::max(widths[i], row[i].size());
    }
  std::string out;
  for (const auto& row : rows) {
    for (size_t i = 0; i + 1 < row.size(); ++i)
      out += row[i] + std::string(widths[i] + 2 - row[i].size(), ' ');
    out += (row.empty() ? "" : row.back()) + "\n";
  }
  return out;
}

int run_ping(const PingArguments& arguments, const CommonArguments& common, const Output& output) {
  const base::Result<base::Json> data = ping(arguments, common, output);
  if (data.has_value() && output.form == Form::text) {
    const base::Json& rtt = (*data)["rtt_us"];
    output.out << (*data)["count"].dump() << " sent  " << (*data)["lost"].dump() << " lost  min/p50/p99/max "
               << rtt["min"].dump() << "/" << rtt["p50"].dump() << "/" << rtt["p99"].dump() << "/"
               << rtt["max"].dump() << " us" << std::endl;
  }
  return conclude(data, output);
}

int run_status(const NodeArguments& arguments, const CommonArguments& common, const Output& output) {
  const base::Result<base::Json> data = status(arguments, common);
  if (data.has_value() && output.form == Form::text) {
    std::vector<std::vector<std::string>> rows;
    flatten(*data, "", rows);
    output.out << table(rows) << std::flush;
  }
  return conclude(data, output);
}

}  // namespace fairlead::app
