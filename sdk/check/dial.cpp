#include "dial.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "world.hpp"

namespace fairlead::check {
namespace {

using Done = void (*)(void*, fairlead_status, int, fairlead_text);

struct Dialing final : fairlead_dialing {
  World* world = nullptr;
  Done done = nullptr;
  void* argument = nullptr;
  int fd = -1;
  fairlead_status status = FAIRLEAD_OK;  // what a timer reports
  std::string detail;
  Watch* watch = nullptr;
  Timer* timer = nullptr;

  void stop() noexcept {
    if (watch != nullptr) world->loop().unwatch(*watch);
    if (timer != nullptr) world->loop().cancel(*timer);
    watch = nullptr;
    timer = nullptr;
  }
};

fairlead_status status_of(int os_errno) noexcept {
  switch (os_errno) {
    case ECONNREFUSED:
      return FAIRLEAD_E_REFUSED;
    case ETIMEDOUT:
      return FAIRLEAD_E_TIMEOUT;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EADDRNOTAVAIL:
      return FAIRLEAD_E_NO_RESOURCE;
    case EACCES:
    case EPERM:
      return FAIRLEAD_E_DENIED;
    default:
      return FAIRLEAD_E_UNREACHABLE;
  }
}

struct HostPort {
  std::string host, port;
};

std::optional<HostPort> parse(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  if (std::stoul(std::string(port)) > 65'535) return std::nullopt;
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  return HostPort{std::string(host), std::string(port)};
}

void finish(Dialing* dialing, fairlead_status status, int fd) {
  const std::unique_ptr<Dialing> last(dialing);
  dialing->stop();
  dialing->done(dialing->argument, status, fd, text(dialing->detail));
}

void connected(void* self, uint32_t) {
  auto* dialing = static_cast<Dialing*>(self);
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(dialing->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error == 0) return finish(dialing, FAIRLEAD_OK, dialing->fd);
  dialing->detail += std::generic_category().message(error);
  dialing->stop();
  ::close(dialing->fd);
  finish(dialing, status_of(error), -1);
}

void report(void* self) {
  auto* dialing = static_cast<Dialing*>(self);
  dialing->timer = nullptr;
  finish(dialing, dialing->status, -1);
}

void fail_later(Dialing& dialing, fairlead_status status, std::string_view why) {
  dialing.status = status;
  dialing.detail += why;
  dialing.timer = dialing.world->loop().timer(0, &report, &dialing);
}

void begin(Dialing& dialing, const HostPort& where) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(where.host.c_str(), where.port.c_str(), &hints, &found) != 0)
    return fail_later(dialing, FAIRLEAD_E_UNREACHABLE,
                      "the kit resolves literal addresses and localhost only");
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, &::freeaddrinfo);
  dialing.fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (dialing.fd < 0) return fail_later(dialing, status_of(errno), std::generic_category().message(errno));
  if (::connect(dialing.fd, found->ai_addr, found->ai_addrlen) != 0 && errno != EINPROGRESS) {
    const int os_errno = errno;
    ::close(dialing.fd);
    return fail_later(dialing, status_of(os_errno), std::generic_category().message(os_errno));
  }
  dialing.watch = dialing.world->loop().watch(dialing.fd, FAIRLEAD_WRITABLE, &connected, &dialing);
}

fairlead_status start(void*, fairlead_loop* loop, fairlead_text host_port, Done done, void* argument,
                      fairlead_dialing** out) {
  auto& world = *static_cast<World*>(loop);
  if (!world.at_home("dial.start") || world.faults().strike("dial.start")) return FAIRLEAD_E_NO_RESOURCE;
  const auto where = parse(view(host_port));
  if (!where) return FAIRLEAD_E_CONFIG;
  auto made = std::make_unique<Dialing>();
  made->world = &world;
  made->done = done;
  made->argument = argument;
  made->detail = std::string(view(host_port)) + ": ";
  begin(*made, *where);
  *out = made.release();
  return FAIRLEAD_OK;
}

void cancel(fairlead_dialing* handle) {
  const std::unique_ptr<Dialing> last(static_cast<Dialing*>(handle));
  last->stop();
  if (last->fd >= 0) ::close(last->fd);
}

constexpr fairlead_dial kTable = {sizeof(fairlead_dial), 0, &start, &cancel};

}  // namespace

const fairlead_dial& dial_table() noexcept { return kTable; }

}  // namespace fairlead::check
