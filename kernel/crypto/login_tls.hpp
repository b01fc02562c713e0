/// The TLS 1.3 handshake that runs inside LOGIN frames: OpenSSL over memory, both sides with kit
/// certificates.
#pragma once
#include <memory>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/refusal.hpp"
#include "base/secret.hpp"
#include "crypto/chain.hpp"

namespace fairlead::crypto {

/// What a client proves itself with: a certificate of the project, or any key, for which the caller then
/// asks for a delegation. Each has a protocol name (ALPN) and an SSL_CTX of its own.
enum class LoginKind { participant, delegate };

/// Credentials and trust for either side. Make one for each set of credentials and share it by reference.
/// Thread rule: any thread.
class LoginTlsContext {
 public:
  enum class Side { client, server };
  /// `chain` leaf first. ALPN is `fairlead-login/1`; tickets, cache and early data are off.
  /// `clock` must outlive the context; the rest is copied or shared. `kind` is a client's own: with
  /// `delegate` ALPN is `fairlead-delegate/1` and `chain` is one self-signed certificate. A server takes
  /// both kinds, each under its own name only.
  static base::Result<LoginTlsContext> make(Side side, std::span<const Certificate> chain,
                                            const PrivateKey& key, const TrustAnchor& anchor,
                                            const base::Clock& clock,
                                            LoginKind kind = LoginKind::participant);
  /// Later handshakes judge their peers by this anchor. Not while another thread uses the context.
  void trust(const TrustAnchor& anchor);
  LoginTlsContext(LoginTlsContext&&) noexcept;
  LoginTlsContext& operator=(LoginTlsContext&&) noexcept;
  ~LoginTlsContext();

 private:
  friend class LoginTls;
  struct State;
  explicit LoginTlsContext(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

/// One handshake. Feed what arrived, send what take_output() gives, until done() or a refusal. One thread at
/// a time.
class LoginTls {
 public:
  /// Takes its own share of the context, which may be replaced or destroyed before the handshake ends.
  explicit LoginTls(const LoginTlsContext& context);
  LoginTls(LoginTls&&) noexcept;
  LoginTls& operator=(LoginTls&&) noexcept;
  ~LoginTls();

  /// Starts (client) or goes on with bytes from the peer. Returns why the handshake failed, if it did:
  /// bad_chain, certificate_expired, wrong_usage, ... or malformed for TLS errors. The output may hold an
  /// alert that is still to be sent.
  base::Checked<void> feed(base::ByteView from_peer);
  base::Bytes take_output();
  /// The handshake is finished, ALPN was agreed and the peer's chain verified; of a delegate (server only)
  /// nothing but that it has the key of its certificate.
  bool done() const noexcept;
  /// Of the client, at either end, after done().
  LoginKind kind() const noexcept;
  /// Text of the failure for the log, never for the peer.
  const std::string& failure_text() const noexcept;
  /// The peer's leaf, after done().
  const Certificate* peer() const noexcept;
  /// The peer's verified path, leaf first, without the root, after done(); else empty. Of a delegate: its
  /// certificate, which leads nowhere.
  std::span<const Certificate> peer_path() const noexcept;

  /// Application data inside the handshake's connection, after done().
  base::Checked<void> write(base::ByteView plain);
  /// Everything readable so far.
  base::Bytes read();
  /// RFC 8446 section 7.5, after done().
  base::Secret exporter(std::string_view label, base::ByteView context, size_t size) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fairlead::crypto
