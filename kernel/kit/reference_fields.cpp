#include "kit/reference_fields.hpp"

namespace fairlead::kit {
namespace {

constexpr size_t kLongestShown = 80;

/// As it stands in the file, in one line that is not too long.
std::string shown(const base::Json& value) {
  if (value.is_null()) return "missing";
  std::string text = value.dump();
  if (text.size() > kLongestShown) text = text.substr(0, kLongestShown - 3) + "...";
  return text;
}

}  // namespace

ReferenceFields::ReferenceFields(const base::Json& value, std::string path, FieldFindings& findings)
    : value_(value), path_(std::move(path)), findings_(findings) {
  // What is missing was noted by who looked for it.
  if (!value.is_object() && (path_.empty() || !value.is_null()))
    findings_.wrong.push_back((path_.empty() ? "the file" : path_) + " is not an object");
}

std::string ReferenceFields::path_of(std::string_view key) const {
  return (path_.empty() ? "" : path_ + ".") + std::string(key);
}

const base::Json& ReferenceFields::member(std::string_view key) {
  seen_.emplace(key);
  return value_[key];
}

void ReferenceFields::wrong(std::string_view key, const std::string& what) {
  if (!value_.is_object()) return;
  findings_.wrong.push_back(path_of(key) + ": " + what);
}

std::string ReferenceFields::text(std::string_view key) {
  const base::Json& found = member(key);
  if (!found.is_string() || found.text().empty()) wrong(key, shown(found) + ", expected a text");
  return found.text();
}

std::string ReferenceFields::optional_text(std::string_view key) {
  if (has(key)) return text(key);
  member(key);
  return {};
}

uint16_t ReferenceFields::port(std::string_view key) {
  const base::Json& found = member(key);
  const int64_t number = found.integer();
  if (number >= 1 && number <= 65535) return static_cast<uint16_t>(number);
  wrong(key, shown(found) + ", expected a port, a number from 1 to 65535");
  return 0;
}

void ReferenceFields::must_be(std::string_view key, std::string_view expected) {
  const base::Json& found = member(key);
  if (!found.is_string() || found.text() != expected)
    wrong(key, shown(found) + ", expected \"" + std::string(expected) + "\"");
}

void ReferenceFields::must_be(std::string_view key, int64_t expected) {
  const base::Json& found = member(key);
  if (!found.is_integer() || found.integer() != expected)
    wrong(key, shown(found) + ", this program reads " + std::to_string(expected));
}

ReferenceFields ReferenceFields::object(std::string_view key) {
  const base::Json& found = member(key);
  if (found.is_null()) wrong(key, "missing, expected an object");
  return {found, path_of(key), findings_};
}

ReferenceFields ReferenceFields::only_item(std::string_view key) {
  const base::Json& found = member(key);
  const size_t count = found.items().size();
  if (count == 1 && !found.items().front().is_null())
    return {found.items().front(), path_of(key) + "[0]", findings_};
  wrong(key, found.is_array() && count != 1 ? std::to_string(count) + " entries, expected exactly one"
                                            : "expected a list with one object");
  static const base::Json kNothing;
  return {kNothing, path_of(key) + "[0]", findings_};
}

void ReferenceFields::skip(std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) member(key);
}

void ReferenceFields::finish() {
  for (const auto& [key, value] : value_.members())
    if (!seen_.contains(key)) findings_.ignored.push_back(path_of(key));
}

}  // namespace fairlead::kit
