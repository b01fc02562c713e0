/// What the program prints: the list of checks, a table, or one JSON object.
#pragma once
#include <ostream>
#include <string>
#include <vector>

#include "runner.hpp"

namespace fairlead::check {

enum class Colour { on, off };

/// One line of the table; the columns are as wide as the widest id and configuration of the plan.
class Table {
 public:
  Table(const Plan& plan, Colour colour);
  void print(std::ostream& out, const Outcome& outcome) const;
  void print_summary(std::ostream& out, const std::vector<Outcome>& outcomes) const;

 private:
  size_t id_width_ = 0, configuration_width_ = 0;
  Colour colour_;
};

/// Ids and sentences, in order.
void print_list(std::ostream& out);
void print_list_json(std::ostream& out);
/// {"schema_version":1,"status":"ok","data":{...}}
void print_json(std::ostream& out, const Plan& plan, const std::vector<Outcome>& outcomes);
/// {"schema_version":1,"status":"error","error":{...}}
void print_error_json(std::ostream& out, const std::string& message);

/// No FAIL and no CRASH.
bool all_is_well(const std::vector<Outcome>& outcomes) noexcept;

}  // namespace fairlead::check
