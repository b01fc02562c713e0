#include "plugin/status.hpp"

#include <algorithm>
#include <system_error>

namespace fairlead::plugin {
namespace {

constexpr size_t kMaxForeignText = 512;

/// Length of the UTF-8 sequence at the front, 0 when it is broken or a control character.
size_t sequence_length(std::string_view rest) noexcept {
  const auto first = static_cast<unsigned char>(rest[0]);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || rest.size() < length) return 0;
  for (size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(rest[i]) & 0xc0) != 0x80) return 0;
  const auto second = static_cast<unsigned char>(rest[1]);
  const bool is_control = first == 0xc2 && second < 0xa0;
  const bool is_overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool is_outside = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
  return is_control || is_overlong || is_outside ? 0 : length;
}

base::ErrorCode code_of(fairlead_status status) noexcept {
  switch (status) {
    case FAIRLEAD_E_CLOSED:
    case FAIRLEAD_E_REFUSED:
    case FAIRLEAD_E_TIMEOUT:
    case FAIRLEAD_E_UNREACHABLE:
    case FAIRLEAD_E_RESET:
    case FAIRLEAD_E_PEER_AUTH:
    case FAIRLEAD_E_PROTOCOL:
      return base::ErrorCode::cannot_connect;
    case FAIRLEAD_E_CONFIG:
    case FAIRLEAD_E_CREDENTIAL:
    case FAIRLEAD_E_UNSUPPORTED:
      return base::ErrorCode::bad_configuration;
    case FAIRLEAD_E_ADDRESS_IN_USE:
    case FAIRLEAD_E_NO_RESOURCE:
    case FAIRLEAD_E_DENIED:
    case FAIRLEAD_E_TOO_LARGE:
      return base::ErrorCode::failed;
    default:
      return base::ErrorCode::internal;
  }
}

const char* phrase(fairlead_status status) noexcept {
  switch (status) {
    case FAIRLEAD_E_REFUSED:
      return "nobody listens there";
    case FAIRLEAD_E_TIMEOUT:
      return "timed out";
    case FAIRLEAD_E_UNREACHABLE:
      return "unreachable";
    case FAIRLEAD_E_ADDRESS_IN_USE:
      return "address in use";
    case FAIRLEAD_E_CONFIG:
      return "an option or the address cannot be used";
    case FAIRLEAD_E_CREDENTIAL:
      return "our key or certificate cannot be used";
    case FAIRLEAD_E_NO_RESOURCE:
      return "out of memory, descriptors or ports";
    case FAIRLEAD_E_DENIED:
      return "permission denied";
    case FAIRLEAD_E_UNSUPPORTED:
      return "not supported by this transport";
    default:
      return "the plugin failed";
  }
}

const char* advice(fairlead_status status) noexcept {
  switch (status) {
    case FAIRLEAD_E_ADDRESS_IN_USE:
      return "stop the other process or choose another port";
    case FAIRLEAD_E_CONFIG:
      return "check the address and the options of this transport";
    case FAIRLEAD_E_DENIED:
      return "choose a port above 1023 or give the process the right to it";
    default:
      return "";
  }
}

}  // namespace

std::string printable(std::string_view foreign) {
  std::string out;
  while (!foreign.empty()) {
    const size_t length = sequence_length(foreign);
    if (out.size() + std::max<size_t>(length, 1) > kMaxForeignText) break;
    out += length == 0 ? std::string_view("?") : foreign.substr(0, length);
    foreign.remove_prefix(std::max<size_t>(length, 1));
  }
  return out;
}

CloseReason close_reason(fairlead_status status) noexcept {
  switch (status) {
    case FAIRLEAD_OK:
    case FAIRLEAD_E_CLOSED:
      return CloseReason::closed;
    case FAIRLEAD_E_REFUSED:
      return CloseReason::refused;
    case FAIRLEAD_E_TIMEOUT:
      return CloseReason::timed_out;
    case FAIRLEAD_E_UNREACHABLE:
      return CloseReason::unreachable;
    case FAIRLEAD_E_RESET:
      return CloseReason::reset;
    case FAIRLEAD_E_PEER_AUTH:
    case FAIRLEAD_E_CREDENTIAL:
      return CloseReason::peer_authentication;
    case FAIRLEAD_E_PROTOCOL:
    case FAIRLEAD_E_TOO_LARGE:
      return CloseReason::protocol;
    case FAIRLEAD_E_NO_RESOURCE:
    case FAIRLEAD_E_DENIED:
      return CloseReason::resource;
    default:
      return CloseReason::internal;
  }
}

base::Error error_of(fairlead_status status, const fairlead_error& details, const std::string& tried) {
  const size_t size = std::min<size_t>(details.text_size, sizeof details.text);
  std::string what = printable(std::string_view(details.text, size));
  if (what.empty()) what = phrase(status);
  if (details.os_errno != 0 && size == 0) what += ": " + std::system_category().message(details.os_errno);
  return {code_of(status), tried + ": " + what, advice(status)};
}

tl::unexpected<base::Error> refuse(LoadRefusal why, std::string what, std::string hint) {
  return tl::unexpected(
      base::Error{base::ErrorCode::bad_configuration, std::move(what), std::move(hint), "", name(why)});
}

const char* name(CloseReason reason) noexcept {
  switch (reason) {
    case CloseReason::closed:
      return "closed";
    case CloseReason::refused:
      return "refused";
    case CloseReason::timed_out:
      return "timed_out";
    case CloseReason::unreachable:
      return "unreachable";
    case CloseReason::reset:
      return "reset";
    case CloseReason::peer_authentication:
      return "peer_auth";
    case CloseReason::protocol:
      return "protocol";
    case CloseReason::resource:
      return "resource";
    case CloseReason::internal:
      return "internal";
  }
  return "internal";
}

const char* name(LoadRefusal refusal) noexcept {
  static constexpr const char* kNames[] = {"NOT_FOUND",    "UNSAFE_PERMISSIONS", "DIGEST_MISMATCH",
                                           "NOT_ELF",      "NOT_A_TRANSPORT",    "OTHER_MAJOR",
                                           "BAD_MAGIC",    "SHORT_TABLE",        "NEEDS_NEWER_KERNEL",
                                           "MISSING_SLOT", "BAD_DESCRIPTOR",     "DUPLICATE_SCHEME",
                                           "CREATE_FAILED"};
  return kNames[static_cast<size_t>(refusal)];
}

}  // namespace fairlead::plugin
