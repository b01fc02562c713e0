// The judgement of a login and of a round trip; login_probe.cpp makes them.
#include "doctor/login.hpp"

#include <array>

#include "base/refusal.hpp"

namespace fairlead::doctor {
namespace {

std::string proved(const base::LinkFacts& facts) {
  std::string text;
  const auto add = [&](bool is_so, const char* what) {
    if (is_so) text += (text.empty() ? "" : ", ") + std::string(what);
  };
  add(facts.confidential, "encrypted");
  add(facts.peer_verified, "server verified");
  add(facts.self_proven, "own certificate shown");
  return text.empty() ? "in the clear" : text;
}

struct Remedy {
  std::string_view reason, text;
};
constexpr std::array<Remedy, 14> kRemedies{{
    {"login_refused",
     "the server does not know this kit: it is of another project or another provisioning; the server's log "
     "has the reason"},
    {"bad_chain", "server and site have kits of different roots: provision both from the same workspace"},
    {"certificate_expired", "provision the project again and replace the kit whose certificate ended"},
    {"not_yet_valid", "check the clocks of both machines"},
    {"certificate_revoked", "this kit's certificate was revoked on purpose: ask for a new kit"},
    {"crl_stale", "the server needs a fresh revocation list in KIT/local/crl.pem"},
    {"wrong_project", "use the kit of the server's project, or the address of this project's server"},
    {"wrong_identity", "the kit's certificate is for somebody else: ask for a new kit"},
    {"binding_mismatch",
     "something between both sides ends TLS and starts it again: mtls does not pass it; exclude this "
     "connection from inspection"},
    {"security_floor", "give both sides the same message_security, see `fairlead config explain`"},
    {"disabled", "an administrator disabled this participant: ask for `fairlead admin enable NAME`"},
    {"quota", "too many logins of this participant now: end some of its processes"},
    {"busy", "the server has no room for another login now: try again later"},
    {"rate_limited", "too many attempts from this address: wait a minute and try again"},
}};

}  // namespace

std::string login_remedy(std::string_view reason) {
  for (const Remedy& one : kRemedies)
    if (one.reason == reason) return std::string(one.text);
  return {};
}

Row judge_login(const LoginFacts& facts) {
  if (facts.link)
    return ok("login", facts.target,
              "as " + facts.endpoint + ", message security " + base::name(facts.link->message_security) +
                  ", link: " + proved(facts.link->facts));
  Row row = failed(facts.error.value_or(base::Error{base::ErrorCode::internal, "no answer"}), "login",
                   facts.target);
  if (!facts.error) return row;
  // Connected is what the layers before have shown: who is silent now takes too long.
  if (facts.error->reason == "login_timeout" || facts.error->reason == "timed_out")
    row.code = base::ErrorCode::timed_out;
  if (std::string known = login_remedy(facts.error->reason); !known.empty()) row.remedy = std::move(known);
  return row;
}

Row judge_echo(const EchoFacts& facts) {
  // A refusal is an answer: a delegated kit, or one under a narrow policy, may not ping.
  const bool refused = facts.error && facts.error->reason == base::name(base::Refusal::not_allowed);
  if (facts.took && (!facts.error || refused))
    return ok("echo", "server",
              "round trip of " + std::to_string(facts.took->count()) + " us" +
                  (refused ? ": the server answers, this kit may not ping it" : ""));
  const base::Error error =
      facts.error.value_or(base::Error{base::ErrorCode::timed_out, "no answer to a ping", ""});
  Row row = failed(error, "echo", "server");
  if (row.remedy.empty())
    row.remedy =
        "the connection carries a login and then nothing: a filter that counts or inspects bytes, or "
        "an overloaded server; see the server's log";
  return row;
}

}  // namespace fairlead::doctor
