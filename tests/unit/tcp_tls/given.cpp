#include "given.hpp"

#include <dlfcn.h>

#include <cstdlib>

#include "build_paths.hpp"

const fairlead_transport& plugin() {
  static const fairlead_transport* const kTable = [] {
    // scripts/gate-mutants puts a changed one in its place.
    const char* other = std::getenv("FAIRLEAD_PLUGIN_UNDER_TEST");
    const char* path = other != nullptr ? other : FAIRLEAD_BINARY_DIR "/plugins/tcp_tls.so";
    void* library = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
    EXPECT_NE(library, nullptr) << ::dlerror();
    return static_cast<const fairlead_transport*>(::dlsym(library, FAIRLEAD_TRANSPORT_SYMBOL));
  }();
  return *kTable;
}

FakeConfig clear_config() { return {.texts = {{"security", "clear"}}, .numbers = {}, .key = {}}; }

FakeConfig listening_config(const std::string& security, const Authority& trusted, const Identity& own) {
  if (security == "clear") return clear_config();
  return {
      .texts = {{"security", security}, {"ca", trusted.pem()}, {"chain", own.chain}, {"alpn", "fairlead/1"}},
      .numbers = {},
      .key = own.key};
}

FakeConfig dialling_config(const std::string& security, const Authority& trusted, const Identity* own) {
  if (security == "clear") return clear_config();
  FakeConfig config{.texts = {{"security", security}, {"ca", trusted.pem()}, {"alpn", "fairlead/1"}},
                    .numbers = {},
                    .key = {}};
  if (own == nullptr || security != "mtls") return config;
  config.texts["chain"] = own->chain;
  config.key = own->key;
  return config;
}

Ends::Ends(const FakeConfig& listening, const FakeConfig& dialling)
    : server(loop, plugin()), client(loop, plugin()) {
  EXPECT_EQ(server.create(listening), FAIRLEAD_OK) << server.error();
  EXPECT_EQ(client.create(dialling), FAIRLEAD_OK) << client.error();
}

void Ends::connect(const std::string& host, const std::string& listen_host) {
  if (listener == nullptr) listener = server.listen(listen_host + ":0");
  ASSERT_NE(listener, nullptr) << server.error();
  const std::string address = listener->address();
  const size_t before = listener->accepted.size();
  dialled = client.connect(host + address.substr(address.rfind(':')));
  ASSERT_NE(dialled, nullptr) << client.error();
  const auto settled = [](const fairlead_conn& conn) { return conn.opened + conn.closed > 0; };
  EXPECT_TRUE(run([&] {
    return settled(*dialled) && listener->accepted.size() > before && settled(listener->accepted.back());
  }));
  accepted = listener->accepted.size() > before ? &listener->accepted.back() : nullptr;
}

bool Ends::both_open() const {
  return dialled != nullptr && accepted != nullptr && dialled->opened == 1 && accepted->opened == 1 &&
         dialled->closed + accepted->closed == 0;
}

std::pair<FakeConfig, FakeConfig> GivenConfigs(const std::string& security, const Project& project) {
  return {listening_config(security, project.authority, project.server),
          dialling_config(security, project.authority, &project.site)};
}

std::unique_ptr<Ends> GivenConnectedEnds(const std::string& security, const std::string& host) {
  static const Project kProject;
  const auto [listening, dialling] = GivenConfigs(security, kProject);
  auto ends = std::make_unique<Ends>(listening, dialling);
  ends->connect(host, host == "[::1]" ? "[::1]" : "127.0.0.1");
  EXPECT_TRUE(ends->both_open()) << ends->dialled->detail;
  return ends;
}

std::string pattern(size_t size) {
  std::string bytes(size, '\0');
  uint32_t state = 1;
  for (char& byte : bytes) {
    state = state * 1664525u + 1013904223u;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}
