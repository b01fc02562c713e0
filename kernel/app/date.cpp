#include "app/date.hpp"

namespace fairlead::app {

std::string date(base::WallTime time) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  const auto digits = [](unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(static_cast<int>(day.year())) + "-" + digits(static_cast<unsigned>(day.month())) +
         "-" + digits(static_cast<unsigned>(day.day()));
}

}  // namespace fairlead::app
