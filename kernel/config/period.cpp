#include "config/period.hpp"

#include <array>
#include <charconv>

namespace fairlead::config {

base::Result<std::chrono::seconds> parse_period(std::string_view text) {
  struct Unit {
    std::string_view name;
    int64_t seconds;
  };
  static constexpr std::array kUnits = {Unit{"s", 1}, Unit{"m", 60}, Unit{"h", 3600}, Unit{"d", 86400}};
  constexpr int64_t kMost = int64_t{3650} * 86400;
  uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  for (const Unit& row : kUnits)
    if (error == std::errc() && unit == row.name && count > 0 && count <= kMost / row.seconds)
      return std::chrono::seconds(count * row.seconds);
  return base::fail(base::ErrorCode::bad_arguments, "\"" + std::string(text) + "\" is not a period",
                    "write a number and s, m, h or d, at most 3650d: 12h, 30d");
}

}  // namespace fairlead::config
