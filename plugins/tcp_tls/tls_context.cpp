#include "tls_context.hpp"

#include <openssl/pem.h>

#include <algorithm>
#include <vector>

#include "certificate_rules.hpp"

namespace tcp_tls {
namespace {

using fairlead::transport::Config;
using fairlead::transport::Error;

struct Credentials {
  std::vector<OwnedCertificate> trusted;
  std::vector<OwnedRevocations> revocations;
  std::vector<OwnedCertificate> chain;
  OwnedKey key;
};

[[noreturn]] void refuse(const std::string& option, const std::string& why) {
  throw Error(FAIRLEAD_E_CREDENTIAL, "option " + option + ": " + why);
}

void demand(long ok, const char* doing) {
  if (ok != 1) throw Error(FAIRLEAD_E_INTERNAL, std::string("TLS setup, ") + doing + ": " + take_reason());
}

OwnedBio reader(const void* data, size_t size) {
  OwnedBio bio(BIO_new_mem_buf(data, static_cast<int>(size)));
  if (!bio) throw std::bad_alloc();
  return bio;
}

/// Every PEM block of one kind; "no more start lines" is how OpenSSL says end of text.
template <class Owned, class Read>
std::vector<Owned> read_all(std::string_view pem, const char* option, Read read) {
  std::vector<Owned> all;
  if (pem.empty()) return all;
  const OwnedBio bio = reader(pem.data(), pem.size());
  while (Owned one{read(bio.get(), nullptr, nullptr, nullptr)}) all.push_back(std::move(one));
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string reason = take_reason();
  if (!ended || all.empty()) refuse(option, "not readable as PEM: " + reason);
  return all;
}

/// A key that wants a pass phrase must fail, not prompt on the terminal.
int no_pass_phrase(char*, int, int, void*) { return 0; }

OwnedKey read_key(std::span<const uint8_t> pem) {
  if (pem.empty()) return nullptr;
  OwnedKey key(
      PEM_read_bio_PrivateKey(reader(pem.data(), pem.size()).get(), nullptr, &no_pass_phrase, nullptr));
  if (!key) refuse("key", "not readable as a PEM private key: " + take_reason());
  return key;
}

Credentials read_credentials(const Config& config) {
  Credentials found;
  found.trusted = read_all<OwnedCertificate>(config.text("ca"), "ca", &PEM_read_bio_X509);
  found.revocations = read_all<OwnedRevocations>(config.text("crl"), "crl", &PEM_read_bio_X509_CRL);
  found.chain = read_all<OwnedCertificate>(config.text("chain"), "chain", &PEM_read_bio_X509);
  found.key = read_key(config.secret("key"));
  if (!found.chain.empty() && !found.key) refuse("key", "chain is set, so its private key is needed");
  if (found.key && found.chain.empty()) refuse("chain", "key is set, so its certificate is needed");
  return found;
}

/// RFC 9325: forward secrecy and AEAD only. Nothing is resumed: a resumed session would skip the certificate,
/// and with it revocation and the channel's binding to the peer.
void set_protocol(SSL_CTX& context) {
  demand(SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION), "lowest version");
  demand(SSL_CTX_set_max_proto_version(&context, TLS1_3_VERSION), "highest version");
  demand(SSL_CTX_set_cipher_list(&context, "ECDHE+AESGCM:ECDHE+CHACHA20"), "cipher list");
  demand(SSL_CTX_set_ciphersuites(
             &context, "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"),
         "cipher suites");
  demand(SSL_CTX_set1_groups_list(&context, "X25519:P-256:P-384"), "groups");
  SSL_CTX_set_security_level(&context, 2);  // RSA from 2048 bits, no SHA-1
  SSL_CTX_set_options(&context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  demand(SSL_CTX_set_num_tickets(&context, 0), "tickets");
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(&context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
}

void set_trust(SSL_CTX& context, const Credentials& credentials) {
  X509_STORE* store = SSL_CTX_get_cert_store(&context);
  for (const auto& certificate : credentials.trusted)
    demand(X509_STORE_add_cert(store, certificate.get()), "trusted certificate");
  for (const auto& list : credentials.revocations)
    demand(X509_STORE_add_crl(store, list.get()), "revocation list");
  if (!credentials.revocations.empty())
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(&context),
                                X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
}

void set_identity(SSL_CTX& context, const Credentials& credentials) {
  if (credentials.chain.empty()) return;
  if (SSL_CTX_use_certificate(&context, credentials.chain.front().get()) != 1)
    refuse("chain", "our certificate cannot be used: " + take_reason());
  for (size_t i = 1; i < credentials.chain.size(); ++i)
    demand(SSL_CTX_add1_chain_cert(&context, credentials.chain[i].get()), "intermediate");
  if (SSL_CTX_use_PrivateKey(&context, credentials.key.get()) != 1)
    refuse("key", "does not belong to the first certificate of chain: " + take_reason());
}

/// ALPN's wire form of a list of one (RFC 7301 section 3.1).
std::vector<uint8_t> protocol_list(const std::string& protocol) {
  std::vector<uint8_t> list{static_cast<uint8_t>(protocol.size())};
  list.insert(list.end(), protocol.begin(), protocol.end());
  return list;
}

OwnedContext make_context(const SSL_METHOD* method, const Credentials& credentials,
                          const Settings& settings) {
  OwnedContext context(SSL_CTX_new(method));
  if (!context) throw Error(FAIRLEAD_E_INTERNAL, "TLS setup: " + take_reason());
  set_protocol(*context);
  set_trust(*context, credentials);
  install_rules(*context, settings.rules);
  return context;
}

OwnedContext make_dialling(const Credentials& credentials, const Settings& settings) {
  OwnedContext context = make_context(TLS_client_method(), credentials, settings);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  // In tls a listener that asks learns nothing about us.
  if (settings.security == Security::kMtls) set_identity(*context, credentials);
  if (settings.alpn.empty()) return context;
  const std::vector<uint8_t> list = protocol_list(settings.alpn);
  demand(SSL_CTX_set_alpn_protos(context.get(), list.data(), static_cast<unsigned>(list.size())) == 0 ? 1 : 0,
         "alpn");
  return context;
}

/// Selects our protocol when it was offered and none otherwise: a proxy that offers "http/1.1" may still
/// connect, the kernel's own login demands its protocol by itself.
int select_protocol(SSL* ssl, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned int size, void*) {
  const std::string& ours = static_cast<const Verdict*>(SSL_get_app_data(ssl))->alpn;
  for (std::span<const unsigned char> rest(offered, size); !rest.empty();) {
    const size_t length = rest[0];
    if (length >= rest.size()) break;
    const auto name = rest.subspan(1, length);
    if (!ours.empty() && std::equal(name.begin(), name.end(), ours.begin(), ours.end())) {
      *out = name.data();
      *out_size = static_cast<unsigned char>(length);
      return SSL_TLSEXT_ERR_OK;
    }
    rest = rest.subspan(1 + length);
  }
  return SSL_TLSEXT_ERR_NOACK;
}

OwnedContext make_listening(const Credentials& credentials, const Settings& settings) {
  OwnedContext context = make_context(TLS_server_method(), credentials, settings);
  set_identity(*context, credentials);
  SSL_CTX_set_alpn_select_cb(context.get(), &select_protocol, nullptr);
  if (settings.security == Security::kMtls)
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return context;
}

}  // namespace

TlsContexts make_contexts(const Config& config, const Settings& settings) {
  const CleanErrorQueue clean;
  TlsContexts made;
  if (settings.security == Security::kClear) return made;
  const Credentials credentials = read_credentials(config);
  const bool mutual = settings.security == Security::kMtls;
  const bool trusts = !credentials.trusted.empty();
  const bool identified = !credentials.chain.empty();
  if (mutual && !trusts) refuse("ca", "mtls needs the CA of the peer");
  if (mutual && !identified) refuse("chain", "mtls needs our own certificate");
  if (!trusts && !identified) refuse("ca", "tls needs ca to dial with, or chain and key to listen with");
  if (identified) made.listening = make_listening(credentials, settings);
  if (trusts) made.dialling = make_dialling(credentials, settings);
  return made;
}

}  // namespace tcp_tls
