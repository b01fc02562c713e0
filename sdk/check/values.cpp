#include "values.hpp"

#include <algorithm>

#include "option_text.hpp"
#include "verdict.hpp"

namespace fairlead::check {
namespace {

View bytes_of(const std::string& text) noexcept {
  const void* data = text.data();
  return {static_cast<const uint8_t*>(data), text.size()};
}

}  // namespace

Values::Values(const fairlead_transport& table, const Options& given) {
  const std::vector<fairlead_option> declared = options_of(table);
  for (const auto& [name, unused] : given)
    if (std::none_of(declared.begin(), declared.end(),
                     [&wanted = name](const auto& one) { return wanted == one.name; }))
      fail("the setup sets option " + name + ", which the plugin does not declare");
  for (const fairlead_option& option : declared) {
    const auto found = given.find(option.name);
    if (found != given.end())
      add(option, found->second);
    else if (option.fallback != nullptr && option.type != FAIRLEAD_SECRET)
      add(option, option.fallback);
  }
}

void Values::add(const fairlead_option& option, const std::string& text) {
  fairlead_value value{};
  value.name = option.name;
  value.type = option.type;
  if (is_numeric(option.type)) {
    const auto number = parse_number(option.type, text);
    if (!number)
      fail("option " + std::string(option.name) + ": \"" + printable(text) + "\" is not of its type");
    value.number = *number;
  } else if (option.type == FAIRLEAD_SECRET) {
    secrets_[option.name] = text;
    value.text = check::text(option.name);
  } else {
    value.text = check::text(texts_.emplace_back(text));
  }
  values_.push_back(value);
}

fairlead_config Values::config() const noexcept {
  return {sizeof(fairlead_config), static_cast<uint32_t>(values_.size()), sizeof(fairlead_value), 0,
          values_.data()};
}

std::optional<View> Values::secret(std::string_view option) const noexcept {
  const auto found = secrets_.find(option);
  if (found == secrets_.end()) return std::nullopt;
  return bytes_of(found->second);
}

fairlead_value* Values::find(std::string_view option) noexcept {
  const auto found =
      std::find_if(values_.begin(), values_.end(), [&](const auto& one) { return option == one.name; });
  return found == values_.end() ? nullptr : &*found;
}

bool Values::has(std::string_view option) const noexcept {
  return std::any_of(values_.begin(), values_.end(), [&](const auto& one) { return option == one.name; });
}

void Values::set_number(std::string_view option, int64_t number) {
  if (fairlead_value* value = find(option)) value->number = number;
}

void Values::set_secret(std::string_view option, std::string bytes) {
  secrets_[std::string(option)] = std::move(bytes);
}

void Values::withhold_secret(std::string_view option) {
  const auto found = secrets_.find(option);
  if (found != secrets_.end()) secrets_.erase(found);
}

void Values::remove(std::string_view option) {
  std::erase_if(values_, [&](const auto& one) { return option == one.name; });
}

}  // namespace fairlead::check
