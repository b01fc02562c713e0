#include "given.hpp"

#include <arpa/inet.h>
#include <unistd.h>

std::string raw(const zmq_curve::PublicKey& key) { return {key.begin(), key.end()}; }

namespace {

FakeConfig config_of(const std::string& security) {
  FakeConfig config{.texts = {{"security", security}},
                    .numbers = {{"max_message", 1114112},
                                {"handshake", 5'000'000'000},
                                {"heartbeat", 5'000'000'000},
                                {"io_threads", 1},
                                {"max_peers", 2000},
                                {"ipv6_names", 0}},
                    .key = {}};
  config.key_option = "curve_key";
  return config;
}

void add_key(FakeConfig& config, const zmq_curve::KeyPair& own) {
  config.key.assign(own.secret.bytes().begin(), own.secret.bytes().end());
}

}  // namespace

FakeConfig listening_config(const std::string& security, const zmq_curve::KeyPair& own) {
  FakeConfig config = config_of(security);
  if (security != "clear") add_key(config, own);
  return config;
}

FakeConfig dialling_config(const std::string& security, const zmq_curve::KeyPair& own,
                           const zmq_curve::PublicKey& server) {
  FakeConfig config = config_of(security);
  if (security == "clear") return config;
  if (security == "mtls") add_key(config, own);
  config.texts["server_curve"] = zmq_curve::hex(server);
  return config;
}

Ends::Ends(const std::string& security, const Keys& keys)
    : Ends(security, listening_config(security, keys.server),
           dialling_config(security, keys.site, keys.server.public_key), keys) {}

Ends::Ends(const std::string&, const FakeConfig& listening, const FakeConfig& dialling, const Keys& keys)
    : server(loop, fairlead_transport_v1), client(loop, fairlead_transport_v1) {
  server.know_peers({{raw(keys.site.public_key), "site-1"}});
  EXPECT_EQ(server.create(listening), FAIRLEAD_OK) << server.error();
  EXPECT_EQ(client.create(dialling), FAIRLEAD_OK) << client.error();
}

void Ends::listen() {
  listener = server.listen("127.0.0.1:0");
  ASSERT_NE(listener, nullptr) << server.error();
}

int Ends::port() const { return std::stoi(listener->address().substr(listener->address().rfind(':') + 1)); }

fairlead_conn* Ends::dial() {
  fairlead_conn* conn = client.connect(listener->address());
  EXPECT_NE(conn, nullptr) << client.error();
  return conn;
}

void Ends::connect() {
  if (listener == nullptr) listen();
  dialled = dial();
  EXPECT_TRUE(run([&] { return dialled->opened + dialled->closed > 0; }));
  accepted = listener->accepted.empty() ? nullptr : &listener->accepted.back();
}

bool Ends::both_open() const {
  return accepted != nullptr && accepted->opened == 1 && dialled->opened == 1 && dialled->closed == 0;
}

int tcp_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return fd;
  ::close(fd);
  return -1;
}
