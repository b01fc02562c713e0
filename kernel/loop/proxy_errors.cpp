#include "loop/proxy_errors.hpp"

#include <array>
#include <utility>

namespace fairlead::loop {
namespace {

struct Cause {
  const char* reason;
  std::string what;  ///< follows "cannot connect to TARGET through the proxy URL: "
  std::string hint;
};

base::Error error_of(const Proxy& proxy, const std::string& target, Cause cause) {
  return {base::ErrorCode::cannot_connect,
          "cannot connect to " + target + " through the proxy " + proxy.url() + ": " + cause.what,
          std::move(cause.hint), "", cause.reason};
}

std::string names_of_schemes(unsigned long schemes) {
  constexpr std::array kNames = {std::pair{CURLAUTH_BASIC, "Basic"}, std::pair{CURLAUTH_DIGEST, "Digest"},
                                 std::pair{CURLAUTH_NTLM, "NTLM"}, std::pair{CURLAUTH_NEGOTIATE, "Negotiate"},
                                 std::pair{CURLAUTH_BEARER, "Bearer"}};
  std::string all;
  for (const auto& [bit, name] : kNames)
    if ((schemes & bit) != 0) all += (all.empty() ? "" : ", ") + std::string(name);
  return all.empty() ? "no scheme that is known here" : all;
}

std::string quoted(const ProxyAnswer& answer) { return "\"" + answer.status_line() + "\""; }

std::string ask_to_allow(const std::string& target) {
  return "ask who runs the proxy to allow CONNECT to " + target;
}

constexpr const char* kNameCredentials =
    "put user:password into a file of KIT/local/secrets and name it: proxy_credentials: NAME in "
    "KIT/local/fairlead.yml";

Cause wants_login(const Proxy& proxy, const ProxyFailure& failure, const ProxyAnswer& answer) {
  const std::string offer = "it offers " + names_of_schemes(failure.schemes);
  if (proxy.credentials.empty())
    return {"proxy_needs_credentials",
            "it asks for user and password (" + offer + "), and none are configured: " + quoted(answer),
            kNameCredentials};
  const bool only_negotiate = (failure.schemes & ~(CURLAUTH_NEGOTIATE | CURLAUTH_BEARER)) == 0 &&
                              (failure.schemes & CURLAUTH_NEGOTIATE) != 0;
  return {"proxy_refused_credentials",
          "it does not take the credentials that are configured (" + offer + "): " + quoted(answer),
          only_negotiate ? "for Negotiate let the secret be a lone \":\" and get a Kerberos ticket (kinit)"
                         : "correct the secret in KIT/local/secrets, or ask who runs the proxy"};
}

Cause refused_by_status(const std::string& target, long status, const ProxyAnswer& answer) {
  if (status >= 500)
    return {"proxy_cannot_reach", "it did not get there: " + quoted(answer),
            "check that the server runs and that the proxy can reach it; " + ask_to_allow(target)};
  return {"proxy_denied", "it does not allow that: " + quoted(answer), ask_to_allow(target)};
}

Cause no_answer(const ProxyFailure& failure, const ProxyAnswer& answer) {
  const char* const hint = "check host, port and kind of the proxy (http or socks5)";
  if (answer.is_too_long())
    return {"proxy_bad_answer",
            "its answer is longer than " + std::to_string(ProxyAnswer::kMostBytes >> 10) + " KiB", hint};
  if (!answer.is_http())
    return {"proxy_bad_answer", "what answers is no HTTP proxy: " + quoted(answer), hint};
  if (failure.code == CURLE_COULDNT_CONNECT)
    return {"proxy_unreachable", "it closed the connection and takes no other: " + shown(failure.words),
            "check that the proxy runs"};
  return {"proxy_bad_answer", "it gave no answer that can be used: " + shown(failure.words), hint};
}

/// RFC 1928, section 6, and what stands before it.
Cause cause_of_socks(const Proxy& proxy, const std::string& target, const ProxyFailure& failure) {
  switch (failure.socks) {
    case CURLPX_REPLY_NOT_ALLOWED:
      return {"proxy_denied", "it does not allow that (SOCKS reply 2)",
              "ask who runs the proxy to allow connections to " + target};
    case CURLPX_REPLY_GENERAL_SERVER_FAILURE:
    case CURLPX_REPLY_NETWORK_UNREACHABLE:
    case CURLPX_REPLY_HOST_UNREACHABLE:
    case CURLPX_REPLY_CONNECTION_REFUSED:
    case CURLPX_REPLY_TTL_EXPIRED:
      return {"proxy_cannot_reach", "it did not get there: " + shown(failure.words),
              "check that the server runs and that the proxy can reach it and resolve its name"};
    case CURLPX_REPLY_COMMAND_NOT_SUPPORTED:
    case CURLPX_REPLY_ADDRESS_TYPE_NOT_SUPPORTED:
    case CURLPX_REPLY_UNASSIGNED:
      return {"proxy_denied", "it cannot do that: " + shown(failure.words),
              "use a proxy that takes CONNECT with host names (SOCKS5)"};
    case CURLPX_NO_AUTH:
    case CURLPX_GSSAPI:
    case CURLPX_GSSAPI_PERMSG:
      if (proxy.credentials.empty())
        return {"proxy_needs_credentials", "it asks for credentials, and none are configured",
                kNameCredentials};
      [[fallthrough]];
    case CURLPX_USER_REJECTED:
      return {"proxy_refused_credentials", "it does not take the credentials that are configured",
              "correct the secret in KIT/local/secrets, or ask who runs the proxy"};
    default:
      return {"proxy_bad_answer", "what answers is no SOCKS5 proxy: " + shown(failure.words),
              "check host, port and kind of the proxy (http or socks5)"};
  }
}

}  // namespace

base::Error cannot_reach_proxy(const Proxy& proxy, const std::string& target, const base::Error& why) {
  const bool is_name = why.reason == "unknown_host";
  return error_of(proxy, target,
                  {is_name ? "proxy_unknown_host" : "proxy_unreachable", why.text,
                   is_name ? "check the proxy's name and this machine's name service"
                           : "check that the proxy runs there and that a firewall lets us reach it"});
}

base::Error error_of_http(const Proxy& proxy, const std::string& target, const ProxyFailure& failure,
                          const ProxyAnswer& answer) {
  // tinyproxy answers a wrong password with 401; nobody but the proxy itself can answer CONNECT so.
  const bool is_about_login = failure.status == 407 || failure.status == 401;
  const bool is_whole = answer.is_http() && !answer.is_too_long();
  if (is_whole && is_about_login) return error_of(proxy, target, wants_login(proxy, failure, answer));
  if (is_whole && failure.status >= 300)
    return error_of(proxy, target, refused_by_status(target, failure.status, answer));
  return error_of(proxy, target, no_answer(failure, answer));
}

base::Error error_of_socks(const Proxy& proxy, const std::string& target, const ProxyFailure& failure) {
  return error_of(proxy, target, cause_of_socks(proxy, target, failure));
}

base::Error cannot_start(const std::string& target, const std::string& why) {
  return {base::ErrorCode::cannot_connect, "cannot connect to " + target + ": " + why,
          "check the address and the limits of this process", "", "no_resource"};
}

}  // namespace fairlead::loop
