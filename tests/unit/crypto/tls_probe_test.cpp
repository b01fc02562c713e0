#include "crypto/tls_probe.hpp"

#include <sys/socket.h>

#include <thread>

#include "crypto/openssl.hpp"
#include "kit/descriptor.hpp"
#include "pki.hpp"

namespace fairlead::crypto {
namespace {

using kit::Descriptor;

constexpr const char* kHost = "a.example";

/// The day of pki.hpp, and time-outs that pass.
class ProbeClock final : public base::Clock {
 public:
  base::WallTime wall() const noexcept override { return kNow; }
  base::MonoTime mono() const noexcept override { return base::SystemClock().mono(); }
};

struct Sockets {
  Descriptor here, there;
};
Sockets connected_sockets() {
  int both[2] = {-1, -1};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both), 0);
  return {Descriptor(both[0]), Descriptor(both[1])};
}

/// What a TLS server of the library's own saw of its peer.
struct Seen {
  bool finished = false, certificate = false;
  std::string server_name;
};
enum class Asks { no, yes };

int accept_any(X509_STORE_CTX*, void*) { return 1; }
int select_fairlead(SSL*, const uint8_t** out, uint8_t* size, const uint8_t* offered, unsigned int, void*) {
  *size = offered[0];
  *out = offered + 1;
  return SSL_TLSEXT_ERR_OK;
}

/// Serves one handshake on `fd` and whatever comes with it.
Seen serve_tls(int fd, const Issued& own, Asks asks) {
  const OwnedSslContext context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context.get(), own.certificate.openssl());
  SSL_CTX_use_PrivateKey(context.get(), own.key.openssl());
  SSL_CTX_set_alpn_select_cb(context.get(), &select_fairlead, nullptr);
  SSL_CTX_set_cert_verify_callback(context.get(), &accept_any, nullptr);
  if (asks == Asks::yes) SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const OwnedSsl ssl(SSL_new(context.get()));
  SSL_set_fd(ssl.get(), fd);
  Seen seen;
  seen.finished = SSL_accept(ssl.get()) == 1;
  seen.certificate = SSL_get0_peer_certificate(ssl.get()) != nullptr;
  const char* name = SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name);
  seen.server_name = name != nullptr ? name : "";
  return seen;
}

class TlsProbe : public testing::Test {
 protected:
  TlsProbe() {
    CertificateProfile profile = profile_of(CertificateUse::server, "server");
    profile.host_names = {kHost, "192.0.2.1"};
    server_.emplace(pki_.issue(profile));
  }
  TlsProbePlan plan(const std::string& host = kHost) const {
    return {.trusted = trusted_, .host = host, .alpn = "fairlead/1"};
  }
  TlsProbePlan mutual_plan() const {
    TlsProbePlan mutual = plan();
    mutual.own_chain = own_chain_;
    mutual.own_key = &client_.key;
    return mutual;
  }
  /// The probe against a TLS server, and what that one saw.
  std::pair<TlsSight, Seen> shake(const TlsProbePlan& with, const Issued& server, Asks asks) const {
    Sockets sockets = connected_sockets();
    Seen seen;
    std::thread thread([&] { seen = serve_tls(sockets.there.get(), server, asks); });
    auto sight = must(probe_tls(sockets.here.get(), with, clock_, clock_.mono() + std::chrono::seconds(10)));
    ::shutdown(sockets.here.get(), SHUT_WR);  // reading goes on: what the server still sends has a place
    thread.join();
    return {std::move(sight), seen};
  }
  /// The probe against who answers with these bytes and closes, or not.
  TlsSight answered(std::string_view bytes,
                    std::chrono::milliseconds patience = std::chrono::seconds(10)) const {
    const Sockets sockets = connected_sockets();
    EXPECT_EQ(::send(sockets.there.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    if (patience > std::chrono::seconds(1)) ::shutdown(sockets.there.get(), SHUT_WR);
    return must(probe_tls(sockets.here.get(), plan(), clock_, clock_.mono() + patience));
  }

  ProbeClock clock_;
  Pki pki_;
  std::vector<TrustAnchor> trusted_{pki_.anchor()};
  std::optional<Issued> server_;
  Issued client_ = pki_.issue(CertificateUse::client, "site-1");
  std::vector<Certificate> own_chain_{client_.certificate};
};

TEST_F(TlsProbe, WritesDownWhatAGoodServerShows) {
  const auto [sight, seen] = shake(plan(), *server_, Asks::no);

  EXPECT_EQ(sight.outcome, TlsOutcome::finished) << sight.text;
  EXPECT_EQ(sight.protocol, "TLSv1.3");
  EXPECT_EQ(sight.alpn, "fairlead/1");
  EXPECT_FALSE(sight.certificate_asked);
  ASSERT_EQ(sight.chain.size(), 1u);
  EXPECT_EQ(sight.chain.front().der(), server_->certificate.der());
  EXPECT_EQ(sight.verdict.fault, ServerFault::none);
  EXPECT_TRUE(seen.finished);
  EXPECT_EQ(seen.server_name, kHost);
}

TEST_F(TlsProbe, SendsNoServerNameForAnAddress) {
  EXPECT_EQ(shake(plan("192.0.2.1"), *server_, Asks::no).second.server_name, "");
}

TEST_F(TlsProbe, ShowsNoCertificateWithoutOne) {
  const auto [sight, seen] = shake(plan(), *server_, Asks::yes);

  EXPECT_EQ(sight.outcome, TlsOutcome::finished) << sight.text;
  EXPECT_TRUE(sight.certificate_asked);
  EXPECT_FALSE(seen.certificate);
}

TEST_F(TlsProbe, ShowsItsCertificateToATrustedServerThatAsks) {
  const auto [sight, seen] = shake(mutual_plan(), *server_, Asks::yes);

  EXPECT_EQ(sight.outcome, TlsOutcome::finished) << sight.text;
  EXPECT_TRUE(seen.certificate);
}

TEST_F(TlsProbe, ShowsNothingToAServerThatItDoesNotTrust) {
  CertificateProfile profile = profile_of(CertificateUse::server, "server");
  profile.host_names = {kHost};
  const Issued stranger = Pki().issue(profile);

  const auto [sight, seen] = shake(mutual_plan(), stranger, Asks::yes);

  EXPECT_EQ(sight.outcome, TlsOutcome::refused);
  EXPECT_EQ(sight.verdict.fault, ServerFault::untrusted);
  EXPECT_EQ(sight.chain.size(), 1u);
  EXPECT_EQ(sight.protocol, "TLSv1.3");
  EXPECT_FALSE(seen.finished);
  EXPECT_FALSE(seen.certificate);
}

TEST_F(TlsProbe, RefusesAnotherHost) {
  const auto [sight, seen] = shake(plan("b.example"), *server_, Asks::no);

  EXPECT_EQ(sight.outcome, TlsOutcome::refused);
  EXPECT_EQ(sight.verdict.fault, ServerFault::host);
  EXPECT_FALSE(seen.finished);
}

TEST_F(TlsProbe, RecognisesAnAnswerThatIsNotTls) {
  const TlsSight sight = answered("HTTP/1.1 400 Bad Request\r\n\r\n");

  EXPECT_EQ(sight.outcome, TlsOutcome::not_tls);
  EXPECT_TRUE(base::as_text(sight.first_bytes).starts_with("HTTP/1.1 400"));
}

TEST_F(TlsProbe, KeepsTheFirst64BytesOfAnAnswer) {
  EXPECT_EQ(answered(std::string(1000, 'x')).first_bytes.size(), 64u);
}

TEST_F(TlsProbe, RecognisesAnAlert) {
  // RFC 8446 section 6: fatal handshake_failure.
  const TlsSight sight = answered(std::string_view("\x15\x03\x03\x00\x02\x02\x28", 7));

  EXPECT_EQ(sight.outcome, TlsOutcome::alert);
  EXPECT_EQ(sight.text, "handshake failure");
}

TEST_F(TlsProbe, RecognisesAConnectionThatIsClosed) { EXPECT_EQ(answered("").outcome, TlsOutcome::closed); }

TEST_F(TlsProbe, GivesUpOnSilence) {
  EXPECT_EQ(answered("", std::chrono::milliseconds(20)).outcome, TlsOutcome::silent);
  EXPECT_EQ(answered("\x16\x03", std::chrono::milliseconds(20)).outcome, TlsOutcome::silent);
}

TEST_F(TlsProbe, CannotUseAKeyThatIsNotItsCertificates) {
  const Sockets sockets = connected_sockets();
  TlsProbePlan odd = mutual_plan();
  odd.own_key = &server_->key;

  const auto sight = probe_tls(sockets.here.get(), odd, clock_, clock_.mono());

  ASSERT_FALSE(sight.has_value());
  EXPECT_EQ(sight.error().code, base::ErrorCode::bad_configuration);
}

}  // namespace
}  // namespace fairlead::crypto
