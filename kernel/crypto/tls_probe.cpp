#include "crypto/tls_probe.hpp"

#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using base::ErrorCode;

constexpr size_t kFirstBytes = 64;
/// No honest handshake is longer; an endless answer must not keep us.
constexpr size_t kMostBytes = 256 * 1024;

/// What the callbacks of one handshake work with.
struct Shaking {
  const TlsProbePlan& plan;
  const base::Clock& clock;
  TlsSight& sight;
};

Shaking& shaking_of(const SSL* ssl) { return *static_cast<Shaking*>(SSL_get_app_data(ssl)); }

std::vector<Certificate> presented(X509_STORE_CTX* path) {
  std::vector<Certificate> chain;
  const STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(path);
  for (int i = 0; i < sk_X509_num(sent); ++i)
    if (auto one = Certificate::from_openssl(sk_X509_value(sent, i))) chain.push_back(std::move(*one));
  return chain;
}

/// SSL_CTX_set_cert_verify_callback: our rules alone decide.
int judge(X509_STORE_CTX* path, void*) {
  const int index = SSL_get_ex_data_X509_STORE_CTX_idx();
  Shaking& shaking = shaking_of(static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(path, index)));
  shaking.sight.chain = presented(path);
  shaking.sight.verdict =
      judge_server_chain(shaking.plan.trusted, shaking.sight.chain, shaking.plan.host, shaking.clock.wall());
  const bool good = shaking.sight.verdict.fault == ServerFault::none;
  X509_STORE_CTX_set_error(path, good ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
  return good ? 1 : 0;
}

/// SSL_CTX_set_cert_cb: runs when the server has asked for a certificate.
int note_asked(SSL* ssl, void*) {
  shaking_of(ssl).sight.certificate_asked = true;
  return 1;
}

bool set_protocol(SSL_CTX* context) {
  SSL_CTX_set_security_level(context, 2);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context, &judge, nullptr);
  SSL_CTX_set_cert_cb(context, &note_asked, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1;
}

bool set_own(SSL_CTX* context, const TlsProbePlan& plan) {
  if (plan.own_chain.empty()) return true;
  if (SSL_CTX_use_certificate(context, plan.own_chain.front().openssl()) != 1 || plan.own_key == nullptr ||
      SSL_CTX_use_PrivateKey(context, plan.own_key->openssl()) != 1)
    return false;
  return std::ranges::all_of(plan.own_chain.subspan(1), [&](const Certificate& one) {
    return SSL_CTX_add1_chain_cert(context, one.openssl()) == 1;
  });
}

bool set_names(SSL* ssl, const TlsProbePlan& plan) {
  // Server name indication carries DNS names only (RFC 6066 section 3).
  const bool numeric = plan.host.find(':') != std::string::npos ||
                       plan.host.find_first_not_of("0123456789.") == std::string::npos;
  if (!numeric && SSL_set_tlsext_host_name(ssl, plan.host.c_str()) != 1) return false;
  if (plan.alpn.empty()) return true;
  base::Bytes list;
  base::append_be(list, static_cast<uint8_t>(plan.alpn.size()));
  base::append(list, base::as_bytes(plan.alpn));
  return SSL_set_alpn_protos(ssl, list.data(), static_cast<unsigned int>(list.size())) == 0;
}

base::Result<OwnedSsl> make_ssl(const TlsProbePlan& plan) {
  const OwnedSslContext context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr || !set_protocol(context.get()))
    return openssl_failure(ErrorCode::internal, "cannot set up TLS");
  if (!set_own(context.get(), plan))
    return openssl_failure(ErrorCode::bad_configuration, "cannot use this certificate and key for TLS");
  OwnedSsl ssl(SSL_new(context.get()));
  OwnedBio from_peer(BIO_new(BIO_s_mem())), to_peer(BIO_new(BIO_s_mem()));
  if (ssl == nullptr || from_peer == nullptr || to_peer == nullptr || !set_names(ssl.get(), plan))
    return openssl_failure(ErrorCode::internal, "cannot set up TLS");
  SSL_set_bio(ssl.get(), from_peer.release(), to_peer.release());
  SSL_set_connect_state(ssl.get());
  return ssl;
}

enum class Waited { ready, too_long };

Waited wait_for(int fd, short events, const base::Clock& clock, base::MonoTime deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock.mono());
    if (left.count() <= 0) return Waited::too_long;
    pollfd one{fd, events, 0};
    const int found = ::poll(&one, 1, static_cast<int>(std::min<int64_t>(left.count(), 60'000)));
    if (found > 0) return Waited::ready;
  }
}

/// The bytes of one handshake on their way over the socket.
class Carrier {
 public:
  Carrier(int fd, const base::Clock& clock, base::MonoTime deadline, TlsSight& sight)
      : fd_(fd), clock_(clock), deadline_(deadline), sight_(sight) {}

  /// Sends what OpenSSL has put out; what cannot be sent is noticed by the next read.
  void send(BIO* from) {
    base::ByteView rest = written(from);
    while (!rest.empty()) {
      const ssize_t count = ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count > 0) rest = rest.subspan(static_cast<size_t>(count));
      if (count > 0 || (count < 0 && errno == EINTR)) continue;
      if (count == 0 || errno != EAGAIN) break;
      if (wait_for(fd_, POLLOUT, clock_, deadline_) == Waited::too_long) break;
    }
    static_cast<void>(BIO_reset(from));
  }
  /// Takes in some of the answer; otherwise the outcome is set.
  bool receive(BIO* to) {
    std::array<uint8_t, 16 * 1024> buffer{};
    if (wait_for(fd_, POLLIN, clock_, deadline_) == Waited::too_long) return ends(TlsOutcome::silent, "");
    const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    if (count <= 0) return ends(TlsOutcome::closed, count < 0 ? "connection reset" : "");
    const base::ByteView got(buffer.data(), static_cast<size_t>(count));
    keep_first(got);
    taken_ += got.size();
    if (taken_ > kMostBytes) return ends(TlsOutcome::failed, "the answer does not end");
    return BIO_write(to, got.data(), narrow(got.size())) == narrow(got.size());
  }

 private:
  bool ends(TlsOutcome outcome, std::string text) {
    sight_.outcome = outcome;
    sight_.text = std::move(text);
    return false;
  }
  void keep_first(base::ByteView got) {
    const size_t room = kFirstBytes - std::min(kFirstBytes, sight_.first_bytes.size());
    base::append(sight_.first_bytes, got.first(std::min(room, got.size())));
  }

  int fd_;
  const base::Clock& clock_;
  base::MonoTime deadline_;
  TlsSight& sight_;
  size_t taken_ = 0;
};

/// RFC 8446 section 5.1: the content types, and the legacy version that every record carries.
bool looks_like_tls(base::ByteView bytes) noexcept {
  return bytes.size() >= 2 && bytes[0] >= 20 && bytes[0] <= 23 && bytes[1] == 3;
}

void explain_failure(TlsSight& sight) {
  const unsigned long error = ERR_peek_error();
  const int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
  const std::string words = drain_errors();
  if (!sight.first_bytes.empty() && !looks_like_tls(sight.first_bytes)) {
    sight.outcome = TlsOutcome::not_tls;
  } else if (reason >= SSL_AD_REASON_OFFSET && reason <= SSL_AD_REASON_OFFSET + UINT8_MAX) {
    sight.outcome = TlsOutcome::alert;
    sight.text = SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET);
    return;
  } else {
    const bool judged = sight.verdict.fault != ServerFault::none;
    sight.outcome = judged ? TlsOutcome::refused : TlsOutcome::failed;
  }
  sight.text = words;
}

void note_agreed(const SSL* ssl, TlsSight& sight) {
  if (sight.chain.empty()) return;
  sight.protocol = SSL_get_version(ssl);
  const uint8_t* selected = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl, &selected, &size);
  sight.alpn = base::to_text({selected, size});
}

}  // namespace

base::Result<TlsSight> probe_tls(int fd, const TlsProbePlan& plan, const base::Clock& clock,
                                 base::MonoTime deadline) {
  ERR_clear_error();
  FAIRLEAD_TRY(const OwnedSsl ssl, make_ssl(plan));
  TlsSight sight;
  Shaking shaking{plan, clock, sight};
  SSL_set_app_data(ssl.get(), &shaking);
  Carrier carrier(fd, clock, deadline, sight);
  for (;;) {
    const int result = SSL_do_handshake(ssl.get());
    const bool waits = result != 1 && SSL_get_error(ssl.get(), result) == SSL_ERROR_WANT_READ;
    if (result == 1) sight.outcome = TlsOutcome::finished;
    if (result != 1 && !waits) explain_failure(sight);
    carrier.send(SSL_get_wbio(ssl.get()));
    if (!waits || !carrier.receive(SSL_get_rbio(ssl.get()))) break;
  }
  note_agreed(ssl.get(), sight);
  ERR_clear_error();
  return sight;
}

}  // namespace fairlead::crypto
