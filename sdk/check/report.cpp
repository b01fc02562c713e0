#include "report.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "text.hpp"

namespace fairlead::check {
namespace {

using nlohmann::ordered_json;

constexpr std::array kStates = {State::pass, State::fail, State::warn, State::skip, State::crash};

std::string_view colour_of(State state) noexcept {
  constexpr std::array<std::string_view, 5> kColours = {"\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[2m",
                                                        "\x1b[1;31m"};
  return kColours.at(static_cast<size_t>(state));
}

std::string padded(std::string text, size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

long count(const std::vector<Outcome>& outcomes, State state) {
  return std::count_if(outcomes.begin(), outcomes.end(),
                       [&](const Outcome& one) { return one.verdict.state == state; });
}

std::string lower(std::string_view name) {
  std::string small(name);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return static_cast<char>(c | 0x20); });
  return small;
}

}  // namespace

Table::Table(const Plan& plan, Colour colour) : colour_(colour) {
  for (const Check* check : plan.checks) id_width_ = std::max(id_width_, std::string_view(check->id).size());
  for (const auto& one : plan.setup.configurations)
    configuration_width_ = std::max(configuration_width_, one.name.size());
}

void Table::print(std::ostream& out, const Outcome& outcome) const {
  const Verdict& verdict = outcome.verdict;
  const std::string state = padded(std::string(name(verdict.state)), 5);
  if (colour_ == Colour::on)
    out << colour_of(verdict.state) << state << "\x1b[0m";
  else
    out << state;
  std::string rest =
      "  " + padded(outcome.check->id, id_width_) + "  " +
      padded(outcome.configuration.empty() ? "-" : outcome.configuration, configuration_width_) + "  " +
      printable(verdict.detail);
  rest.erase(rest.find_last_not_of(' ') + 1);
  out << rest << std::endl;
}

void Table::print_summary(std::ostream& out, const std::vector<Outcome>& outcomes) const {
  const char* separator = "";
  for (const State state : kStates) {
    out << separator << count(outcomes, state) << ' ' << name(state);
    separator = ", ";
  }
  out << std::endl;
}

void print_list(std::ostream& out) {
  size_t width = 0;
  for (const Check& check : all_checks()) width = std::max(width, std::string_view(check.id).size());
  for (const Check& check : all_checks()) out << padded(check.id, width) << "  " << check.what << '\n';
}

void print_list_json(std::ostream& out) {
  ordered_json checks = ordered_json::array();
  for (const Check& check : all_checks())
    checks.push_back({{"id", check.id},
                      {"description", check.what},
                      {"for_each_configuration", check.scope == Scope::configuration}});
  const ordered_json all = {{"schema_version", 1}, {"status", "ok"}, {"data", {{"checks", checks}}}};
  out << all.dump() << '\n';
}

void print_json(std::ostream& out, const Plan& plan, const std::vector<Outcome>& outcomes) {
  ordered_json checks = ordered_json::array();
  for (const Outcome& one : outcomes) {
    ordered_json entry = {
        {"id", one.check->id}, {"state", name(one.verdict.state)}, {"detail", printable(one.verdict.detail)}};
    if (!one.configuration.empty()) entry["configuration"] = one.configuration;
    entry["duration_ms"] = one.took.count();
    checks.push_back(std::move(entry));
  }
  ordered_json summary;
  for (const State state : kStates) summary[lower(name(state))] = count(outcomes, state);
  const ordered_json all = {
      {"schema_version", 1},
      {"status", "ok"},
      {"data",
       {{"plugin", plan.plugin.string()}, {"seed", plan.seed}, {"checks", checks}, {"summary", summary}}}};
  out << all.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << '\n';
}

void print_error_json(std::ostream& out, const std::string& message) {
  const ordered_json all = {{"schema_version", 1},
                            {"status", "error"},
                            {"error",
                             {{"code", "bad_arguments"},
                              {"message", printable(message)},
                              {"hint", "see fairlead-plugin-check --help"}}}};
  out << all.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << '\n';
}

bool all_is_well(const std::vector<Outcome>& outcomes) noexcept {
  return std::none_of(outcomes.begin(), outcomes.end(), [](const Outcome& one) {
    return one.verdict.state == State::fail || one.verdict.state == State::crash;
  });
}

}  // namespace fairlead::check
