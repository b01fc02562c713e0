/// QuietLog: what the doctor gives to who wants a log; the findings are rows, not lines.
#pragma once
#include "base/log.hpp"

namespace fairlead::doctor {

class QuietLog final : public base::Log {
 public:
  bool enabled(base::LogLevel) const noexcept override { return false; }
  void write(base::LogLevel, std::string_view, std::initializer_list<base::Field>) override {}
};

}  // namespace fairlead::doctor
