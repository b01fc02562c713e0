/// Two ends of a login's handshake, and an end of another make.
#pragma once
#include <openssl/err.h>

#include "crypto/login_tls.hpp"
#include "crypto/openssl.hpp"
#include "pki.hpp"

namespace fairlead::crypto {

inline std::string text(const base::Checked<void>& verdict) {
  return verdict ? "ok" : std::string(base::name(verdict.error()));
}

/// How a handshake between two ends went.
struct Outcome {
  base::Checked<void> client{}, server{};
};

/// Carries bytes between both ends until nobody has anything to say.
inline Outcome shake(LoginTls& client, LoginTls& server) {
  Outcome outcome;
  outcome.client = client.feed({});
  for (int flight = 0; flight < 10; ++flight) {
    if (const base::Bytes bytes = client.take_output(); !bytes.empty()) outcome.server = server.feed(bytes);
    const base::Bytes bytes = server.take_output();
    if (bytes.empty()) break;
    outcome.client = client.feed(bytes);
  }
  return outcome;
}

/// The other end made by hand with OpenSSL: what a peer of another make might do.
class Stranger {
 public:
  Stranger(LoginTlsContext::Side side, const Issued& own) : context_(SSL_CTX_new(TLS_method())) {
    SSL_CTX_use_certificate(context_.get(), own.certificate.openssl());
    SSL_CTX_use_PrivateKey(context_.get(), own.key.openssl());
    side_ = side;
  }
  /// Offers this ALPN list, each name with its length in front.
  void offer(std::string_view list) {
    const base::ByteView bytes = base::as_bytes(list);
    SSL_CTX_set_alpn_protos(context_.get(), bytes.data(), static_cast<unsigned int>(bytes.size()));
  }
  SSL_CTX* context() { return context_.get(); }
  base::Bytes feed(base::ByteView bytes) {
    if (ssl_ == nullptr) start();
    BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), narrow(bytes.size()));
    SSL_do_handshake(ssl_.get());
    ERR_clear_error();
    base::Bytes out = base::to_bytes(written(SSL_get_wbio(ssl_.get())));
    static_cast<void>(BIO_reset(SSL_get_wbio(ssl_.get())));
    return out;
  }

 private:
  void start() {
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    if (side_ == LoginTlsContext::Side::server)
      SSL_set_accept_state(ssl_.get());
    else
      SSL_set_connect_state(ssl_.get());
  }

  OwnedSslContext context_;
  OwnedSsl ssl_;
  LoginTlsContext::Side side_ = LoginTlsContext::Side::client;
};

/// The server's verdict on a stranger.
inline std::string server_verdict(LoginTls& server, Stranger& client) {
  base::Checked<void> verdict;
  base::Bytes bytes = client.feed({});
  for (int flight = 0; flight < 10 && verdict && !bytes.empty(); ++flight) {
    verdict = server.feed(bytes);
    bytes = client.feed(server.take_output());
  }
  EXPECT_EQ(server.done(), verdict.has_value());
  return text(verdict);
}

}  // namespace fairlead::crypto
