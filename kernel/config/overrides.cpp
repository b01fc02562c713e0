#include "config/overrides.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "config/host.hpp"
#include "config/local_settings.hpp"

namespace fairlead::config {
namespace {

using base::ErrorCode;
using base::fail;
using base::Milliseconds;
using base::Status;

Status apply_one(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes) {
  const LocalSetting* const row = find_local_setting(given.key);
  if (row == nullptr) {
    KeyProblem problem = explain_unknown_setting(given.key, kAnyPlace);
    return fail(ErrorCode::bad_configuration, std::move(problem.text), std::move(problem.hint));
  }
  if ((row->types & level_of(one.type)) == 0)
    return fail(ErrorCode::bad_configuration,
                given.key + " does not apply to a participant of type " + base::name(one.type), "remove it");
  return row->set(one, given, notes);
}

/// Says where the refused value came from, in the way of that place.
base::Error located(base::Error error, const Override& given) {
  if (given.origin == Origin::command_line) {
    error.code = ErrorCode::bad_arguments;
    error.text = "--set " + given.key + ": " + error.text;
  } else if (given.origin == Origin::environment) {
    error.text = given.at + ": " + error.text;
  } else {
    error.origin = given.at + ":1";
  }
  return error;
}

}  // namespace

base::Result<std::vector<Note>> apply_overrides(ResolvedParticipant& participant,
                                                const Overrides& overrides) {
  Overrides sorted = overrides;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.origin < b.origin; });
  std::vector<Note> notes;
  for (const Override& given : sorted)
    if (auto status = apply_one(participant, given, notes); !status)
      return tl::unexpected(located(std::move(status).error(), given));
  return notes;
}

base::Result<Milliseconds> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    int64_t milliseconds;
  };
  static constexpr std::array kUnits = {Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000},
                                        Unit{"h", 3'600'000}};
  constexpr int64_t kMost = 24 * 3'600'000;
  uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  for (const Unit& row : kUnits)
    if (error == std::errc() && unit == row.name && count > 0 && count <= kMost / row.milliseconds)
      return Milliseconds(count * row.milliseconds);
  return fail(ErrorCode::bad_configuration, "\"" + std::string(text) + "\" is not a duration",
              "write a number and ms, s, m or h, at most 24h: 500ms, 10s");
}

base::Result<uint64_t> parse_memory_size(std::string_view text) {
  uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  const uint64_t mebibytes = unit == "MiB" ? count : unit == "GiB" ? uint64_t{count} * 1024 : 0;
  if (error == std::errc() && mebibytes >= 64 && mebibytes <= 1024 * 1024) return mebibytes << 20;
  return fail(ErrorCode::bad_configuration, "\"" + std::string(text) + "\" is not a size of memory",
              "write a number and MiB or GiB, from 64MiB to 1024GiB");
}

base::Result<Address> parse_address(std::string_view text, const Address& defaults) {
  Address address = defaults;
  if (const size_t split = text.find("://"); split != std::string_view::npos) {
    FAIRLEAD_TRY(address.scheme, parse_scheme(text.substr(0, split)));
    text.remove_prefix(split + 3);
  }
  const size_t colon = text.rfind(':');
  const bool bare_ipv6 = text.find(':') != colon && !text.starts_with('[');
  const bool has_port = colon != std::string_view::npos && !bare_ipv6 && !text.ends_with(']');
  if (has_port) {
    FAIRLEAD_TRY(address.port, parse_port(text.substr(colon + 1)));
    text = text.substr(0, colon);
  }
  FAIRLEAD_TRY(address.host, parse_host(text));
  return address;
}

}  // namespace fairlead::config
