// The hostile client as a program: one attack on a live server, one JSON line with what the server said.
// Exit 0 when the server refused as it must, 1 when it did not, 4 on wrong arguments.
#include <iostream>
#include <map>

#include "base/json.hpp"
#include "support/hostile_client.hpp"

namespace {

using namespace fairlead;
using support::HostileClient;

constexpr const char* kUsage =
    "usage: hostile_client ATTACK ADDRESS KIT [OTHER]\n"
    "  replay        the same bytes with the same sequence number again\n"
    "  bad_origin    a correctly tagged message with OTHER as `from`\n"
    "  bad_token     a correctly tagged message with one token byte changed\n"
    "  login_refused a login with the kit OTHER of another project\n";

std::string told(const support::Verdict& verdict) {
  return verdict.told ? std::string(base::name(*verdict.told)) : verdict.closed ? "closed" : "nothing";
}

void replay(HostileClient& client) {
  const base::Bytes message = client.next_message(client.honest_draft("server", "fairlead/ping"));
  client.send(message);
  client.send(message);
}

void bad_origin(HostileClient& client, const std::string& other) {
  auth::Draft draft = client.honest_draft("server", "fairlead/ping");
  draft.from = other;
  client.send(client.next_message(std::move(draft)));
}

void bad_token(HostileClient& client) {
  client.session().current.token[client.session().current.token.size() / 2] ^= 1;
  client.send(client.next_message(client.honest_draft("server", "fairlead/ping")));
}

int attack(const std::string& name, const std::string& address, const kit::Kit& kit,
           const std::string& other) {
  std::optional<kit::Kit> foreign;
  if (name == "login_refused") {
    auto opened = kit::Kit::open(other, kit::VersionMemory::only_check);
    if (!opened) return std::cerr << opened.error().line() << '\n', 4;
    foreign.emplace(std::move(*opened));
  }
  HostileClient client(kit, foreign ? *foreign : kit, {.address = address});
  const bool logged_in = client.log_in();
  if (logged_in && name == "replay") replay(client);
  if (logged_in && name == "bad_origin") bad_origin(client, other);
  if (logged_in && name == "bad_token") bad_token(client);
  const std::string said = told(logged_in ? client.wait_for_verdict() : client.verdict());
  base::Json line = base::Json::object();
  line.set("attack", name).set("logged_in", logged_in).set("server_said", said);
  std::cout << line.dump() << std::endl;
  return said == name && logged_in == (name != "login_refused") ? 0 : 1;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.size() < 3 || arguments.size() > 4) return std::cerr << kUsage, 4;
  const auto kit = kit::Kit::open(arguments[2], kit::VersionMemory::only_check);
  if (!kit) return std::cerr << kit.error().line() << '\n', 4;
  const bool needs_other = arguments[0] == "bad_origin" || arguments[0] == "login_refused";
  if (needs_other != (arguments.size() == 4)) return std::cerr << kUsage, 4;
  return attack(arguments[0], arguments[1], *kit, needs_other ? arguments[3] : "");
}
