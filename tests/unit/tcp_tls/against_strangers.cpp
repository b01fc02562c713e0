#include "against_strangers.hpp"

#include <ctime>

namespace {

using fairlead::paths::Path;
using fairlead::paths::pem_of;
using fairlead::paths::Side;

FakeConfig config_of(const std::string& security, const Path& own, const Path& trusted) {
  return {.texts = {{"security", security},
                    {"ca", pem_of(trusted.trusted)},
                    {"chain", pem_of(own.leaf())},
                    {"alpn", "fairlead/1"}},
          .numbers = {},
          .key = pem_of(own.leaf_key())};
}

bool is_settled(const fairlead_conn& conn) { return conn.opened + conn.closed > 0; }

}  // namespace

Path good_path(Side side, const std::string& key) {
  fairlead::paths::Recipe recipe(side, std::time(nullptr));
  recipe.leaf().key = key;
  return Path(recipe);
}

ListenerWithStranger::ListenerWithStranger(const std::string& key, const std::string& security)
    : own(good_path(Side::server, key)), theirs(good_path(Side::client)) {
  EXPECT_EQ(host.create(config_of(security, own, theirs)), FAIRLEAD_OK) << host.error();
  listener = host.listen("127.0.0.1:0");
  stranger.present(theirs);
}

void ListenerWithStranger::connect() {
  const size_t before = listener->accepted.size();
  stranger.dial(listener->address());
  EXPECT_TRUE(run([&] { return listener->accepted.size() > before && is_settled(accepted()); }));
}

DiallerWithStranger::DiallerWithStranger(const std::string& key)
    : own(good_path(Side::client)), theirs(good_path(Side::server, key)) {
  FakeConfig config = config_of("mtls", own, theirs);
  config.texts["server_name"] = fairlead::paths::kHost;
  EXPECT_EQ(host.create(config), FAIRLEAD_OK) << host.error();
  stranger.present(theirs);
}

void DiallerWithStranger::connect() {
  dialled = host.connect(address);
  EXPECT_TRUE(run([&] { return is_settled(*dialled); }));
}

bool agree(Stranger& client, Stranger& server) {
  fairlead_loop nothing;
  return run_with(nothing, client,
                  [&] {
                    server.step();
                    return (client.is_open() && server.is_open()) || client.is_over() || server.is_over();
                  }) &&
         client.is_open() && server.is_open();
}
