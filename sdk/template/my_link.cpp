// The transport "my-link": a clear stream over TCP. Replace what makes descriptors by what you have.
#include <netdb.h>
#include <sys/socket.h>

#include <fairlead/transport.hpp>

namespace {

using namespace fairlead::transport;

/// Listens on "host:port" or "[v6]:port"; the host is a number, as the kernel gives it.
Fd listen_on(const std::string& where) {
  const size_t colon = where.rfind(':');
  if (colon == std::string::npos) throw Error(FAIRLEAD_E_CONFIG, "not host:port: " + where);
  std::string host = where.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
  if (::getaddrinfo(host.c_str(), where.c_str() + colon + 1, &hints, &found) != 0)
    throw Error(FAIRLEAD_E_CONFIG, "not host:port with a numeric host: " + where);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  Fd fd(::socket(list->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (fd.get() < 0 || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(fd.get(), list->ai_addr, list->ai_addrlen) != 0 || ::listen(fd.get(), SOMAXCONN) != 0)
    throw Error::from_errno("cannot listen on " + where);
  return fd;
}

/// "host:port" of the socket's own end.
std::string own_address(int fd) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  auto* const address = static_cast<sockaddr*>(static_cast<void*>(&name));
  char host[NI_MAXHOST], port[NI_MAXSERV];
  constexpr int kNumbers = NI_NUMERICHOST | NI_NUMERICSERV;
  if (::getsockname(fd, address, &size) != 0 ||
      ::getnameinfo(address, size, host, sizeof host, port, sizeof port, kNumbers) != 0)
    throw Error::from_errno("cannot tell the bound address");
  const std::string text = host;
  return (text.find(':') == std::string::npos ? text : "[" + text + "]") + ":" + port;
}

class MyTransport final : public Transport {
 public:
  static constexpr const char* schemes[] = {"my-link", nullptr};
  static constexpr fairlead_option options[] = {{}};
  static constexpr About about = {
      .caps = FAIRLEAD_CAP_STREAM | FAIRLEAD_CAP_LISTEN | FAIRLEAD_CAP_CONNECT | FAIRLEAD_CAP_REPORTS_LOSS,
      .id = "org.example.my-link",
      .version = "0.1.0",
      .vendor = "Example",
      .license = "Apache-2.0",
      .summary = "Clear byte stream over TCP",
      .schemes = schemes,
      .options = options};

  MyTransport(const fairlead_host& host, const fairlead_config&) : Transport(host) {}
  std::unique_ptr<Listener> listen(fairlead_loop* loop, std::string_view address,
                                   fairlead_listener* kernel) override {
    Fd listening = listen_on(std::string(address));
    std::string bound = own_address(listening.get());
    return std::make_unique<FdListener>(host(), loop, std::move(listening), std::move(bound), kernel);
  }
  std::unique_ptr<Connection> connect(fairlead_loop* loop, std::string_view address,
                                      fairlead_conn*) override {
    return std::make_unique<FdConnection>(host(), loop, address);  // dials without blocking, proxies included
  }
};

}  // namespace

FAIRLEAD_EXPORT_TRANSPORT(MyTransport);
