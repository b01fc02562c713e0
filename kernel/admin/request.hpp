/// What an administrator's request carries: strict JSON, one shape for each action. Pure, any thread.
#pragma once
#include <string>

#include "admin/role.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace fairlead::admin {

inline constexpr uint32_t kMostAuditLines = 1000;

/// kick, disable, enable: {"name": PARTICIPANT}. audit: {"limit": 1 to 1000, "verify": BOOL}, both may be
/// left out. sessions, drain, reload: {}. An empty payload is {}.
struct Request {
  std::string name;
  uint32_t limit = 50;
  bool verify = false;
};

/// Refused with reason `malformed`: not JSON, above 4 KiB, an unknown member, a wrong type, a name that no
/// participant can have.
base::Result<Request> parse_request(Action action, base::ByteView payload);

/// Refused with `reason`, text and hint.
tl::unexpected<base::Error> refuse(const char* reason, std::string text, std::string hint);

}  // namespace fairlead::admin
