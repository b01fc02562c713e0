#include "admin/request.hpp"

#include "base/json.hpp"
#include "base/names.hpp"

namespace fairlead::admin {
namespace {

constexpr size_t kMostBytes = 4096, kMostEcho = 64;

tl::unexpected<base::Error> malformed(std::string text) {
  return refuse("malformed", "the request cannot be read: " + std::move(text),
                "compare the versions of both sides");
}

bool takes_name(Action action) noexcept {
  return action == Action::kick || action == Action::disable || action == Action::enable;
}

base::Status take_name(const base::Json& value, Request& request) {
  if (!value.is_string()) return malformed("\"name\" is not a text");
  request.name = value.text();
  const auto endpoint = base::Endpoint::parse(request.name);
  if (endpoint.has_value() && endpoint->participant() == request.name) return {};
  request.name.clear();
  return refuse("malformed",
                base::quote(value.text().substr(0, kMostEcho)) + " is not the name of a participant",
                "name a participant as the project file does, without /APP");
}

base::Status take_limit(const base::Json& value, Request& request) {
  const int64_t limit = value.is_integer() ? value.integer() : 0;
  if (limit < 1 || limit > kMostAuditLines) return malformed("\"limit\" is not a number from 1 to 1000");
  request.limit = static_cast<uint32_t>(limit);
  return {};
}

base::Status take_member(Action action, const base::Json::Member& member, Request& request) {
  const auto& [key, value] = member;
  if (key == "name" && takes_name(action)) return take_name(value, request);
  if (key == "limit" && action == Action::audit) return take_limit(value, request);
  if (key != "verify" || action != Action::audit)
    return malformed("unknown member " + base::quote(key.substr(0, kMostEcho)));
  if (!value.is_bool()) return malformed("\"verify\" is neither true nor false");
  request.verify = value.boolean();
  return {};
}

}  // namespace

tl::unexpected<base::Error> refuse(const char* reason, std::string text, std::string hint) {
  return tl::unexpected<base::Error>(
      base::Error{base::ErrorCode::refused, std::move(text), std::move(hint), {}, reason});
}

base::Result<Request> parse_request(Action action, base::ByteView payload) {
  if (payload.size() > kMostBytes) return malformed("more than 4096 bytes");
  base::Json tree = base::Json::object();
  if (!payload.empty()) {
    auto parsed = base::Json::parse(base::as_text(payload));
    if (!parsed.has_value()) return malformed("not JSON, or a member twice");
    tree = std::move(*parsed);
  }
  if (!tree.is_object()) return malformed("not an object");
  Request request;
  for (const base::Json::Member& member : tree.members()) FAIRLEAD_TRY(take_member(action, member, request));
  if (takes_name(action) && request.name.empty()) return malformed("\"name\" is missing");
  return request;
}

}  // namespace fairlead::admin
