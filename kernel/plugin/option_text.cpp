#include "plugin/option_text.hpp"

#include <charconv>
#include <span>

namespace fairlead::plugin {
namespace {

using base::ErrorCode;

struct Unit {
  std::string_view name;
  int64_t factor;
};
constexpr Unit kDurations[] = {{"ns", 1},
                               {"us", 1'000},
                               {"ms", 1'000'000},
                               {"s", 1'000'000'000},
                               {"m", 60'000'000'000},
                               {"h", 3'600'000'000'000}};
constexpr Unit kSizes[] = {{"", 1},          {"B", 1},          {"KiB", 1 << 10},
                           {"MiB", 1 << 20}, {"GiB", 1 << 30},  {"kB", 1'000},
                           {"KB", 1'000},    {"MB", 1'000'000}, {"GB", 1'000'000'000}};

tl::unexpected<base::Error> expected(const char* what) {
  return base::fail(ErrorCode::bad_configuration, std::string("expected ") + what);
}

base::Result<int64_t> parse_scaled(std::string_view text, std::span<const Unit> units, const char* what) {
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) return expected(what);
  std::string_view rest = text.substr(static_cast<size_t>(read.ptr - text.data()));
  if (rest.size() > 1 && rest.starts_with(' ')) rest.remove_prefix(1);
  if (number == 0 && rest.empty()) return 0;
  for (const Unit& unit : units) {
    if (unit.name != rest) continue;
    int64_t product = 0;
    if (__builtin_mul_overflow(number, unit.factor, &product)) return expected("a smaller number");
    return product;
  }
  return expected(what);
}

base::Result<int64_t> parse_bool(std::string_view text) {
  if (text == "true" || text == "yes" || text == "on") return 1;
  if (text == "false" || text == "no" || text == "off") return 0;
  return expected("true or false");
}

std::string in_largest_unit(int64_t number, std::span<const Unit> units) {
  const Unit* best = nullptr;
  for (const Unit& unit : units)
    if (number % unit.factor == 0 && (best == nullptr || unit.factor > best->factor)) best = &unit;
  if (number == 0 || best == nullptr) return std::to_string(number);
  return std::to_string(number / best->factor) + std::string(best->name);
}

}  // namespace

bool is_numeric(uint32_t type) noexcept {
  return type == FAIRLEAD_INT || type == FAIRLEAD_BOOL || type == FAIRLEAD_DURATION_NS ||
         type == FAIRLEAD_SIZE_BYTES;
}

base::Result<int64_t> parse_number(uint32_t type, std::string_view text) {
  static constexpr Unit kNone[] = {{"", 1}};
  switch (type) {
    case FAIRLEAD_BOOL:
      return parse_bool(text);
    case FAIRLEAD_DURATION_NS:
      return parse_scaled(text, kDurations, "a duration such as 250ms or 10s");
    case FAIRLEAD_SIZE_BYTES:
      return parse_scaled(text, kSizes, "a size such as 4096 or 64KiB");
    default:
      return parse_scaled(text, kNone, "a whole number");
  }
}

std::string number_text(uint32_t type, int64_t number) {
  if (type == FAIRLEAD_DURATION_NS) return in_largest_unit(number, kDurations);
  if (type == FAIRLEAD_SIZE_BYTES) return in_largest_unit(number, kSizes);
  return std::to_string(number);
}

base::Result<int64_t> parse_number(const fairlead_option& option, std::string_view text) {
  auto number = parse_number(option.type, text);
  const std::string found = "option " + std::string(option.name) + ": found \"" + std::string(text) + "\", ";
  if (!number) return base::fail(ErrorCode::bad_configuration, found + number.error().text);
  if (option.type == FAIRLEAD_BOOL || (*number >= option.min && *number <= option.max)) return *number;
  return base::fail(
      ErrorCode::bad_configuration,
      found + "expected a value from " + std::to_string(option.min) + " to " + std::to_string(option.max));
}

}  // namespace fairlead::plugin
