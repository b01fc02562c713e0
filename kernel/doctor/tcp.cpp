// The judgement; tcp_probe.cpp has the sockets.
#include "doctor/tcp.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace fairlead::doctor {
namespace {

constexpr const char* kComponent = "tcp";

struct Meaning {
  std::string detail, remedy;
};

Meaning meaning_of(int error, std::chrono::milliseconds patience, FirstHop hop) {
  const std::string words = std::system_category().message(error);
  switch (error) {
    case ECONNREFUSED:
      if (hop == FirstHop::proxy)
        return {"refused: no proxy listens there", "ask who runs the proxy for its host and port"};
      return {"refused: nobody listens there, or a firewall rejects openly",
              "check that the server runs and listens on this port (fairlead doctor -k SERVER_KIT on its "
              "machine); else send the firewall request below"};
    case ETIMEDOUT:
      return {"no answer within " + std::to_string(patience.count()) +
                  " ms: a firewall drops the packets, or the address belongs to nobody",
              "check the address, then send the firewall request below"};
    case EHOSTUNREACH:
    case ENETUNREACH:
      return {words + ": this machine has no way there",
              "check this machine's network, its routes and any VPN the server is behind"};
    case EACCES:
    case EPERM:
      return {words + ": a firewall of this machine forbids it",
              "let this program out in this machine's own firewall or container policy"};
    case ECONNRESET:
      return {words + ": something in between broke it off", "send the firewall request below"};
    default:
      return {words, "check this machine's network and its limits"};
  }
}

std::string took_text(std::chrono::microseconds took) {
  const int64_t tenths = took.count() / 100;
  return tenths < 10 ? "less than 1 ms"
                     : std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

}  // namespace

Rows judge_tcp(const std::vector<TcpFact>& facts, std::chrono::milliseconds patience, FirstHop hop) {
  const bool any = std::ranges::any_of(facts, [](const TcpFact& one) { return one.error == 0; });
  Rows rows;
  for (const TcpFact& one : facts) {
    if (one.error == 0) {
      rows.push_back(ok(kComponent, one.address, "connected in " + took_text(one.took)));
      continue;
    }
    Meaning meaning = meaning_of(one.error, patience, hop);
    if (any)
      rows.push_back(warning(kComponent, one.address, std::move(meaning.detail),
                             "another address of the name answers; take this one out of the name service if "
                             "it is not the server's"));
    else
      rows.push_back(failed(base::ErrorCode::cannot_connect, kComponent, one.address,
                            std::move(meaning.detail), std::move(meaning.remedy)));
  }
  return rows;
}

}  // namespace fairlead::doctor
