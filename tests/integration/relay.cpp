#include "integration/relay.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace fairlead::integration {
namespace {

using kit::Descriptor;

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::abort();
}

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

sockaddr* general(sockaddr_in& address) { return static_cast<sockaddr*>(static_cast<void*>(&address)); }

Descriptor stream_socket() { return Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

void send_all(const Descriptor& to, std::string_view bytes) {
  while (to && !bytes.empty()) {
    const ssize_t sent = ::send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

}  // namespace

Descriptor connect_to(const std::string& port) {
  Descriptor fd = stream_socket();
  sockaddr_in address = loopback(static_cast<uint16_t>(std::stoi(port)));
  if (::connect(fd.get(), general(address), sizeof address) != 0) return {};
  return fd;
}

ListeningPort open_port() {
  Descriptor fd = stream_socket();
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(fd.get(), general(address), size) != 0 || ::listen(fd.get(), SOMAXCONN) != 0 ||
      ::getsockname(fd.get(), general(address), &size) != 0)
    give_up("open a port");
  return {std::move(fd), std::to_string(ntohs(address.sin_port))};
}

void send_and_read_to_end(const std::string& port, std::string_view bytes) {
  const Descriptor fd = connect_to(port);
  send_all(fd, bytes);
  std::array<char, 65536> room;
  while (fd && ::read(fd.get(), room.data(), room.size()) > 0) {
  }
}

ReservedPort::ReservedPort() : socket(stream_socket()) {
  const int on = 1;
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), general(address), size) != 0 ||
      ::getsockname(socket.get(), general(address), &size) != 0)
    give_up("reserve a port");
  number = std::to_string(ntohs(address.sin_port));
}

Relay::Relay(Plan plan)
    : plan_(std::move(plan)), stop_(::eventfd(0, EFD_CLOEXEC)), cut_(::eventfd(0, EFD_CLOEXEC)) {
  thread_ = std::thread([this] { run(); });
}

Relay::~Relay() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void Relay::cut() { ::eventfd_write(cut_.get(), 1); }

std::string Relay::from_clients() const {
  const std::lock_guard lock(mutex_);
  return from_clients_;
}

std::string Relay::from_server() const {
  const std::lock_guard lock(mutex_);
  return from_server_;
}

void Relay::run() {
  for (;;) {
    std::vector<pollfd> watched{
        {stop_.get(), POLLIN, 0}, {cut_.get(), POLLIN, 0}, {port_.socket.get(), POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      watched.push_back({pair.client.get(), POLLIN, 0});
      watched.push_back({pair.server.get(), POLLIN, 0});
    }
    if (::poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[0].revents != 0) return;
    if (watched[1].revents != 0) {
      eventfd_t count = 0;
      ::eventfd_read(cut_.get(), &count);
      pairs_.clear();
      continue;
    }
    for (size_t i = 0; 2 * i + 4 < watched.size(); ++i) {
      Pair& pair = pairs_[i];
      if (watched[2 * i + 3].revents != 0) pass(pair, pair.client, pair.server, from_clients_);
      if (watched[2 * i + 4].revents != 0 && pair.server) pass(pair, pair.server, pair.client, from_server_);
    }
    std::erase_if(pairs_, [](const Pair& pair) { return !pair.client; });
    if (watched[2].revents != 0) accept_one();
  }
}

void Relay::accept_one() {
  Pair pair{Descriptor(::accept4(port_.socket.get(), nullptr, nullptr, SOCK_CLOEXEC)), {}};
  if (!plan_.target.empty()) pair.server = connect_to(plan_.target);
  send_all(pair.client, plan_.answer);
  pairs_.push_back(std::move(pair));
}

void Relay::pass(Pair& pair, Descriptor& from, const Descriptor& to, std::string& record) {
  std::array<char, 65536> room;
  const ssize_t got = ::read(from.get(), room.data(), room.size());
  if (got <= 0) {
    pair.client = Descriptor();
    pair.server = Descriptor();
    return;
  }
  const std::string_view bytes(room.data(), static_cast<size_t>(got));
  {
    const std::lock_guard lock(mutex_);
    record.append(bytes);
  }
  send_all(to, bytes);
}

}  // namespace fairlead::integration
