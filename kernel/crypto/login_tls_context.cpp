#include <openssl/err.h>

#include "crypto/login_tls_state.hpp"

namespace fairlead::crypto {
namespace {

using base::ErrorCode;

/// The ALPN list with one entry, length first (RFC 7301 section 3.1).
base::Bytes protocol_list(std::string_view protocol) {
  base::Bytes list;
  base::append_be(list, static_cast<uint8_t>(protocol.size()));
  base::append(list, base::as_bytes(protocol));
  return list;
}

/// SSL_CTX_alpn_select_cb_func: our protocol or a fatal alert. Not called when the client offers nothing,
/// which is why LoginTls looks again after the handshake.
template <LoginKind Kind>
int select_protocol(SSL*, const uint8_t** out, uint8_t* out_size, const uint8_t* offered, unsigned int size,
                    void*) {
  base::Reader reader(base::ByteView(offered, size));
  while (!reader.rest().empty() && reader.ok()) {
    const base::ByteView candidate = reader.bytes(reader.integer<uint8_t>());
    if (base::as_text(candidate) != protocol_of(Kind)) continue;
    *out = candidate.data();
    *out_size = static_cast<uint8_t>(candidate.size());
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// SSL_client_hello_cb_fn: a client that offers the delegates' protocol, and no other, changes to their
/// SSL_CTX before anything of it is judged. For everybody else nothing is different.
int choose_context(SSL* ssl, int* alert, void*) {
  const uint8_t* offered = nullptr;
  size_t size = 0;
  const bool has_list = SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_application_layer_protocol_negotiation,
                                                  &offered, &size) == 1;
  base::Reader extension(has_list ? base::ByteView(offered, size) : base::ByteView());
  if (!base::equal(extension.counted(), protocol_list(kDelegateProtocol))) return SSL_CLIENT_HELLO_SUCCESS;
  auto& check = *static_cast<PeerCheck*>(SSL_get_app_data(ssl));
  *alert = SSL_AD_INTERNAL_ERROR;
  if (SSL_set_SSL_CTX(ssl, check.delegates.get()) == nullptr) return SSL_CLIENT_HELLO_ERROR;
  check.kind = LoginKind::delegate;
  return SSL_CLIENT_HELLO_SUCCESS;
}

bool set_protocol(SSL_CTX* context) {
  // Nothing of the system's openssl.cnf may soften this: every setting that matters is made here.
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384") == 1 &&
         SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1 &&
         SSL_CTX_set1_sigalgs_list(
             context,
             "ECDSA+SHA256:ECDSA+SHA384:ed25519:rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:"
             "rsa_pss_rsae_sha512:RSA+SHA256:RSA+SHA384") == 1;
}

bool set_session_rules(SSL_CTX* context) {
  SSL_CTX_set_security_level(context, 2);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_quiet_shutdown(context, 1);
  return SSL_CTX_set_num_tickets(context, 0) == 1 && SSL_CTX_set_max_early_data(context, 0) == 1 &&
         SSL_CTX_set_recv_max_early_data(context, 0) == 1;
}

template <LoginKind Kind>
bool set_application_protocol(SSL_CTX* context, LoginTlsContext::Side side) {
  if (side == LoginTlsContext::Side::server) {
    SSL_CTX_set_alpn_select_cb(context, &select_protocol<Kind>, nullptr);
    return true;
  }
  const base::Bytes list = protocol_list(protocol_of(Kind));
  return SSL_CTX_set_alpn_protos(context, list.data(), static_cast<unsigned int>(list.size())) == 0;
}

bool set_credentials(SSL_CTX* context, std::span<const Certificate> chain, const PrivateKey& key) {
  if (chain.empty() || SSL_CTX_use_certificate(context, chain.front().openssl()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.openssl()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return false;
  for (const Certificate& certificate : chain.subspan(1))
    if (SSL_CTX_add1_chain_cert(context, certificate.openssl()) != 1) return false;
  return true;
}

/// What one SSL_CTX is made of.
struct Ingredients {
  LoginTlsContext::Side side;
  std::span<const Certificate> chain;
  const PrivateKey& key;
};

template <LoginKind Kind>
base::Result<OwnedSslContext> make_context(const Ingredients& from) {
  const bool server = from.side == LoginTlsContext::Side::server;
  OwnedSslContext context(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()));
  if (context == nullptr || !set_protocol(context.get()) || !set_session_rules(context.get()) ||
      !set_application_protocol<Kind>(context.get(), from.side))
    return openssl_failure(ErrorCode::internal, "cannot set up TLS for logins");
  if (!set_credentials(context.get(), from.chain, from.key))
    return openssl_failure(ErrorCode::bad_configuration, "cannot use this certificate and key for logins");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  const bool judges_delegates = server && Kind == LoginKind::delegate;
  SSL_CTX_set_cert_verify_callback(context.get(), judges_delegates ? &check_delegate : &check_login_peer,
                                   nullptr);
  return context;
}

}  // namespace

LoginTlsContext::LoginTlsContext(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
LoginTlsContext::LoginTlsContext(LoginTlsContext&&) noexcept = default;
LoginTlsContext& LoginTlsContext::operator=(LoginTlsContext&&) noexcept = default;
LoginTlsContext::~LoginTlsContext() = default;
void LoginTlsContext::trust(const TrustAnchor& anchor) { state_->anchor = anchor; }

base::Result<LoginTlsContext> LoginTlsContext::make(Side side, std::span<const Certificate> chain,
                                                    const PrivateKey& key, const TrustAnchor& anchor,
                                                    const base::Clock& clock, LoginKind kind) {
  ERR_clear_error();
  const Ingredients from{side, chain, key};
  FAIRLEAD_TRY(OwnedSslContext participants, make_context<LoginKind::participant>(from));
  FAIRLEAD_TRY(OwnedSslContext delegates, make_context<LoginKind::delegate>(from));
  if (side == Side::client) {
    OwnedSslContext& wanted = kind == LoginKind::delegate ? delegates : participants;
    return LoginTlsContext(
        std::make_unique<State>(State{std::move(wanted), nullptr, side, kind, anchor, &clock}));
  }
  SSL_CTX_set_client_hello_cb(participants.get(), &choose_context, nullptr);
  return LoginTlsContext(std::make_unique<State>(
      State{std::move(participants), std::move(delegates), side, LoginKind::participant, anchor, &clock}));
}

}  // namespace fairlead::crypto
