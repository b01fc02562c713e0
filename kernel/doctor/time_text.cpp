#include "doctor/time_text.hpp"

#include <array>
#include <ctime>

namespace fairlead::doctor {

std::string text(base::WallTime time) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
  std::tm parts{};
  std::array<char, 32> buffer{};
  if (::gmtime_r(&seconds, &parts) == nullptr) return "?";
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), "%Y-%m-%d %H:%M:%S UTC", &parts)};
}

std::string span_text(std::chrono::milliseconds span) {
  struct Unit {
    const char* name;
    int64_t seconds;
  };
  static constexpr std::array<Unit, 4> kUnits{
      {{"day", 86'400}, {"hour", 3'600}, {"minute", 60}, {"second", 1}}};
  const int64_t seconds = std::chrono::floor<std::chrono::seconds>(std::chrono::abs(span)).count();
  for (const Unit& unit : kUnits) {
    const int64_t count = seconds / unit.seconds;
    if (count > 0) return std::to_string(count) + " " + unit.name + (count == 1 ? "" : "s");
  }
  return "less than a second";
}

std::string text(const Validity& validity) { return text(validity.from) + " to " + text(validity.until); }

}  // namespace fairlead::doctor
