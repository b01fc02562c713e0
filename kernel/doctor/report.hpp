/// Report: what the doctor found, one row for each thing it looked at. Written by the layers, printed by the
/// command.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace fairlead::doctor {

enum class Status { ok, warning, failed, not_reached };
const char* name(Status status) noexcept;  ///< "ok", "warning", "failed", "not reached"

/// One thing that was looked at.
struct Row {
  std::string component;  ///< name of the layer, such as "tcp"
  std::string target;     ///< what was looked at
  Status status = Status::ok;
  std::string detail{};                            ///< what was found
  std::string remedy{};                            ///< what to do; only with a warning or a failure
  base::ErrorCode code = base::ErrorCode::failed;  ///< of a failure; decides the exit code
};
using Rows = std::vector<Row>;

Row ok(std::string component, std::string target, std::string detail);
Row warning(std::string component, std::string target, std::string detail, std::string remedy);
Row failed(base::ErrorCode code, std::string component, std::string target, std::string detail,
           std::string remedy);
/// A failure in the words of an error.
Row failed(const base::Error& error, std::string component, std::string target);

/// Pure data. One thread at a time.
class Report {
 public:
  void add(Rows rows);
  /// Takes the place of the rows of that component that are there.
  void replace(std::string_view component, Rows rows);

  const Rows& rows() const noexcept { return rows_; }
  /// Is it there, and did nothing of it fail or stay unreached?
  bool passed(std::string_view component) const noexcept;
  /// 0 without a failure, else that of the first one (base::exit_code).
  int exit_code() const noexcept;
  /// The first failure, null when there is none.
  const Row* first_failure() const noexcept;
  /// The different remedies in the order of the rows, each with the component it is for; failures first.
  std::vector<std::pair<std::string, std::string>> remedies() const;
  /// [{"component","target","status","detail","remedy"}]; `remedy` only where there is one.
  base::Json to_json() const;

  /// What to ask the network's people for; null when the network is not to blame. Members: from, to (a
  /// list), protocol, direction, opened_by, tls_inspection, lifetime, idle_timeout.
  base::Json firewall_request{};

 private:
  Rows rows_;
};

}  // namespace fairlead::doctor
