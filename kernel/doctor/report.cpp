#include "doctor/report.hpp"

#include <algorithm>

namespace fairlead::doctor {

const char* name(Status status) noexcept {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::warning:
      return "warning";
    case Status::failed:
      return "failed";
    case Status::not_reached:
      break;
  }
  return "not reached";
}

Row ok(std::string component, std::string target, std::string detail) {
  return {std::move(component), std::move(target), Status::ok, std::move(detail)};
}

Row warning(std::string component, std::string target, std::string detail, std::string remedy) {
  return {std::move(component), std::move(target), Status::warning, std::move(detail), std::move(remedy)};
}

Row failed(base::ErrorCode code, std::string component, std::string target, std::string detail,
           std::string remedy) {
  return {std::move(component), std::move(target), Status::failed,
          std::move(detail),    std::move(remedy), code};
}

Row failed(const base::Error& error, std::string component, std::string target) {
  return failed(error.code, std::move(component), std::move(target), error.text, error.hint);
}

void Report::add(Rows rows) {
  rows_.insert(rows_.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
}

void Report::replace(std::string_view component, Rows rows) {
  const auto is_of_it = [&](const Row& row) { return row.component == component; };
  auto at = std::ranges::find_if(rows_, is_of_it);
  const auto place = at - rows_.begin();
  std::erase_if(rows_, is_of_it);
  rows_.insert(rows_.begin() + place, std::make_move_iterator(rows.begin()),
               std::make_move_iterator(rows.end()));
}

bool Report::passed(std::string_view component) const noexcept {
  bool is_there = false;
  for (const Row& row : rows_) {
    if (row.component != component) continue;
    if (row.status == Status::failed || row.status == Status::not_reached) return false;
    is_there = true;
  }
  return is_there;
}

const Row* Report::first_failure() const noexcept {
  const auto at = std::ranges::find(rows_, Status::failed, &Row::status);
  return at == rows_.end() ? nullptr : &*at;
}

int Report::exit_code() const noexcept {
  const Row* first = first_failure();
  return first == nullptr ? 0 : base::exit_code(first->code);
}

std::vector<std::pair<std::string, std::string>> Report::remedies() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const Status wanted : {Status::failed, Status::warning})
    for (const Row& row : rows_) {
      const bool is_new =
          std::ranges::find(all, row.remedy, [](const auto& one) { return one.second; }) == all.end();
      if (row.status == wanted && !row.remedy.empty() && is_new) all.emplace_back(row.component, row.remedy);
    }
  return all;
}

base::Json Report::to_json() const {
  base::Json rows = base::Json::array();
  for (const Row& row : rows_) {
    base::Json one = base::Json::object({{"component", row.component},
                                         {"target", row.target},
                                         {"status", name(row.status)},
                                         {"detail", row.detail}});
    if (!row.remedy.empty()) one.set("remedy", row.remedy);
    rows.add(std::move(one));
  }
  return rows;
}

}  // namespace fairlead::doctor
