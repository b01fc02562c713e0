/// What the files of LoginTls share; nobody else includes this.
#pragma once
#include <optional>

#include "crypto/login_tls.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {

inline constexpr std::string_view kLoginProtocol = "fairlead-login/1",
                                  kDelegateProtocol = "fairlead-delegate/1";
constexpr std::string_view protocol_of(LoginKind kind) noexcept {
  return kind == LoginKind::delegate ? kDelegateProtocol : kLoginProtocol;
}

struct LoginTlsContext::State {
  OwnedSslContext context;
  OwnedSslContext delegates;  ///< server only: what a connection changes to that asks for it
  Side side;
  LoginKind kind;  ///< of a client
  TrustAnchor anchor;
  const base::Clock* clock;
};

/// The judgement of one handshake on its peer's chain. The SSL object carries its address as application
/// data.
struct PeerCheck {
  TrustAnchor anchor;  ///< a copy: the context may be replaced while the handshake goes on
  const base::Clock* clock;
  ChainPurpose purpose;
  LoginKind kind;                          ///< of the client
  OwnedSslContext delegates;               ///< a share: the context may be destroyed meanwhile
  std::vector<Certificate> path{};         ///< leaf first, without the root; empty until it has verified
  std::optional<base::Refusal> refusal{};  ///< or why it has not
  std::string detail{};                    ///< for the log
};

/// SSL_CTX_set_cert_verify_callback: verify_chain in place of the library's rules.
int check_login_peer(X509_STORE_CTX* store_context, void*);
/// The same for a client that comes as a delegate: one certificate, signed by its own key, and nothing else
/// is asked. Who it is, the delegation says.
int check_delegate(X509_STORE_CTX* store_context, void*);

}  // namespace fairlead::crypto
