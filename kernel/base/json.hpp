/// Json: a small value tree for manifests, reports and --json output. Text only, never on network bytes.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace fairlead::base {

/// One JSON value. Objects keep the order in which their members were added.
class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;  ///< null
  Json(bool value) : value_(value) {}
  Json(int value) : value_(int64_t{value}) {}
  Json(int64_t value) : value_(value) {}
  Json(uint32_t value) : value_(int64_t{value}) {}
  Json(uint64_t value) : value_(static_cast<int64_t>(value)) {}
  Json(double value) : value_(value) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  static Json array(Array items = {});
  static Json object(Object members = {});

  bool is_null() const noexcept { return std::holds_alternative<std::monostate>(value_); }
  bool is_string() const noexcept { return std::holds_alternative<std::string>(value_); }
  bool is_integer() const noexcept { return std::holds_alternative<int64_t>(value_); }
  bool is_bool() const noexcept { return std::holds_alternative<bool>(value_); }
  bool is_array() const noexcept { return std::holds_alternative<Array>(value_); }
  bool is_object() const noexcept { return std::holds_alternative<Object>(value_); }

  /// The value, or the fallback when it is of another type.
  std::string text(std::string_view fallback = {}) const;
  int64_t integer(int64_t fallback = 0) const noexcept;
  double number(double fallback = 0) const noexcept;
  bool boolean(bool fallback = false) const noexcept;
  const Array& items() const noexcept;     ///< empty unless an array
  const Object& members() const noexcept;  ///< empty unless an object
  /// Member of an object, null when there is none.
  const Json& operator[](std::string_view key) const noexcept;
  /// Adds or replaces a member; turns null into an object.
  Json& set(std::string key, Json value);
  /// Appends an item; turns null into an array.
  Json& add(Json value);

  /// Text form; indent 0 is one line.
  std::string dump(int indent = 0) const;
  /// Fails with byte position and what was expected; at most 64 levels deep, no duplicate keys.
  static Result<Json> parse(std::string_view text);

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, Array, Object> value_;
};

/// A JSON string literal, quotes included; invalid UTF-8 is replaced.
std::string quote(std::string_view text);

}  // namespace fairlead::base
