#include "stranger.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

}  // namespace

Stranger::Stranger(Side side)
    : side_(side), context_(SSL_CTX_new(TLS_method()), &SSL_CTX_free), ssl_(nullptr, &SSL_free) {
  SSL_CTX_set_security_level(context_.get(), 0);
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
  SSL_CTX_set_cipher_list(context_.get(), "ALL:COMPLEMENTOFALL");
  SSL_CTX_set_mode(context_.get(), SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_options(context_.get(), SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
}

Stranger::~Stranger() {
  if (fd_ >= 0) ::close(fd_);
  if (listening_ >= 0) ::close(listening_);
}

void Stranger::present(const fairlead::paths::Path& path) {
  EXPECT_EQ(SSL_CTX_use_certificate(context(), path.leaf()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey(context(), path.leaf_key()), 1);
  for (X509* certificate : path.sent) EXPECT_EQ(SSL_CTX_add1_chain_cert(context(), certificate), 1);
}

int dial_loopback(const std::string& address) {
  const sockaddr_in to = loopback(std::stoi(address.substr(address.rfind(':') + 1)));
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const bool begun = ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  EXPECT_TRUE(begun || errno == EINPROGRESS);
  return fd;
}

int listen_on_loopback(std::string& address) {
  sockaddr_in at = loopback(0);
  socklen_t size = sizeof at;
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&at), size), 0);
  EXPECT_EQ(::listen(fd, 4), 0);
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size), 0);
  address = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
  return fd;
}

void Stranger::dial(const std::string& address) { start(dial_loopback(address)); }

std::string Stranger::listen() {
  std::string address;
  listening_ = listen_on_loopback(address);
  return address;
}

void Stranger::start(int fd) {
  fd_ = fd;
  const int at_once = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  ssl_.reset(SSL_new(context()));
  SSL_set_fd(ssl_.get(), fd_);
  if (side_ == Side::client)
    SSL_set_connect_state(ssl_.get());
  else
    SSL_set_accept_state(ssl_.get());
  if (on_start) on_start(ssl_.get());
}

void Stranger::forget_connection() {
  // Without this the session would count as broken, and nobody could resume it.
  if (ssl_ != nullptr) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  ssl_.reset();
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  over_ = false;
  trouble.clear();
}

void Stranger::step() {
  ERR_clear_error();
  if (ssl_ == nullptr && listening_ >= 0) {
    const int fd = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) start(fd);
  }
  if (ssl_ != nullptr && !over_) {
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1)
      read();
    else
      note(result);
  }
  ERR_clear_error();
}

void Stranger::read() {
  std::array<char, 4096> chunk{};
  const int size = SSL_read(ssl_.get(), chunk.data(), chunk.size());
  if (size > 0)
    received.append(chunk.data(), static_cast<size_t>(size));
  else
    note(size);
}

void Stranger::note(int result) {
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
  over_ = true;
  ::shutdown(fd_, SHUT_RDWR);
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  trouble = reason != nullptr ? reason : "the end of the connection";
}

bool run_with(fairlead_loop& loop, Stranger& stranger, const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    stranger.step();
    loop.turn(1);
  }
  return true;
}
