/// Result<T> and Error: how every kernel function that can fail says so. Nothing in the kernel throws.
#pragma once
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace fairlead::base {

/// What kind of failure this is; decides the exit code of the command.
enum class ErrorCode {
  refused,            ///< the other side or a rule said no                          exit 1
  failed,             ///< the operation was tried and did not work                  exit 1
  cannot_connect,     ///< nobody there, wrong host, CA or login refused             exit 2
  timed_out,          ///< a deadline passed after connecting                        exit 3
  bad_arguments,      ///< command line                                              exit 4
  bad_configuration,  ///< project file, kit, plugin                                 exit 4
  internal            ///< a broken promise inside the program                       exit 5
};

/// Exit code of the command for a failure of this kind.
int exit_code(ErrorCode code) noexcept;
/// Stable snake_case name, as printed with --json.
const char* name(ErrorCode code) noexcept;

/// One failure: what was tried, on what, what happened (text) and what to do (hint). Holds no secrets.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string text;
  std::string hint{};    ///< what the reader can do; may be empty
  std::string origin{};  ///< FILE:LINE:COL for configuration errors, else empty
  std::string reason{};  ///< stable machine name when there is a closed list (refusal code, plugin refusal)

  /// "ORIGIN: TEXT; HINT" on one line, for people.
  std::string line() const;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

/// Builds the failed half of any Result.
inline tl::unexpected<Error> fail(ErrorCode code, std::string text, std::string hint = {}) {
  return tl::unexpected<Error>(Error{code, std::move(text), std::move(hint)});
}

}  // namespace fairlead::base

#define FAIRLEAD_JOIN_(a, b) a##b
#define FAIRLEAD_JOIN(a, b) FAIRLEAD_JOIN_(a, b)
#define FAIRLEAD_TRY_1_(slot, expression)                       \
  if (auto slot = (expression); !slot.has_value()) [[unlikely]] \
  return ::tl::unexpected(std::move(slot).error())
#define FAIRLEAD_TRY_2_(slot, declaration, expression) \
  auto slot = (expression);                            \
  if (!slot.has_value()) [[unlikely]]                  \
    return ::tl::unexpected(std::move(slot).error());  \
  declaration = std::move(*slot)
#define FAIRLEAD_TRY_1(expression) FAIRLEAD_TRY_1_(FAIRLEAD_JOIN(try_, __LINE__), expression)
#define FAIRLEAD_TRY_2(declaration, expression) \
  FAIRLEAD_TRY_2_(FAIRLEAD_JOIN(try_, __LINE__), declaration, expression)
#define FAIRLEAD_TRY_PICK(one, two, name, ...) name
/// FAIRLEAD_TRY(status_expression); or FAIRLEAD_TRY(auto value, result_expression): returns the error, else
/// goes on.
#define FAIRLEAD_TRY(...) FAIRLEAD_TRY_PICK(__VA_ARGS__, FAIRLEAD_TRY_2, FAIRLEAD_TRY_1, )(__VA_ARGS__)
