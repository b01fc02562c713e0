#include "stranger.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "verdict.hpp"

namespace fairlead::check {
namespace {

/// An address of either kind, as the socket calls want it.
struct RawAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* generic() noexcept { return static_cast<sockaddr*>(static_cast<void*>(&storage)); }
};

RawAddress unix_address(const std::string& path) {
  RawAddress made;
  auto& address = *static_cast<sockaddr_un*>(static_cast<void*>(&made.storage));
  demand(path.size() < sizeof address.sun_path, "the path " + path + " is too long for a socket");
  address.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), &address.sun_path[0]);
  made.size = sizeof address;
  return made;
}

RawAddress loopback(unsigned long port) {
  RawAddress made;
  auto& address = *static_cast<sockaddr_in*>(static_cast<void*>(&made.storage));
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  made.size = sizeof address;
  return made;
}

RawAddress raw_address(Wire wire, const std::string& address) {
  if (wire == Wire::unix_socket) return unix_address(address);
  const size_t colon = address.rfind(':');
  const std::string port = colon == std::string::npos ? "" : address.substr(colon + 1);
  demand(!port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos,
         "the setup says wire tcp, but the listener's address \"" + printable(address) + "\" has no port");
  return loopback(std::stoul(port));
}

Socket new_socket(Wire wire) {
  const int family = wire == Wire::unix_socket ? AF_UNIX : AF_INET;
  Socket made(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  demand(made.fd() >= 0, "the kit has no descriptors left");
  return made;
}

void never_block(const Socket& socket) { ::fcntl(socket.fd(), F_SETFL, O_NONBLOCK); }

}  // namespace

Socket::~Socket() {
  if (fd_ >= 0) ::close(fd_);
}

Socket connect_raw(Wire wire, const std::string& address) {
  RawAddress where = raw_address(wire, address);
  Socket made = new_socket(wire);
  demand(::connect(made.fd(), where.generic(), where.size) == 0, "the kit cannot connect to " + address);
  never_block(made);
  return made;
}

void send_and_end(const Socket& socket, View bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;
    bytes = bytes.subspan(static_cast<size_t>(sent));
  }
  ::shutdown(socket.fd(), SHUT_WR);
}

void discard_input(const Socket& socket) {
  std::array<uint8_t, 4'096> nowhere{};
  while (::recv(socket.fd(), nowhere.data(), nowhere.size(), 0) > 0) {
  }
}

Relay::Relay(World& world, Wire wire, const std::string& behind, const std::string& dir)
    : world_(world), wire_(wire), behind_(behind), listening_(new_socket(wire)) {
  RawAddress where = wire == Wire::unix_socket ? unix_address(dir + "/relay") : loopback(0);
  demand(::bind(listening_.fd(), where.generic(), where.size) == 0 && ::listen(listening_.fd(), 1) == 0,
         "the kit cannot listen for its relay");
  if (wire == Wire::unix_socket) {
    address_ = dir + "/relay";
  } else {
    ::getsockname(listening_.fd(), where.generic(), &where.size);
    const auto& bound = *static_cast<sockaddr_in*>(static_cast<void*>(&where.storage));
    address_ = "127.0.0.1:" + std::to_string(ntohs(bound.sin_port));
  }
  watches_.push_back(world.loop().watch(listening_.fd(), FAIRLEAD_READABLE, &Relay::ready, this));
}

Relay::~Relay() {
  for (Watch* watch : watches_) world_.loop().unwatch(*watch);
}

void Relay::ready(void* self, uint32_t) { static_cast<Relay*>(self)->step(); }

void Relay::begin() {
  front_ = Socket(::accept4(listening_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  back_ = connect_raw(wire_, behind_);
  world_.loop().rewatch(*watches_.front(), 0);
  for (const Socket* socket : {&front_, &back_})
    watches_.push_back(world_.loop().watch(socket->fd(), FAIRLEAD_READABLE, &Relay::ready, this));
}

bool Relay::forward(const Socket& from, const Socket& to, Bytes* record) {
  std::array<uint8_t, 16'384> some{};
  const ssize_t got = ::recv(from.fd(), some.data(), some.size(), 0);
  if (got < 0) return true;
  if (got == 0) return false;
  const View bytes(some.data(), static_cast<size_t>(got));
  if (record != nullptr) record->insert(record->end(), bytes.begin(), bytes.end());
  return ::send(to.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == got;
}

void Relay::step() {
  if (front_.fd() < 0) return begin();
  if (forward(front_, back_, &recorded_) && forward(back_, front_, nullptr)) return;
  for (const Socket* socket : {&front_, &back_}) ::shutdown(socket->fd(), SHUT_RDWR);
  for (size_t i = 1; i < watches_.size(); ++i) world_.loop().rewatch(*watches_[i], 0);
}

}  // namespace fairlead::check
