#include "doctor/listeners.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "doctor/addresses.hpp"

namespace fairlead::doctor {
namespace {

constexpr const char* kComponent = "listen";

/// 0, or why this address cannot be listened on.
int try_to_open(const NetAddress& at) {
  const kit::Descriptor socket(::socket(at.family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return errno;
  const int on = 1, off = 0;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (at.family == AF_INET6) ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  const auto* address = static_cast<const sockaddr*>(static_cast<const void*>(at.raw.data()));
  if (::bind(socket.get(), address, static_cast<socklen_t>(at.raw.size())) != 0) return errno;
  return ::listen(socket.get(), 1) == 0 ? 0 : errno;
}

Row in_use(const ListenFact& fact) {
  const std::string remedy =
      "stop that process, or change fed_learn_port in the project (listen.port in "
      "local/fairlead.yml)";
  if (!fact.holder)
    return failed(base::ErrorCode::failed, kComponent, fact.target,
                  "port is in use by a process that this user may not see", remedy);
  const std::string who = fact.holder->command + " (process " + std::to_string(fact.holder->pid) + ")";
  if (fact.holder->serves_this_kit) return ok(kComponent, fact.target, "this kit's server has it: " + who);
  return failed(base::ErrorCode::failed, kComponent, fact.target, "port is in use by " + who, remedy);
}

Rows look_at(const config::Listener& listener, const Patient& patient) {
  const NameFacts name = look_up(listener.host, listener.port, patient.patience);
  if (name.addresses.empty())
    return {failed(base::ErrorCode::bad_configuration, kComponent, config::text(listener),
                   "the host to listen on cannot be resolved: " + name.error,
                   "use an address of this machine as listen.host")};
  ListenFact fact{.target = config::text(listener), .port = listener.port};
  fact.error = try_to_open(name.addresses.front());
  if (fact.error == EADDRINUSE) fact.holder = holder_of(listener.port, patient.settings.kit);
  return {judge_listener(fact)};
}

}  // namespace

Row judge_listener(const ListenFact& fact) {
  const std::string words = std::system_category().message(fact.error);
  switch (fact.error) {
    case 0:
      return ok(kComponent, fact.target, fact.port == 0 ? "any free port" : "can be opened");
    case EADDRINUSE:
      return in_use(fact);
    case EACCES:
      return failed(base::ErrorCode::failed, kComponent, fact.target, words,
                    "ports below 1024 need a privilege: use a higher one, or give the service "
                    "CAP_NET_BIND_SERVICE");
    case EADDRNOTAVAIL:
      return failed(base::ErrorCode::bad_configuration, kComponent, fact.target,
                    words + ": the address is none of this machine",
                    "set listen.host to an address of this machine, or leave it out");
    default:
      return failed(base::ErrorCode::failed, kComponent, fact.target, words, "see this machine's limits");
  }
}

Rows listen_layer(Patient& patient) {
  Rows rows;
  for (const config::Listener& one : patient.participant->listeners)
    for (Row& row : look_at(one, patient)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace fairlead::doctor
