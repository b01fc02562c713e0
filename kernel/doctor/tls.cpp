// The judgement of what TLS showed; tls_probe_layer.cpp has the handshake.
#include "doctor/tls.hpp"

#include <algorithm>

#include "doctor/certificates.hpp"
#include "doctor/tls_words.hpp"

namespace fairlead::doctor {
namespace {

using base::ConnectionSecurity;
using base::ErrorCode;
using crypto::ServerFault;
using crypto::TlsOutcome;

constexpr const char* kComponent = "tls";
constexpr const char* kAlpn = "fairlead/1";

Row fail_row(const TlsFacts& facts, Finding finding, ErrorCode code = ErrorCode::cannot_connect) {
  return failed(code, kComponent, host_port(facts), std::move(finding.detail), std::move(finding.remedy));
}

bool names_project(const crypto::Certificate& leaf, std::string_view project) {
  const auto identity = crypto::identity_of(leaf);
  return identity && identity->project == project;
}

Rows judge_finished(const TlsFacts& facts) {
  const crypto::Certificate& leaf = facts.sight.chain.front();
  const bool asked = facts.sight.certificate_asked;
  std::string detail = facts.sight.protocol + ", certificate of " + leaf.subject_text() + " issued by " +
                       leaf.issuer_text() + ", carries " + facts.host +
                       (facts.sight.alpn == kAlpn ? ", ALPN fairlead/1" : ", no ALPN (a proxy's TLS)") +
                       (asked ? ", asks for our certificate" : ", does not ask for our certificate");
  if (facts.security == ConnectionSecurity::mtls && !asked)
    return {fail_row(facts, {detail + ", which mtls demands",
                             "the listener is one of tls, or a proxy ends TLS on the way: give this "
                             "participant connection_security tls, or the listener mtls"})};
  Rows rows{ok(kComponent, host_port(facts), std::move(detail))};
  if (facts.security == ConnectionSecurity::tls && asked)
    rows.push_back(warning(kComponent, host_port(facts),
                           "asks for a certificate, which a tls kit does not show",
                           "if the login fails, the listener is one of mtls: give both sides the same "
                           "connection_security"));
  Rows expiry = judge_certificates({{"server", leaf.not_before(), leaf.not_after()}}, facts.now);
  if (expiry.front().status == Status::warning)
    rows.push_back(warning(kComponent, host_port(facts), "server's certificate " + expiry.front().detail,
                           "tell the server's operator to renew it"));
  return rows;
}

Finding refused_finding(const TlsFacts& facts) {
  switch (facts.sight.verdict.fault) {
    case ServerFault::untrusted:
      return issuer_finding(facts, issuer_of(facts));
    case ServerFault::expired:
    case ServerFault::not_yet_valid:
      return validity_finding(facts);
    case ServerFault::host:
      return host_finding(facts);
    case ServerFault::revoked:
      return {"the server's certificate is revoked: " + facts.sight.verdict.text,
              "the server needs a new kit; until then do not connect"};
    default:
      return {"the certificate is not a server's: " + facts.sight.verdict.text,
              "somebody answers there with a site's certificate: check host and port"};
  }
}

}  // namespace

Issuer issuer_of(const TlsFacts& facts) {
  if (facts.sight.chain.empty()) return Issuer::somebody_else;
  const crypto::Certificate& top = facts.sight.chain.back();
  const crypto::Certificate& leaf = facts.sight.chain.front();
  const auto made_it = [&](const crypto::Certificate& ca) { return crypto::is_issued_by(top, ca); };
  if (std::ranges::any_of(facts.trusted, made_it)) return Issuer::known;
  if (facts.custom_ca && facts.root && made_it(*facts.root)) return Issuer::own_root_behind_custom_ca;
  const bool same_name = facts.root && leaf.issuer_text() == facts.root->subject_text();
  if (same_name && names_project(leaf, facts.project)) return Issuer::same_name_other_root;
  // An interceptor copies the names of the certificate it stands in for: of our own project they prove
  // nothing, of another one they say which server it stands in front of.
  const auto identity = crypto::identity_of(leaf);
  if (identity && identity->project != facts.project) return Issuer::other_project;
  return Issuer::somebody_else;
}

Rows judge_tls(const TlsFacts& facts) {
  switch (facts.sight.outcome) {
    case TlsOutcome::finished:
      return judge_finished(facts);
    case TlsOutcome::refused:
      return {fail_row(facts, refused_finding(facts))};
    case TlsOutcome::alert:
      return {fail_row(facts, alert_finding(facts))};
    case TlsOutcome::not_tls:
      return {fail_row(facts, not_tls_finding(facts))};
    case TlsOutcome::closed:
      return {fail_row(facts, closed_finding(facts))};
    case TlsOutcome::silent:
      return {fail_row(facts, silent_finding(facts), ErrorCode::timed_out)};
    case TlsOutcome::failed:
      break;
  }
  return {fail_row(facts, {"TLS failed: " + facts.sight.text,
                           "check what listens there; TLS 1.2 or 1.3 with a current OpenSSL is expected"})};
}

std::optional<Row> judge_clear(const TlsFacts& facts) {
  const bool speaks_tls = facts.sight.outcome == TlsOutcome::finished ||
                          facts.sight.outcome == TlsOutcome::refused ||
                          facts.sight.outcome == TlsOutcome::alert;
  if (speaks_tls)
    return fail_row(facts, {"the listener speaks TLS, this kit connects in the clear" + shown_by(facts),
                            "give both sides the same connection_security, or connect to the port that "
                            "listens in the clear"});
  if (facts.sight.outcome == TlsOutcome::not_tls && is_http(facts.sight.first_bytes))
    return fail_row(facts, not_tls_finding(facts));
  return std::nullopt;
}

bool is_network_to_blame(const TlsFacts& facts) {
  switch (facts.sight.outcome) {
    case TlsOutcome::finished:
      return false;
    case TlsOutcome::refused:
      return facts.sight.verdict.fault == ServerFault::untrusted && issuer_of(facts) == Issuer::somebody_else;
    case TlsOutcome::not_tls:
      return !is_fairlead(facts.sight.first_bytes);
    default:
      return true;
  }
}

}  // namespace fairlead::doctor
