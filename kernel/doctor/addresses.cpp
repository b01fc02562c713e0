#include "doctor/addresses.hpp"

#include <arpa/inet.h>
#include <netdb.h>

#include <array>
#include <cstring>
#include <future>
#include <memory>
#include <thread>

#include "base/bytes.hpp"

namespace fairlead::doctor {
namespace {

constexpr const char* kComponent = "dns";

struct FreeAnswer {
  void operator()(addrinfo* answer) const noexcept { ::freeaddrinfo(answer); }
};

bool is_literal(const std::string& host) {
  std::array<uint8_t, sizeof(in6_addr)> bytes{};
  return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

std::vector<uint8_t> bytes_of(const addrinfo& one) {
  const auto* begin = static_cast<const uint8_t*>(static_cast<const void*>(one.ai_addr));
  return {begin, begin + one.ai_addrlen};
}

NameFacts ask(const std::string& host, uint16_t port) {
  NameFacts facts{.host = host, .literal = is_literal(host)};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, FreeAnswer> owner(found);
  if (error != 0) facts.error = ::gai_strerror(error);
  for (const addrinfo* one = found; error == 0 && one != nullptr; one = one->ai_next)
    facts.addresses.push_back(net_address(bytes_of(*one), one->ai_family));
  return facts;
}

std::string list(const std::vector<NetAddress>& addresses) {
  std::string text;
  for (const NetAddress& one : addresses) text += (text.empty() ? "" : ", ") + one.ip;
  return text;
}

}  // namespace

NetAddress net_address(std::vector<uint8_t> raw, int family) {
  NetAddress made{.raw = std::move(raw), .family = family};
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  const auto* address = static_cast<const sockaddr*>(static_cast<const void*>(made.raw.data()));
  if (::getnameinfo(address, static_cast<socklen_t>(made.raw.size()), host.data(), host.size(), port.data(),
                    port.size(), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return made;
  made.ip = host.data();
  if (made.ip.starts_with("::ffff:") && made.ip.find('.') != std::string::npos) made.ip = made.ip.substr(7);
  made.text = (made.ip.find(':') != std::string::npos ? "[" + made.ip + "]" : made.ip) + ":" + port.data();
  return made;
}

NameFacts look_up(const std::string& host, uint16_t port, std::chrono::milliseconds patience) {
  auto answer = std::make_shared<std::promise<NameFacts>>();  // owners: this call and the thread
  std::future<NameFacts> given = answer->get_future();
  // The resolver cannot be interrupted: a thread that still waits for it ends with the process.
  std::thread([answer, host, port] { answer->set_value(ask(host, port)); }).detach();
  if (given.wait_for(patience) == std::future_status::ready) return given.get();
  return {.host = host, .too_long = true};
}

Row judge_name(const NameFacts& facts) {
  const std::string remedy =
      "check the spelling of the host; else ask whoever runs the name service, or set connect_to in "
      "local/fairlead.yml to a name that this machine knows";
  if (facts.too_long)
    return failed(base::ErrorCode::cannot_connect, kComponent, facts.host, "no answer from the name service",
                  "check /etc/resolv.conf and whether a firewall lets DNS through (port 53)");
  if (!facts.error.empty())
    return failed(base::ErrorCode::cannot_connect, kComponent, facts.host,
                  "cannot be resolved: " + facts.error, remedy);
  if (facts.addresses.empty())
    return failed(base::ErrorCode::cannot_connect, kComponent, facts.host, "has no address", remedy);
  return ok(kComponent, facts.host, facts.literal ? "an address, nothing to look up" : list(facts.addresses));
}

Rows dns_layer(Patient& patient) {
  const loop::HostPort to = patient.first_hop();
  NameFacts facts = look_up(to.host, to.port, patient.patience);
  patient.addresses = facts.addresses;
  return {judge_name(facts)};
}

}  // namespace fairlead::doctor
