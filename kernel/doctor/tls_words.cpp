#include "doctor/tls_words.hpp"

#include <algorithm>

#include "doctor/time_text.hpp"
#include "frame/header.hpp"

namespace fairlead::doctor {
namespace {

const crypto::Certificate& leaf_of(const TlsFacts& facts) { return facts.sight.chain.front(); }

std::string expected_issuer(const TlsFacts& facts) {
  const std::string name = facts.trusted.empty() ? "" : facts.trusted.front().subject_text();
  return facts.custom_ca ? "the CA in custom_ca_cert (" + name + ")" : "the project's root (" + name + ")";
}

/// What strangers wrote, so that it cannot end a line or colour a terminal.
std::string printable(base::ByteView bytes) {
  std::string text(base::as_text(bytes));
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '.');
  return text;
}

std::string names_of(const crypto::Certificate& leaf) {
  std::string all;
  for (const auto& names : {leaf.dns_names(), leaf.ip_addresses()})
    for (const std::string& one : names) all += (all.empty() ? "" : ", ") + printable(base::as_bytes(one));
  return all.empty() ? "no host at all" : all;
}

Finding somebody_else(const TlsFacts& facts) {
  const std::string issuer = facts.sight.chain.empty() ? "nobody" : facts.sight.chain.back().issuer_text();
  const std::string where = host_port(facts);
  const bool mutual = facts.security == base::ConnectionSecurity::mtls;
  return {"TLS is intercepted or ended on the way: the certificate was issued by " + issuer + ", not by " +
              expected_issuer(facts),
          "ask IT to exclude " + where + " from TLS inspection (\"" + issuer + "\" must not answer for it)" +
              (mutual ? "; mtls cannot pass such a device: where it has to stay, use connection_security tls "
                        "and "
                      : "; where it has to stay, ") +
              "give the project the certificate of that CA as custom_ca_cert and provision again"};
}

}  // namespace

std::string host_port(const TlsFacts& facts) {
  const bool bracketed = facts.host.find(':') != std::string::npos;
  return (bracketed ? "[" + facts.host + "]" : facts.host) + ":" + std::to_string(facts.port);
}

std::string shown_by(const TlsFacts& facts) {
  if (facts.sight.chain.empty()) return "";
  return ", certificate of " + leaf_of(facts).subject_text() + " issued by " + leaf_of(facts).issuer_text();
}

bool is_http(base::ByteView first_bytes) noexcept {
  const std::string_view text = base::as_text(first_bytes);
  return text.starts_with("HTTP/") || text.starts_with("<!DOCTYPE") || text.starts_with("<html") ||
         text.starts_with("<HTML");
}

bool is_fairlead(base::ByteView first_bytes) {
  return frame::decode_header(first_bytes, frame::Limits{}).has_value();
}

Finding issuer_finding(const TlsFacts& facts, Issuer issuer) {
  const std::string fingerprint = facts.root ? base::hex(facts.root->sha256()).substr(0, 16) : "";
  switch (issuer) {
    case Issuer::own_root_behind_custom_ca:
      return {"the server answers itself, with a certificate of the project; this kit expects a proxy of " +
                  expected_issuer(facts),
              "set connect_to to the proxy, or take custom_ca_cert out of the project and provision again"};
    case Issuer::same_name_other_root:
      return {"the server's kit is of another root with the same name; this kit's root has sha256 " +
                  fingerprint + "...",
              "the project was provisioned twice, in two workspaces: give server and sites kits of the same "
              "one"};
    case Issuer::other_project:
      return {"the server of another project answers: " + crypto::identity_of(leaf_of(facts))->project +
                  shown_by(facts),
              "check host and port, or use the kit of that project"};
    case Issuer::known:
      return {"the certificate breaks a rule: " + facts.sight.verdict.text + shown_by(facts),
              "make the server's certificate again with `fairlead provision`"};
    case Issuer::somebody_else:
      break;
  }
  return somebody_else(facts);
}

Finding validity_finding(const TlsFacts& facts) {
  const crypto::Certificate& leaf = leaf_of(facts);
  return {"the server's certificate is valid " + text({"", leaf.not_before(), leaf.not_after()}) +
              "; it is " + text(facts.now) + " here",
          "check this machine's clock first; then have the server's certificate renewed"};
}

Finding host_finding(const TlsFacts& facts) {
  return {"the server's certificate is for " + names_of(leaf_of(facts)) + ", not for " + facts.host,
          "set connect_to to one of these names, or add " + facts.host +
              " to the server's host_names in the project file and provision again"};
}

Finding alert_finding(const TlsFacts& facts) {
  return {"the other side ended the handshake with the alert \"" + facts.sight.text + "\"",
          facts.sight.certificate_asked
              ? "it does not accept this kit's certificate: compare both kits' roots, and its log"
              : "TLS 1.2 or 1.3 with modern ciphers is needed; a filter that knows only older TLS, or one "
                "that refuses this host, answers so too"};
}

Finding not_tls_finding(const TlsFacts& facts) {
  const std::string bytes = printable(
      base::ByteView(facts.sight.first_bytes).first(std::min<size_t>(facts.sight.first_bytes.size(), 24)));
  if (is_http(facts.sight.first_bytes))
    return {"HTTP answers there (\"" + bytes + "\"), not a Fairlead server",
            "check the port: a web server or a web proxy has it"};
  if (is_fairlead(facts.sight.first_bytes))
    return {
        "a Fairlead server answers in the clear, this kit connects with " +
            std::string(base::name(facts.security)),
        "give both sides the same connection_security, or connect to the proxy that is to stand in front"};
  return {"the answer is not TLS (\"" + bytes + "\")",
          "check the port; if it is the server's, compare connection_security of both sides"};
}

Finding closed_finding(const TlsFacts& facts) {
  return {"the connection was closed at the first words of TLS" +
              (facts.sight.text.empty() ? "" : " (" + facts.sight.text + ")"),
          "a Fairlead listener in the clear does that: compare connection_security of both sides; a filter "
          "that lets no TLS through does it too"};
}

Finding silent_finding(const TlsFacts&) {
  return {"connected, but nothing answers to TLS",
          "something takes connections and passes nothing on (a firewall, a load balancer without a server "
          "behind), or the server hangs: see its log"};
}

}  // namespace fairlead::doctor
