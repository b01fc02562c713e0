/// The configuration of one instance: what the setup says and the plugin's own defaults, as fairlead_config.
#pragma once
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "setup.hpp"
#include "text.hpp"

namespace fairlead::check {

class Values {
 public:
  /// Fails the check when a value of the setup is of the wrong form, or names an option that is not declared.
  Values(const fairlead_transport& table, const Options& given);
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;

  fairlead_config config() const noexcept;
  /// The bytes of a SECRET, nothing when there is none or it is withheld.
  std::optional<View> secret(std::string_view option) const noexcept;

  // What only check create-bad-values wants.
  void set_number(std::string_view option, int64_t number);
  void set_secret(std::string_view option, std::string bytes);
  void withhold_secret(std::string_view option);
  void remove(std::string_view option);
  bool has(std::string_view option) const noexcept;

 private:
  fairlead_value* find(std::string_view option) noexcept;
  void add(const fairlead_option& option, const std::string& text);

  std::vector<fairlead_value> values_;
  std::deque<std::string> texts_;
  std::map<std::string, std::string, std::less<>> secrets_;
};

}  // namespace fairlead::check
