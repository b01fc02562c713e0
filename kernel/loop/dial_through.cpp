// The way through a proxy: dial() reaches it, libcurl speaks its protocol over that socket, and what comes
// out is the socket with a tunnel behind it.
#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <map>
#include <system_error>

#include "loop/curl.hpp"
#include "loop/proxy.hpp"
#include "loop/proxy_errors.hpp"

namespace fairlead::loop {
namespace {

constexpr long kNoLimit = 24L * 3600 * 1000;  ///< milliseconds; who dials sets the real one

/// Nothing else goes into a request line or a SOCKS request. DNS names and addresses need no more.
bool is_plain_host(std::string_view host) noexcept {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':';
  });
}

/// The other end's address in digits; empty when the system does not say.
std::string peer_address(int fd) {
  sockaddr_storage address{};
  void* const raw = &address;
  socklen_t size = sizeof address;
  std::array<char, NI_MAXHOST> text{};
  if (::getpeername(fd, static_cast<sockaddr*>(raw), &size) != 0) return {};
  const int failure = ::getnameinfo(static_cast<sockaddr*>(raw), size, text.data(),
                                    static_cast<socklen_t>(text.size()), nullptr, 0, NI_NUMERICHOST);
  return failure == 0 ? std::string(text.data()) : std::string();
}

/// "user:password" as libcurl wants it: each part as in a URL, with a zero behind.
base::Secret url_encoded(base::ByteView credentials) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  base::Secret encoded(3 * credentials.size() + 1);
  size_t end = 0;
  bool is_user = true;
  const auto put = [&](char c) { encoded.expose_mutable()[end++] = static_cast<uint8_t>(c); };
  for (const uint8_t byte : credentials) {
    const bool is_divider = byte == ':' && is_user;
    if (is_divider || std::isalnum(byte) != 0) {
      put(static_cast<char>(byte));
    } else {
      put('%');
      put(kDigits[byte >> 4]);
      put(kDigits[byte & 15]);
    }
    is_user = is_user && !is_divider;
  }
  put('\0');
  return encoded;
}

/// One attempt. libcurl has at most one transfer here, which ends as soon as the tunnel stands.
class Tunnel final : public Dialing {
 public:
  Tunnel(Loop& loop, std::shared_ptr<const Proxy> proxy, std::string_view host_port, DialDone done)
      : loop_(loop), proxy_(std::move(proxy)), target_(host_port), done_(std::move(done)) {
    const auto target = HostPort::parse(target_);
    if (target && is_plain_host(target->host))
      dialing_ = dial(loop_, text(proxy_->at), [this](base::Result<int> fd) { reached(std::move(fd)); });
    else
      timer_ = loop_.after(std::chrono::nanoseconds(0), [this] {
        finish(tl::unexpected(cannot_start(shown(target_), "this is no host and port")));
      });
  }
  ~Tunnel() override { close(); }
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

 private:
  struct Socket {
    Tunnel* tunnel;
    curl_socket_t number;
    std::unique_ptr<Watch> watch;
  };

  void reached(base::Result<int> fd);
  bool prepare();
  bool set_proxy();
  bool set_credentials();
  bool set_callbacks();
  bool pin_address();
  void act(curl_socket_t socket, int events);
  void judge(CURLcode code);
  base::Error failure(CURLcode code);
  base::Result<int> take_socket();
  void finish(base::Result<int> result);
  void close() noexcept;

  template <class... Values>
  bool set(CURLoption option, Values... values) noexcept {
    return ::curl_easy_setopt(easy_.get(), option, values...) == CURLE_OK;
  }

  // What libcurl calls.
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* where);
  static int prepare_socket(void* self, curl_socket_t, curlsocktype);
  static size_t take_header(char* data, size_t size, size_t count, void* self);
  static int watch_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int set_timer(CURLM*, long milliseconds, void* self);

  Loop& loop_;
  std::shared_ptr<const Proxy> proxy_;  ///< owners: whoever dials, and its attempts
  std::string target_;
  DialDone done_;
  std::unique_ptr<Dialing> dialing_;
  int reached_fd_ = -1;        ///< connected to the proxy, until libcurl takes it
  bool is_connected_ = false;  ///< the socket that libcurl asked for last
  std::string pin_;
  ProxyAnswer answer_;
  std::array<char, CURL_ERROR_SIZE> words_{};
  MultiHandle multi_;
  EasyHandle easy_;
  curl_slist* addresses_ = nullptr;
  std::map<curl_socket_t, Socket> sockets_;
  std::unique_ptr<Timer> timer_;
};

void Tunnel::reached(base::Result<int> fd) {
  if (!fd) return finish(tl::unexpected(cannot_reach_proxy(*proxy_, target_, fd.error())));
  reached_fd_ = *fd;
  if (!prepare()) finish(tl::unexpected(cannot_start(target_, "libcurl cannot be used")));
}

bool Tunnel::prepare() {
  if (!start_curl()) return false;
  multi_.reset(::curl_multi_init());
  easy_.reset(::curl_easy_init());
  return multi_ && easy_ && pin_address() && set_proxy() && set_credentials() && set_callbacks() &&
         ::curl_multi_add_handle(multi_.get(), easy_.get()) == CURLM_OK;
}

/// libcurl may need a second connection to the proxy: it goes where the first one went.
bool Tunnel::pin_address() {
  pin_ = proxy_->at.host + ":" + std::to_string(proxy_->at.port) + ":" + peer_address(reached_fd_);
  if (proxy_->at.host.find(':') != std::string::npos) return true;  // an address needs no resolution
  addresses_ = ::curl_slist_append(nullptr, pin_.c_str());
  return addresses_ != nullptr && set(CURLOPT_RESOLVE, addresses_);
}

bool Tunnel::set_proxy() {
  const bool is_http = proxy_->kind == ProxyKind::http_connect;
  const std::string proxy = (is_http ? "http://" : "socks5h://") + text(proxy_->at);
  const std::string url = "http://" + target_ + "/";
  return set(CURLOPT_URL, url.c_str()) && set(CURLOPT_PROTOCOLS_STR, "http") &&
         set(CURLOPT_CONNECT_ONLY, 1L) && set(CURLOPT_PROXY, proxy.c_str()) && set(CURLOPT_NOPROXY, "") &&
         set(CURLOPT_HTTPPROXYTUNNEL, is_http ? 1L : 0L) && set(CURLOPT_FOLLOWLOCATION, 0L) &&
         set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED)) && set(CURLOPT_NOSIGNAL, 1L) &&
         set(CURLOPT_TCP_NODELAY, 0L) && set(CURLOPT_CONNECTTIMEOUT_MS, kNoLimit);
}

/// With a password Negotiate stays out: libcurl would choose it first and then not use the password.
bool Tunnel::set_credentials() {
  const base::ByteView given = proxy_->credentials.expose();
  if (given.empty()) return set(CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_NONE));
  const base::Secret encoded = url_encoded(given);
  const bool is_ticket = given.size() == 1;
  const auto schemes = static_cast<long>(is_ticket ? CURLAUTH_NEGOTIATE : CURLAUTH_ANY & ~CURLAUTH_NEGOTIATE);
  return set(CURLOPT_PROXYUSERPWD, base::as_text(encoded.expose()).data()) &&
         set(CURLOPT_PROXYAUTH, schemes) &&
         set(CURLOPT_SOCKS5_AUTH, static_cast<unsigned long>(CURLAUTH_BASIC));
}

bool Tunnel::set_callbacks() {
  return set(CURLOPT_OPENSOCKETFUNCTION, &Tunnel::open_socket) && set(CURLOPT_OPENSOCKETDATA, this) &&
         set(CURLOPT_SOCKOPTFUNCTION, &Tunnel::prepare_socket) && set(CURLOPT_SOCKOPTDATA, this) &&
         set(CURLOPT_HEADERFUNCTION, &Tunnel::take_header) && set(CURLOPT_HEADERDATA, this) &&
         set(CURLOPT_ERRORBUFFER, words_.data()) &&
         ::curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &Tunnel::watch_socket) == CURLM_OK &&
         ::curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this) == CURLM_OK &&
         ::curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &Tunnel::set_timer) == CURLM_OK &&
         ::curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this) == CURLM_OK;
}

curl_socket_t Tunnel::open_socket(void* self, curlsocktype, curl_sockaddr* where) {
  auto& tunnel = *static_cast<Tunnel*>(self);
  tunnel.is_connected_ = tunnel.reached_fd_ >= 0;
  if (tunnel.is_connected_) return std::exchange(tunnel.reached_fd_, -1);
  return ::socket(where->family, where->socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, where->protocol);
}

int Tunnel::prepare_socket(void* self, curl_socket_t, curlsocktype) {
  return static_cast<Tunnel*>(self)->is_connected_ ? CURL_SOCKOPT_ALREADY_CONNECTED : CURL_SOCKOPT_OK;
}

size_t Tunnel::take_header(char* data, size_t size, size_t count, void* self) {
  const bool goes_on = static_cast<Tunnel*>(self)->answer_.take({data, size * count});
  return goes_on ? size * count : 0;
}

int Tunnel::watch_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  auto& tunnel = *static_cast<Tunnel*>(self);
  if (what == CURL_POLL_REMOVE) {
    tunnel.sockets_.erase(socket);
    return 0;
  }
  const uint32_t events =
      ((what & CURL_POLL_IN) != 0 ? kReadable : 0u) | ((what & CURL_POLL_OUT) != 0 ? kWritable : 0u);
  const auto [at, is_new] = tunnel.sockets_.try_emplace(socket, Socket{&tunnel, socket, nullptr});
  if (!is_new) {
    at->second.watch->want(events);
    return 0;
  }
  const auto body = [](void* one, uint32_t ready) {
    const auto& [owner, number, watch] = *static_cast<Socket*>(one);
    const int bits =
        ((ready & kReadable) != 0 ? CURL_CSELECT_IN : 0) | ((ready & kWritable) != 0 ? CURL_CSELECT_OUT : 0);
    owner->act(number, bits);
  };
  auto watch = tunnel.loop_.watch(socket, events, body, &at->second);
  if (watch)
    at->second.watch = std::move(*watch);
  else
    tunnel.sockets_.erase(at);
  return watch ? 0 : -1;
}

int Tunnel::set_timer(CURLM*, long milliseconds, void* self) {
  auto& tunnel = *static_cast<Tunnel*>(self);
  tunnel.timer_.reset();
  if (milliseconds >= 0)
    tunnel.timer_ = tunnel.loop_.after(std::chrono::milliseconds(milliseconds),
                                       [&tunnel] { tunnel.act(CURL_SOCKET_TIMEOUT, 0); });
  return 0;
}

/// Ends with this object destroyed when the attempt is over.
void Tunnel::act(curl_socket_t socket, int events) {
  int running = 0;
  if (::curl_multi_socket_action(multi_.get(), socket, events, &running) != CURLM_OK)
    return finish(tl::unexpected(cannot_start(target_, "the way to its proxy cannot be watched")));
  int waiting = 0;
  while (const CURLMsg* message = ::curl_multi_info_read(multi_.get(), &waiting))
    if (message->msg == CURLMSG_DONE) return judge(message->data.result);
}

/// A tunnel is there only when an HTTP proxy has said so, whatever libcurl makes of its answer.
void Tunnel::judge(CURLcode code) {
  long status = 0;
  ::curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &status);
  const bool is_agreed = proxy_->kind == ProxyKind::socks5 || (status >= 200 && status < 300);
  if (code == CURLE_OK && is_agreed) return finish(take_socket());
  finish(tl::unexpected(failure(code)));
}

base::Error Tunnel::failure(CURLcode code) {
  ProxyFailure failure{.code = code, .words = words_.data()};
  long schemes = 0, socks = CURLPX_OK;
  ::curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &failure.status);
  ::curl_easy_getinfo(easy_.get(), CURLINFO_PROXYAUTH_AVAIL, &schemes);
  ::curl_easy_getinfo(easy_.get(), CURLINFO_PROXY_ERROR, &socks);
  failure.schemes = static_cast<unsigned long>(schemes);
  failure.socks = static_cast<CURLproxycode>(socks);
  if (failure.words.empty()) failure.words = ::curl_easy_strerror(code);
  if (proxy_->kind == ProxyKind::socks5) return error_of_socks(*proxy_, target_, failure);
  return error_of_http(*proxy_, target_, failure, answer_);
}

/// libcurl closes its own descriptor with its handle.
base::Result<int> Tunnel::take_socket() {
  curl_socket_t socket = CURL_SOCKET_BAD;
  ::curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket);
  const int fd = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (fd >= 0 && ::fcntl(fd, F_SETFL, O_NONBLOCK) == 0) return fd;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  return tl::unexpected(cannot_start(target_, std::system_category().message(error)));
}

/// The receiver may destroy this object: nothing of it is touched after the call.
void Tunnel::finish(base::Result<int> result) {
  close();
  const DialDone done = std::exchange(done_, nullptr);
  done(std::move(result));
}

/// What libcurl closes, it says before; so the handles go before what it says it to.
void Tunnel::close() noexcept {
  dialing_.reset();
  if (multi_ && easy_) ::curl_multi_remove_handle(multi_.get(), easy_.get());
  easy_.reset();
  multi_.reset();
  ::curl_slist_free_all(std::exchange(addresses_, nullptr));
  sockets_.clear();
  timer_.reset();
  if (reached_fd_ >= 0) ::close(std::exchange(reached_fd_, -1));
}

}  // namespace

std::unique_ptr<Dialing> dial_through(Loop& loop, std::shared_ptr<const Proxy> proxy,
                                      std::string_view host_port, DialDone done) {
  return std::make_unique<Tunnel>(loop, std::move(proxy), host_port, std::move(done));
}

}  // namespace fairlead::loop
