/// The other end of a connection, not of our making: OpenSSL on a socket, as permissive as it can be. What it
/// may do is decided by who uses it; the plugin must hold its ground.
#pragma once
#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <string>

#include "certificate_paths/draft.hpp"
#include "given.hpp"

/// A socket, not blocking, connected to an address of the form HOST:PORT on 127.0.0.1.
int dial_loopback(const std::string& address);
/// A listening socket, not blocking; `address` becomes where it listens.
int listen_on_loopback(std::string& address);

class Stranger {
 public:
  enum class Side { client, server };
  explicit Stranger(Side side);
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;
  ~Stranger();

  /// Everything that is to be unusual about it is set here, before it connects.
  SSL_CTX* context() { return context_.get(); }
  void present(const fairlead::paths::Path& path);

  /// Connects to an address of the form HOST:PORT, which is 127.0.0.1.
  void dial(const std::string& address);
  /// Address on which it listens; it takes one connection after the other.
  std::string listen();
  /// The next connection is a new one: the handshake starts anew.
  void forget_connection();
  /// One step: accepts, shakes hands, reads. Never waits.
  void step();

  bool is_open() const { return ssl_ != nullptr && SSL_is_init_finished(ssl_.get()) == 1; }
  bool is_over() const { return over_; }
  SSL* ssl() { return ssl_.get(); }
  /// Called on each new SSL object before its first step.
  std::function<void(SSL*)> on_start;
  std::string received;  ///< application data
  std::string trouble;   ///< why it is over, in OpenSSL's words

 private:
  void start(int fd);
  void read();
  void note(int result);

  Side side_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  int listening_ = -1, fd_ = -1;
  bool over_ = false;
};

/// Turns the loop and steps the stranger until `done`; false after ten seconds.
bool run_with(fairlead_loop& loop, Stranger& stranger, const std::function<bool()>& done);
