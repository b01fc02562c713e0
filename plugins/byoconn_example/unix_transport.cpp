// A complete third-party transport: unix://HOST:PORT is the Unix-domain socket DIRECTORY/PORT.sock, in clear.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <fairlead/transport.hpp>

namespace {

using namespace fairlead::transport;

/// A socket that is bound or connected to `path`; none, and errno, when that did not work.
Fd socket_at(const std::string& path, int (&with)(int, const sockaddr*, socklen_t)) {
  sockaddr_un place{.sun_family = AF_UNIX, .sun_path = {}};
  if (path.size() >= sizeof place.sun_path) throw Error(FAIRLEAD_E_CONFIG, path + " has more than 107 bytes");
  path.copy(&place.sun_path[0], path.size());
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const auto* address = static_cast<const sockaddr*>(static_cast<const void*>(&place));
  return fd.get() >= 0 && with(fd.get(), address, sizeof place) == 0 ? std::move(fd) : Fd();
}

Fd listen_at(const std::string& directory, const std::string& path) {
  const Fd alone(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));  // one process at a time
  if (alone.get() < 0 || ::flock(alone.get(), LOCK_EX) != 0)
    throw Error(FAIRLEAD_E_CONFIG, Error::from_errno("option directory: " + directory).what());
  if (socket_at(path, ::connect).get() < 0 && errno == ECONNREFUSED)
    ::unlink(path.c_str());  // nobody listens: left by a process that was killed
  Fd fd = socket_at(path, ::bind);
  if (fd.get() < 0 || ::listen(fd.get(), SOMAXCONN) != 0) throw Error::from_errno("listen at " + path);
  return fd;
}

class UnixTransport final : public Transport {
 public:
  static constexpr const char* schemes[] = {"unix", nullptr};
  static constexpr fairlead_option options[] = {
      {"directory", nullptr, "Folder of the sockets.", FAIRLEAD_PATH, FAIRLEAD_OPT_REQUIRED, 0, 0}, {}};
  static constexpr About about = {
      FAIRLEAD_CAP_STREAM | FAIRLEAD_CAP_LISTEN | FAIRLEAD_CAP_CONNECT | FAIRLEAD_CAP_REPORTS_LOSS,
      "org.example.unix",
      "1.0.0",
      "Example",
      "Apache-2.0",
      "Unix-domain sockets, in clear",
      schemes,
      options};

  UnixTransport(const fairlead_host& host, const fairlead_config& config)
      : Transport(host), directory_(Config(host, config).text("directory")) {
    if (!directory_.starts_with('/'))
      throw Error(FAIRLEAD_E_CONFIG, "option directory: expected an absolute path, found " + directory_);
  }
  std::unique_ptr<Listener> listen(fairlead_loop* loop, std::string_view address,
                                   fairlead_listener* kernel) override {
    if (!address.ends_with(":0")) return listen_on(loop, std::string(address), kernel);
    for (int port = 1;; ++port) try {  // port 0: the first one that is free
        return listen_on(loop, "localhost:" + std::to_string(port), kernel);
      } catch (const Error& error) {
        if (error.status() != FAIRLEAD_E_ADDRESS_IN_USE || port == 65535) throw;
      }
  }
  std::unique_ptr<Connection> connect(fairlead_loop* loop, std::string_view address,
                                      fairlead_conn*) override {
    const std::string path = path_of(address);
    Fd fd = socket_at(path, ::connect);
    if (fd.get() < 0) throw Error::from_errno("connect to " + path);
    return std::make_unique<FdConnection>(host(), loop, std::move(fd));
  }

 private:
  std::unique_ptr<Listener> listen_on(fairlead_loop* loop, std::string address, fairlead_listener* kernel) {
    const std::string path = path_of(address);
    return std::make_unique<FdListener>(host(), loop, listen_at(directory_, path), std::move(address), kernel,
                                        [path] { ::unlink(path.c_str()); });
  }
  std::string path_of(std::string_view address) const {
    return directory_ + "/" + std::string(address.substr(address.rfind(':') + 1)) + ".sock";
  }

  std::string directory_;
};

}  // namespace

FAIRLEAD_EXPORT_TRANSPORT(UnixTransport);
