#include "node/c_api_error.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace fairlead::node {
namespace {

uint32_t code_of(base::ErrorCode code) noexcept {
  switch (code) {
    case base::ErrorCode::refused:
      return FAIRLEAD_NODE_REFUSED;
    case base::ErrorCode::failed:
      return FAIRLEAD_NODE_FAILED;
    case base::ErrorCode::cannot_connect:
      return FAIRLEAD_NODE_CANNOT_CONNECT;
    case base::ErrorCode::timed_out:
      return FAIRLEAD_NODE_TIMED_OUT;
    case base::ErrorCode::bad_arguments:
      return FAIRLEAD_NODE_BAD_ARGUMENTS;
    case base::ErrorCode::bad_configuration:
      return FAIRLEAD_NODE_BAD_CONFIGURATION;
    case base::ErrorCode::internal:
      return FAIRLEAD_NODE_INTERNAL;
  }
  return FAIRLEAD_NODE_INTERNAL;
}

bool continues_character(char c) noexcept { return (static_cast<uint8_t>(c) & 0xC0) == 0x80; }

template <size_t N>
void put(char (&to)[N], std::string_view from) noexcept {
  size_t size = std::min(from.size(), N - 1);
  while (size > 0 && size < from.size() && continues_character(from[size])) --size;
  std::copy_n(from.data(), size, to);
  to[size] = '\0';
}

}  // namespace

fairlead_status status_of(const base::Error& error) noexcept {
  switch (error.code) {
    case base::ErrorCode::refused:
      return FAIRLEAD_E_REFUSED;
    case base::ErrorCode::failed:
      return FAIRLEAD_E_CLOSED;
    case base::ErrorCode::cannot_connect:
      return FAIRLEAD_E_UNREACHABLE;
    case base::ErrorCode::timed_out:
      return FAIRLEAD_E_TIMEOUT;
    case base::ErrorCode::bad_arguments:
    case base::ErrorCode::bad_configuration:
      return FAIRLEAD_E_CONFIG;
    case base::ErrorCode::internal:
      return FAIRLEAD_E_INTERNAL;
  }
  return FAIRLEAD_E_INTERNAL;
}

fairlead_node_error to_c(const base::Error& error) noexcept {
  fairlead_node_error out{};
  out.struct_size = sizeof(out);
  out.status = status_of(error);
  out.code = code_of(error.code);
  out.exit_code = base::exit_code(error.code);
  put(out.text, error.text);
  put(out.hint, error.hint);
  put(out.origin, error.origin);
  put(out.reason, error.reason);
  return out;
}

fairlead_status report(const base::Error& error, fairlead_node_error* out) noexcept {
  if (out != nullptr) {
    fairlead_node_error full = to_c(error);
    full.struct_size = std::min<uint32_t>(out->struct_size, sizeof(full));
    const void* from = &full;
    void* to = out;  // a caller compiled against an older header has room for fewer fields
    std::copy_n(static_cast<const uint8_t*>(from), full.struct_size, static_cast<uint8_t*>(to));
  }
  return status_of(error);
}

base::Error closed_error() {
  base::Error error{base::ErrorCode::failed, "the node is closed", "open a new one"};
  error.reason = "closed";
  return error;
}

}  // namespace fairlead::node
