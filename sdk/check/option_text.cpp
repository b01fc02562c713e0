#include "option_text.hpp"

#include <algorithm>
#include <charconv>
#include <span>

namespace fairlead::check {
namespace {

struct Unit {
  std::string_view name;
  int64_t factor;
};
constexpr Unit kPlain[] = {{"", 1}};
constexpr Unit kDurations[] = {{"ns", 1},
                               {"us", 1'000},
                               {"ms", 1'000'000},
                               {"s", 1'000'000'000},
                               {"m", 60'000'000'000},
                               {"h", 3'600'000'000'000}};
constexpr Unit kSizes[] = {{"", 1},          {"B", 1},          {"KiB", 1 << 10},
                           {"MiB", 1 << 20}, {"GiB", 1 << 30},  {"kB", 1'000},
                           {"KB", 1'000},    {"MB", 1'000'000}, {"GB", 1'000'000'000}};

std::optional<int64_t> parse_scaled(std::string_view text, std::span<const Unit> units) {
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) return std::nullopt;
  std::string_view rest = text.substr(static_cast<size_t>(read.ptr - text.data()));
  if (rest.size() > 1 && rest.starts_with(' ')) rest.remove_prefix(1);
  if (number == 0 && rest.empty()) return 0;
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& one) { return one.name == rest; });
  int64_t product = 0;
  if (unit == units.end() || __builtin_mul_overflow(number, unit->factor, &product)) return std::nullopt;
  return product;
}

std::optional<int64_t> parse_bool(std::string_view text) {
  if (text == "true" || text == "yes" || text == "on") return 1;
  if (text == "false" || text == "no" || text == "off") return 0;
  return std::nullopt;
}

}  // namespace

bool is_numeric(uint32_t type) noexcept {
  return type == FAIRLEAD_INT || type == FAIRLEAD_BOOL || type == FAIRLEAD_DURATION_NS ||
         type == FAIRLEAD_SIZE_BYTES;
}

std::optional<int64_t> parse_number(uint32_t type, std::string_view text) {
  switch (type) {
    case FAIRLEAD_BOOL:
      return parse_bool(text);
    case FAIRLEAD_DURATION_NS:
      return parse_scaled(text, kDurations);
    case FAIRLEAD_SIZE_BYTES:
      return parse_scaled(text, kSizes);
    default:
      return parse_scaled(text, kPlain);
  }
}

std::vector<fairlead_option> options_of(const fairlead_transport& table, size_t limit) {
  std::vector<fairlead_option> options;
  const void* first = table.options;
  const auto* at = static_cast<const char*>(first);
  while (at != nullptr && options.size() < limit) {
    const void* element = at;
    const auto& option = *static_cast<const fairlead_option*>(element);
    if (option.name == nullptr) break;
    options.push_back(option);
    at += table.option_size;
  }
  return options;
}

}  // namespace fairlead::check
