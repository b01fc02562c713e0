#include "stranger.hpp"

#include <openssl/err.h>

#include "auth/hello.hpp"
#include "auth/inner_message.hpp"
#include "auth/key_schedule.hpp"
#include "auth/login_request.hpp"
#include "auth/plain_frame.hpp"

namespace fairlead::auth {
namespace {

constexpr int kMostFlights = 10;
constexpr unsigned char kProtocol[] =
    "\x10"
    "fairlead-login/1";

int select_first(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered,
                 unsigned int, void*) {
  *out = offered + 1;
  *size = offered[0];
  return SSL_TLSEXT_ERR_OK;
}

Judgement judgement_of(const LoginStep& step, bool admitted) {
  if (step.refused) return {std::string(base::name(*step.refused)), step.detail};
  return {admitted ? "admitted" : "undecided", step.detail};
}

/// The bytes of the handshake in these frames.
base::Bytes login_bytes(base::Bytes frames) {
  base::Bytes out;
  each_frame(frames, [&](const frame::FrameView& frame) {
    if (frame.header.type == frame::FrameType::login) base::append(out, frame.body);
  });
  return out;
}

base::Bytes login_frames(base::ByteView tls_bytes, End from, World& world) {
  frame::Outbox out(world.memory);
  append_login(tls_bytes, from, out);
  return Connection::take(out);
}

base::Bytes hello_of(const World& world) {
  Hello hello;
  hello.audience = world.server_identity.audience();
  return plain_frame(frame::FrameType::hello, End::client, encode(hello));
}

base::Bytes request_of(const World& world, const PreludeHash& prelude) {
  LoginRequest request;
  request.project = world.client_identity.project;
  request.name = world.name;
  request.endpoint = world.endpoint;
  request.instance = world.instance;
  request.configured = base::ConnectionSecurity::clear;
  request.prelude = prelude.digest();
  return encode_inner(InnerKind::request, encode(request));
}

}  // namespace

Stranger::Stranger(paths::Side side, const paths::Path& path)
    : context_(SSL_CTX_new(TLS_method()), &SSL_CTX_free), ssl_(nullptr, &SSL_free) {
  SSL_CTX* context = context_.get();
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
  EXPECT_EQ(SSL_CTX_use_certificate(context, path.leaf()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey(context, path.leaf_key()), 1);
  for (X509* certificate : path.sent) EXPECT_EQ(SSL_CTX_add1_chain_cert(context, certificate), 1);
  SSL_CTX_set_alpn_protos(context, kProtocol, sizeof kProtocol - 1);
  SSL_CTX_set_alpn_select_cb(context, &select_first, nullptr);
  ssl_.reset(SSL_new(context));
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  if (side == paths::Side::server)
    SSL_set_accept_state(ssl_.get());
  else
    SSL_set_connect_state(ssl_.get());
}

base::Bytes Stranger::take_output() {
  char* data = nullptr;
  const long size = BIO_get_mem_data(SSL_get_wbio(ssl_.get()), &data);
  base::Bytes out = base::to_bytes(std::string_view(data, static_cast<size_t>(size)));
  static_cast<void>(BIO_reset(SSL_get_wbio(ssl_.get())));
  ERR_clear_error();
  return out;
}

base::Bytes Stranger::feed(base::ByteView tls_bytes) {
  BIO_write(SSL_get_rbio(ssl_.get()), tls_bytes.data(), static_cast<int>(tls_bytes.size()));
  SSL_do_handshake(ssl_.get());
  return take_output();
}

bool Stranger::done() const { return SSL_is_init_finished(ssl_.get()) == 1; }

base::Bytes Stranger::write(base::ByteView plain) {
  EXPECT_GT(SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size())), 0);
  return take_output();
}

base::Bytes Stranger::read() {
  base::Bytes out(4096);
  const int size = SSL_read(ssl_.get(), out.data(), static_cast<int>(out.size()));
  ERR_clear_error();
  out.resize(static_cast<size_t>(std::max(0, size)));
  return out;
}

Judgement server_judges(World& world, const paths::Path& path) {
  world.server_security = base::ConnectionSecurity::clear;
  const ServerLoginConfig config = world.server_config();
  frame::Outbox out(world.memory);
  ServerLogin server(config, {});
  LoginStep step;
  const auto say = [&](base::Bytes frames) {
    each_frame(frames, [&](const frame::FrameView& frame) {
      if (!step.refused) step = server.step(frame, out);
    });
  };
  server.start(out);
  PreludeHash prelude;
  prelude.add(Connection::take(out));
  const base::Bytes hello = hello_of(world);
  prelude.add(hello);
  say(hello);
  Stranger client(paths::Side::client, path);
  base::Bytes from_server;
  for (int i = 0; i < kMostFlights && !client.done() && !step.refused; ++i) {
    say(login_frames(client.feed(from_server), End::client, world));
    from_server = login_bytes(Connection::take(out));
  }
  if (!step.refused) say(login_frames(client.write(request_of(world, prelude)), End::client, world));
  return judgement_of(step, server.made_session());
}

Judgement client_judges(World& world, const paths::Path& path) {
  world.client_security = base::ConnectionSecurity::clear;
  const ServerLoginConfig server_config = world.server_config();
  const ClientLoginConfig config = world.client_config();
  frame::Outbox out(world.memory), to_client(world.memory);
  ServerLogin(server_config, {}).start(to_client);
  ClientLogin client(config, {});
  LoginStep step;
  const auto say = [&](base::Bytes frames) {
    each_frame(frames, [&](const frame::FrameView& frame) {
      if (!step.refused) step = client.step(frame, out);
    });
  };
  say(Connection::take(to_client));
  Stranger server(paths::Side::server, path);
  for (int i = 0; i < kMostFlights && !server.done() && !step.refused; ++i)
    say(login_frames(server.feed(login_bytes(Connection::take(out))), End::server, world));
  server.feed(login_bytes(Connection::take(out)));
  const auto said = decode_inner(server.read());
  return judgement_of(step, said && *said && (*said)->kind == InnerKind::request);
}

}  // namespace fairlead::auth
