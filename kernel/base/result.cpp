#include "base/result.hpp"

namespace fairlead::base {

int exit_code(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::refused:
    case ErrorCode::failed:
      return 1;
    case ErrorCode::cannot_connect:
      return 2;
    case ErrorCode::timed_out:
      return 3;
    case ErrorCode::bad_arguments:
    case ErrorCode::bad_configuration:
      return 4;
    case ErrorCode::internal:
      return 5;
  }
  return 5;
}

const char* name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::refused:
      return "refused";
    case ErrorCode::failed:
      return "failed";
    case ErrorCode::cannot_connect:
      return "cannot_connect";
    case ErrorCode::timed_out:
      return "timed_out";
    case ErrorCode::bad_arguments:
      return "bad_arguments";
    case ErrorCode::bad_configuration:
      return "bad_configuration";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

std::string Error::line() const {
  std::string out = origin.empty() ? text : origin + ": " + text;
  if (!hint.empty()) out += "; " + hint;
  return out;
}

}  // namespace fairlead::base
