/// Errors and texts of fairlead/transport.hpp: what plugin code throws and how it becomes a closed status.
#pragma once
#include <cerrno>
#include <exception>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "fairlead/transport.h"

namespace fairlead::transport {

inline fairlead_text text(std::string_view s) noexcept { return {s.data(), s.size()}; }
inline std::string_view view(fairlead_text t) noexcept { return {t.data, t.size}; }

/// Maps an errno value to the closed list of statuses. [any]
inline fairlead_status status_of(int os_errno) noexcept {
  switch (os_errno) {
    case ECONNREFUSED:
    case ENOENT:
      return FAIRLEAD_E_REFUSED;
    case ETIMEDOUT:
      return FAIRLEAD_E_TIMEOUT;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
      return FAIRLEAD_E_UNREACHABLE;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
      return FAIRLEAD_E_RESET;
    case EADDRINUSE:
      return FAIRLEAD_E_ADDRESS_IN_USE;
    case EACCES:
    case EPERM:
      return FAIRLEAD_E_DENIED;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOBUFS:
      return FAIRLEAD_E_NO_RESOURCE;
    default:
      return FAIRLEAD_E_INTERNAL;
  }
}

/// Thrown by plugin code; becomes a status and a fairlead_error at the boundary.
class Error : public std::exception {
 public:
  Error(fairlead_status status, std::string what, int os_errno = 0)
      : status_(status), os_errno_(os_errno), what_(std::move(what)) {}
  /// "doing: Connection refused", with the status of the current errno.
  static Error from_errno(std::string doing) {
    const int os_errno = errno;
    return {status_of(os_errno), std::move(doing) + ": " + std::generic_category().message(os_errno),
            os_errno};
  }
  fairlead_status status() const noexcept { return status_; }
  int os_errno() const noexcept { return os_errno_; }
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  fairlead_status status_;
  int os_errno_;
  std::string what_;
};

}  // namespace fairlead::transport
