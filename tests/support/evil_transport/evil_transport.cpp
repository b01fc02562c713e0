// The plugin "evil": clear TCP that says whatever it is told to about itself and meddles with what it
// receives. For tests only, never installed. What it does is one of its options, so that each side can be
// evil on its own.
#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <fairlead/transport.hpp>
#include <fstream>
#include <iterator>

namespace {

using fairlead::transport::Acceptor;
using fairlead::transport::Config;
using fairlead::transport::Connection;
using fairlead::transport::Error;
using fairlead::transport::Fd;
using fairlead::transport::FdConnection;
using fairlead::transport::Listener;
using fairlead::transport::Transport;

/// What is done to one received frame; none to all others.
enum class Meddling { none, mutate, duplicate, drop, swap, split };

struct Mischief {
  Meddling meddling = Meddling::none;
  int64_t frame = 0;  ///< which frame of type DATA, from 1
  bool lies = false;  ///< claims all three security bits, a certificate and a binding
  std::string certificate, binding;
};

constexpr size_t kHeaderSize = 40, kTagSize = 16;
constexpr uint8_t kData = 6;

size_t number_at(const std::string& bytes, size_t at, size_t size) {
  size_t number = 0;
  for (size_t i = 0; i < size; ++i) number = number << 8 | static_cast<uint8_t>(bytes[at + i]);
  return number;
}

/// Size of the frame at the front, 0 while its header is not complete.
size_t frame_at(const std::string& bytes) {
  if (bytes.size() < kHeaderSize) return 0;
  const bool tagged = number_at(bytes, 12, 4) != 0;
  return kHeaderSize + number_at(bytes, 6, 2) + number_at(bytes, 8, 4) + (tagged ? kTagSize : 0);
}

/// Takes received bytes, gives back what the kernel shall see of them.
class Meddler {
 public:
  explicit Meddler(const Mischief& mischief) : mischief_(mischief) {}

  void take(std::string_view received) {
    if (mischief_.meddling == Meddling::none) {
      ready_ += received;
      return;
    }
    partial_ += received;
    for (size_t size = frame_at(partial_); size != 0 && partial_.size() >= size; size = frame_at(partial_)) {
      meddle(partial_.substr(0, size));
      partial_.erase(0, size);
    }
  }
  std::string& ready() noexcept { return ready_; }
  const std::string& ready() const noexcept { return ready_; }
  bool gives_single_bytes() const noexcept { return mischief_.meddling == Meddling::split; }

 private:
  void meddle(std::string frame) {
    if (static_cast<uint8_t>(frame[4]) != kData || ++seen_ != mischief_.frame) {
      ready_ += frame + std::exchange(held_, {});
      return;
    }
    switch (mischief_.meddling) {
      case Meddling::mutate:
        frame[frame.size() - kTagSize - 1] = static_cast<char>(frame[frame.size() - kTagSize - 1] ^ 1);
        ready_ += frame;
        break;
      case Meddling::duplicate:
        ready_ += frame + frame;
        break;
      case Meddling::drop:
        break;
      case Meddling::swap:
        held_ = frame;
        break;
      default:
        ready_ += frame;
    }
  }

  const Mischief& mischief_;
  std::string partial_, held_, ready_;
  int64_t seen_ = 0;
};

std::string name_of(int fd, int (*ask)(int, sockaddr*, socklen_t*)) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (ask(fd, static_cast<sockaddr*>(static_cast<void*>(&address)), &size) != 0) return {};
  return "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

class EvilConnection final : public FdConnection {
 public:
  EvilConnection(const fairlead_host& host, fairlead_loop* loop, Fd accepted, const Mischief& mischief)
      : FdConnection(host, loop, std::move(accepted)), mischief_(mischief), meddler_(mischief) {}
  EvilConnection(const fairlead_host& host, fairlead_loop* loop, std::string_view address,
                 const Mischief& mischief)
      : FdConnection(host, loop, address), mischief_(mischief), meddler_(mischief) {}

  fairlead_status describe(fairlead_peer& out) const override {
    if (remote_.empty()) return FAIRLEAD_E_CLOSED;
    out.remote_address = fairlead::transport::text(remote_);
    if (!mischief_.lies) return FAIRLEAD_OK;
    out.security = FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_PEER_VERIFIED | FAIRLEAD_SEC_SELF_PROVEN;
    out.protocol = fairlead::transport::text("TLSv1.3");
    out.certificate_der = bytes(mischief_.certificate);
    out.channel_binding = bytes(mischief_.binding);
    return FAIRLEAD_OK;
  }

 private:
  static fairlead_bytes bytes(const std::string& text) {
    return {static_cast<const uint8_t*>(static_cast<const void*>(text.data())), text.size()};
  }
  void connected() override {
    remote_ = name_of(fd(), ::getpeername);
    established();
  }
  void receive() override {
    std::string room(65536, '\0');
    const ssize_t got = ::recv(fd(), room.data(), room.size(), 0);
    if (got == 0) return end(FAIRLEAD_E_CLOSED, "closed by the peer");
    if (got > 0) meddler_.take(std::string_view(room).substr(0, static_cast<size_t>(got)));
    deliver();
  }
  bool holds_input() const noexcept override { return !meddler_.ready().empty(); }

  void deliver() {
    std::string& ready = meddler_.ready();
    while (!ready.empty() && reading() && !ended()) {
      uint8_t* space = nullptr;
      size_t size = 0;
      if (host().rx_reserve(kernel(), ready.size(), &space, &size) != FAIRLEAD_OK) return stop_reading();
      size = meddler_.gives_single_bytes() ? 1 : std::min(size, ready.size());
      std::copy_n(ready.begin(), size, space);
      ready.erase(0, size);
      if (host().rx_commit(kernel(), size) != FAIRLEAD_OK) return stop_reading();
    }
  }

  const Mischief& mischief_;
  Meddler meddler_;
  std::string remote_;
};

Fd listening_socket() {
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd.get(), static_cast<sockaddr*>(static_cast<void*>(&address)), sizeof address) != 0 ||
      ::listen(fd.get(), SOMAXCONN) != 0)
    throw Error::from_errno("cannot listen");
  return fd;
}

class EvilListener final : public Listener {
 public:
  EvilListener(const fairlead_host& host, fairlead_loop* loop, fairlead_listener* kernel,
               const Mischief& mischief)
      : Listener(host, kernel),
        acceptor_(host, loop, listening_socket(), [this, loop, &mischief](Fd accepted) {
          hand_over(std::make_unique<EvilConnection>(this->host(), loop, std::move(accepted), mischief));
        }) {
    address_ = name_of(acceptor_.fd(), ::getsockname);
  }
  std::string_view address() const override { return address_; }

 private:
  std::string address_;
  Acceptor acceptor_;
};

/// Always listens on a free port of 127.0.0.1, whatever the address says.
class EvilTransport final : public Transport {
 public:
  static constexpr const char* schemes[] = {"evil", nullptr};
  static constexpr fairlead_option options[] = {
      {"meddling", "none", "none, mutate, duplicate, drop, swap or split", FAIRLEAD_TEXT, 0, 0, 0},
      {"frame", "1", "which DATA frame to meddle with", FAIRLEAD_INT, 0, 1, 1'000'000},
      {"lies", "no", "claim what was not proved", FAIRLEAD_BOOL, 0, 0, 1},
      {"certificate", "", "file with the DER certificate to claim", FAIRLEAD_TEXT, 0, 0, 0},
      {"binding", "", "channel binding to claim", FAIRLEAD_TEXT, 0, 0, 0},
      {"security", "", "reserved", FAIRLEAD_TEXT, 0, 0, 0},
      {"stuck", "no", "connect() never returns", FAIRLEAD_BOOL, 0, 0, 1},
      {}};
  static constexpr fairlead::transport::About about = {
      .caps = FAIRLEAD_CAP_STREAM | FAIRLEAD_CAP_LISTEN | FAIRLEAD_CAP_CONNECT | FAIRLEAD_CAP_SECURE |
              FAIRLEAD_CAP_MUTUAL | FAIRLEAD_CAP_CHANNEL_BINDING | FAIRLEAD_CAP_REPORTS_LOSS,
      .id = "org.example.evil",
      .version = "6.6.6",
      .vendor = "nobody",
      .license = "Apache-2.0",
      .summary = "clear TCP that lies and meddles",
      .schemes = schemes,
      .options = options};

  EvilTransport(const fairlead_host& host, const fairlead_config& given) : Transport(host) {
    const Config config(host, given);
    mischief_.meddling = meddling(config.text("meddling"));
    mischief_.frame = config.number("frame", 1);
    mischief_.lies = config.flag("lies");
    is_stuck_ = config.flag("stuck");
    mischief_.binding = config.text("binding");
    std::ifstream file(std::string(config.text("certificate")), std::ios::binary);
    mischief_.certificate = std::string(std::istreambuf_iterator<char>(file), {});
  }

  std::unique_ptr<Listener> listen(fairlead_loop* loop, std::string_view,
                                   fairlead_listener* kernel) override {
    return std::make_unique<EvilListener>(host(), loop, kernel, mischief_);
  }
  std::unique_ptr<Connection> connect(fairlead_loop* loop, std::string_view address,
                                      fairlead_conn*) override {
    while (is_stuck_) ::pause();
    return std::make_unique<EvilConnection>(host(), loop, address, mischief_);
  }

 private:
  static Meddling meddling(std::string_view name) {
    constexpr std::string_view kNames[] = {"none", "mutate", "duplicate", "drop", "swap", "split"};
    const auto* const at = std::find(std::begin(kNames), std::end(kNames), name);
    if (at == std::end(kNames)) throw Error(FAIRLEAD_E_CONFIG, "option meddling: no such mischief");
    return static_cast<Meddling>(at - std::begin(kNames));
  }

  Mischief mischief_;
  bool is_stuck_ = false;
};

}  // namespace

FAIRLEAD_EXPORT_TRANSPORT(EvilTransport);
