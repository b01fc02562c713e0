#include "doctor/certificates.hpp"

#include <algorithm>

namespace fairlead::doctor {
namespace {

using base::ErrorCode;

constexpr const char* kCertificates = "certificates";
constexpr const char* kClock = "clock";
constexpr std::chrono::hours kSoon(24 * 30);
constexpr std::chrono::seconds kSkewToMention(30);
constexpr const char* kSetClock = "set this machine's clock, best by NTP (timedatectl set-ntp true)";
constexpr const char* kOrAllEnded =
    "; if it is right, the certificates of both sides have ended: provision again";

Validity validity_of(std::string what, const crypto::Certificate& certificate) {
  return {std::move(what), certificate.not_before(), certificate.not_after()};
}

std::vector<Validity> own_validities(const kit::Kit& kit) {
  std::vector<Validity> own{validity_of("rootCA.pem", kit.root())};
  const kit::Kit::Delegated* delegated = kit.delegation();
  const bool server = kit.settings().type == base::ParticipantType::server;
  if (delegated == nullptr) own.push_back(validity_of(server ? "server.crt" : "client.crt", kit.leaf()));
  if (kit.token_certificate() != nullptr) own.push_back(validity_of("token.crt", *kit.token_certificate()));
  if (delegated == nullptr) return own;
  own.push_back(validity_of("client.crt", delegated->site_chain.front()));
  own.push_back({"delegation", delegated->content.issued, delegated->content.expires});
  return own;
}

std::string renewal_remedy(const Validity& one) {
  if (one.what == "delegation") return "ask the site for a new one (fairlead token delegate)";
  if (one.what == "rootCA.pem") return "provision the project with a new root, and all its kits";
  return "provision the project again and put the new kit in this place";
}

Row judge_certificate(const Validity& one, base::WallTime now) {
  if (now < one.from)
    return failed(ErrorCode::cannot_connect, kCertificates, one.what,
                  "not valid before " + text(one.from) + "; it is " + text(now) + " here",
                  "check this machine's clock before anything else");
  if (now >= one.until)
    return failed(ErrorCode::cannot_connect, kCertificates, one.what,
                  "expired on " + text(one.until) + "; it is " + text(now) + " here",
                  renewal_remedy(one) + ", unless this machine's clock is wrong");
  const auto left = one.until - now;
  std::string detail = "valid until " + text(one.until) + ", " + span_text(left) + " left";
  const auto soon = std::min<base::Milliseconds>(kSoon, (one.until - one.from) / 4);
  if (left < soon) return warning(kCertificates, one.what, std::move(detail), renewal_remedy(one));
  return ok(kCertificates, one.what, std::move(detail));
}

/// The clock may be to blame: nothing of the kit is valid now, and nothing that was seen speaks against it.
bool is_suspect(const ClockFacts& facts) {
  const bool none_valid =
      std::ranges::none_of(facts.own, [&](const Validity& one) { return one.holds_at(facts.now); });
  return !facts.own.empty() && none_valid && (!facts.server || !facts.server->holds_at(facts.now));
}

std::string skew_text(std::chrono::milliseconds skew) {
  return span_text(skew) + (skew.count() > 0 ? " behind" : " ahead of") + " the server's";
}

}  // namespace

Rows judge_certificates(const std::vector<Validity>& own, base::WallTime now) {
  Rows rows;
  for (const Validity& one : own) rows.push_back(judge_certificate(one, now));
  return rows;
}

Rows certificates_layer(Patient& patient) {
  return judge_certificates(own_validities(*patient.kit), patient.clock.wall());
}

Row judge_clock(const ClockFacts& facts) {
  const std::string now = text(facts.now);
  if (is_suspect(facts)) {
    std::string detail = "probably wrong: it says " + now;
    for (const Validity& one : facts.own) detail += ", " + one.what + " is valid " + text(one);
    if (facts.server) detail += ", the server's certificate is valid " + text(*facts.server);
    return failed(ErrorCode::cannot_connect, kClock, "local time", std::move(detail),
                  std::string(kSetClock) + kOrAllEnded);
  }
  if (!facts.skew) return ok(kClock, "local time", now);
  if (std::chrono::abs(*facts.skew) >= kSkewToMention)
    return warning(kClock, "local time", now + ", " + skew_text(*facts.skew), kSetClock);
  return ok(
      kClock, "local time",
      now + ", within " + std::to_string(std::chrono::abs(*facts.skew).count()) + " ms of the server's");
}

Rows clock_layer(Patient& patient) {
  ClockFacts facts{.now = patient.clock.wall(), .own = own_validities(*patient.kit)};
  // The root lives for ten years: it says nothing about a clock that is a year off.
  std::erase_if(facts.own, [](const Validity& one) { return one.what == "rootCA.pem"; });
  if (patient.tls && !patient.tls->chain.empty())
    facts.server = validity_of("server", patient.tls->chain.front());
  if (patient.link) facts.skew = patient.link->clock_skew;
  return {judge_clock(facts)};
}

}  // namespace fairlead::doctor
