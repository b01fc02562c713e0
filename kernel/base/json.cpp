#include "base/json.hpp"

#include <nlohmann/json.hpp>

#include "base/assert.hpp"

namespace fairlead::base {
namespace {

constexpr size_t kMaxDepth = 64;

/// Builds our tree from nlohmann's events, refusing what a careful reader refuses.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return put(Json()); }
  bool boolean(bool value) override { return put(Json(value)); }
  bool number_integer(number_integer_t value) override { return put(Json(int64_t{value})); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > INT64_MAX) return refuse("a number above 2^63-1");
    return put(Json(static_cast<int64_t>(value)));
  }
  bool number_float(number_float_t value, const string_t&) override { return put(Json(value)); }
  bool string(string_t& value) override { return put(Json(std::move(value))); }
  bool binary(binary_t&) override { return refuse("a binary value"); }
  bool start_object(size_t) override { return open(Json::object()); }
  bool start_array(size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    for (const auto& [name, member] : open_.back().value.members())
      if (name == value) return refuse("the key \"" + value + "\" twice");
    open_.back().key = std::move(value);
    return true;
  }
  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&) override {
    if (error_.empty()) error_ = "not JSON at byte " + std::to_string(position);
    return false;
  }

  Json take() { return std::move(root_); }
  const std::string& error() const { return error_; }

 private:
  struct Open {
    Json value;
    std::string key{};
  };

  bool put(Json value) {
    if (open_.empty())
      root_ = std::move(value);
    else if (open_.back().value.is_array())
      open_.back().value.add(std::move(value));
    else
      open_.back().value.set(open_.back().key, std::move(value));
    return true;
  }
  bool open(Json value) {
    if (open_.size() == kMaxDepth) return refuse("more than 64 levels");
    open_.push_back({std::move(value)});
    return true;
  }
  bool close() {
    Json done = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(done));
  }
  bool refuse(std::string what) {
    error_ = "JSON holds " + std::move(what);
    return false;
  }

  Json root_;
  std::vector<Open> open_;
  std::string error_;
};

const Json kNull;
const Json::Array kNoItems;
const Json::Object kNoMembers;

void write(const Json& value, int indent, int level, std::string& out);

void new_line(int indent, int level, std::string& out) {
  if (indent > 0) out.append(1, '\n').append(static_cast<size_t>(indent) * static_cast<size_t>(level), ' ');
}

void write_members(const Json& value, int indent, int level, std::string& out) {
  bool first = true;
  for (const auto& [key, member] : value.members()) {
    if (!std::exchange(first, false)) out += ',';
    new_line(indent, level + 1, out);
    out += quote(key) + (indent > 0 ? ": " : ":");
    write(member, indent, level + 1, out);
  }
  if (!first) new_line(indent, level, out);
}

void write_items(const Json& value, int indent, int level, std::string& out) {
  bool first = true;
  for (const Json& item : value.items()) {
    if (!std::exchange(first, false)) out += ',';
    new_line(indent, level + 1, out);
    write(item, indent, level + 1, out);
  }
  if (!first) new_line(indent, level, out);
}

void write(const Json& value, int indent, int level, std::string& out) {
  if (value.is_object()) {
    out += '{';
    write_members(value, indent, level, out);
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    write_items(value, indent, level, out);
    out += ']';
  } else if (value.is_string()) {
    out += quote(value.text());
  } else if (value.is_null()) {
    out += "null";
  } else if (value.is_bool()) {
    out += value.boolean() ? "true" : "false";
  } else if (value.is_integer()) {
    out += std::to_string(value.integer());
  } else {
    out += nlohmann::json(value.number()).dump();
  }
}

}  // namespace

Json Json::array(Array items) {
  Json json;
  json.value_ = std::move(items);
  return json;
}

Json Json::object(Object members) {
  Json json;
  json.value_ = std::move(members);
  return json;
}

std::string Json::text(std::string_view fallback) const {
  const auto* value = std::get_if<std::string>(&value_);
  return value != nullptr ? *value : std::string(fallback);
}

int64_t Json::integer(int64_t fallback) const noexcept {
  const auto* value = std::get_if<int64_t>(&value_);
  return value != nullptr ? *value : fallback;
}

double Json::number(double fallback) const noexcept {
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  const auto* whole = std::get_if<int64_t>(&value_);
  return whole != nullptr ? static_cast<double>(*whole) : fallback;
}

bool Json::boolean(bool fallback) const noexcept {
  const auto* value = std::get_if<bool>(&value_);
  return value != nullptr ? *value : fallback;
}

const Json::Array& Json::items() const noexcept {
  const auto* value = std::get_if<Array>(&value_);
  return value != nullptr ? *value : kNoItems;
}

const Json::Object& Json::members() const noexcept {
  const auto* value = std::get_if<Object>(&value_);
  return value != nullptr ? *value : kNoMembers;
}

const Json& Json::operator[](std::string_view key) const noexcept {
  for (const auto& [name, member] : members())
    if (name == key) return member;
  return kNull;
}

Json& Json::set(std::string key, Json value) {
  if (is_null()) value_ = Object{};
  auto* object = std::get_if<Object>(&value_);
  FAIRLEAD_ASSERT(object != nullptr);
  for (auto& [name, member] : *object)
    if (name == key) {
      member = std::move(value);
      return *this;
    }
  object->emplace_back(std::move(key), std::move(value));
  return *this;
}

Json& Json::add(Json value) {
  if (is_null()) value_ = Array{};
  auto* items = std::get_if<Array>(&value_);
  FAIRLEAD_ASSERT(items != nullptr);
  items->push_back(std::move(value));
  return *this;
}

std::string Json::dump(int indent) const {
  std::string out;
  write(*this, indent, 0, out);
  return out;
}

Result<Json> Json::parse(std::string_view text) {
  Builder builder;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
    return fail(ErrorCode::bad_configuration, builder.error());
  return builder.take();
}

std::string quote(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace fairlead::base
