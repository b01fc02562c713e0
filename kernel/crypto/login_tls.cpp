#include "crypto/login_tls.hpp"

#include <openssl/err.h>

#include <optional>

#include "base/assert.hpp"
#include "crypto/login_tls_state.hpp"

namespace fairlead::crypto {

using base::Checked;
using base::Refusal;

namespace {

constexpr size_t kMaxFromPeer = 32 * 1024;

enum class Phase { handshake, established };

/// What the library says after a call that did not succeed: it waits for the peer, or it is over.
bool waits_for_peer(const SSL* ssl, int result) noexcept {
  return SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ;
}

bool is_peer_alert(unsigned long error) noexcept {
  return ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) >= SSL_AD_REASON_OFFSET;
}

OwnedSslContext share(const OwnedSslContext& context) {
  const bool shared = context != nullptr && SSL_CTX_up_ref(context.get()) == 1;
  return OwnedSslContext(shared ? context.get() : nullptr);
}

ChainPurpose purpose_of_peer(LoginTlsContext::Side own) noexcept {
  return own == LoginTlsContext::Side::server ? ChainPurpose::client_login : ChainPurpose::server_login;
}

}  // namespace

struct LoginTls::State {
  explicit State(const LoginTlsContext::State& from)
      : check{from.anchor, from.clock, purpose_of_peer(from.side), from.kind, share(from.delegates)},
        ssl(SSL_new(from.context.get())) {
    OwnedBio from_peer(BIO_new(BIO_s_mem())), to_peer(BIO_new(BIO_s_mem()));
    FAIRLEAD_ASSERT(ssl != nullptr && from_peer != nullptr && to_peer != nullptr);
    SSL_set_bio(ssl.get(), from_peer.release(), to_peer.release());
    SSL_set_app_data(ssl.get(), &check);
    if (from.side == LoginTlsContext::Side::server)
      SSL_set_accept_state(ssl.get());
    else
      SSL_set_connect_state(ssl.get());
  }

  Checked<void> accept_bytes(base::ByteView from_peer);
  Checked<void> advance();
  Checked<void> check_protocol();
  Checked<void> read_plain();
  Checked<void> fail(Refusal why, std::string text);
  Checked<void> fail_with_library_error();

  PeerCheck check;
  OwnedSsl ssl;  // holds a share of the context's SSL_CTX
  Phase phase = Phase::handshake;
  std::optional<Refusal> failed;  // why it is over
  std::string failure_text;
  base::Bytes plain;
  size_t fed = 0;
};

Checked<void> LoginTls::State::fail(Refusal why, std::string text) {
  failed = why;
  failure_text = std::move(text);
  plain.clear();
  return tl::unexpected(why);
}

Checked<void> LoginTls::State::fail_with_library_error() {
  const unsigned long first = ERR_peek_error();
  std::string text = drain_errors();
  if (check.refusal) return fail(*check.refusal, check.detail);
  return fail(is_peer_alert(first) ? Refusal::login_refused : Refusal::malformed, std::move(text));
}

Checked<void> LoginTls::State::accept_bytes(base::ByteView from_peer) {
  if (from_peer.size() > kMaxFromPeer - fed)
    return fail(Refusal::too_large, "more than 32 KiB from the peer");
  fed += from_peer.size();
  if (from_peer.empty()) return {};
  const int size = narrow(from_peer.size());
  if (BIO_write(SSL_get_rbio(ssl.get()), from_peer.data(), size) != size) return fail_with_library_error();
  return {};
}

Checked<void> LoginTls::State::advance() {
  if (phase == Phase::established) return {};
  const int result = SSL_do_handshake(ssl.get());
  if (result != 1) return waits_for_peer(ssl.get(), result) ? Checked<void>{} : fail_with_library_error();
  FAIRLEAD_TRY(check_protocol());
  if (check.path.empty()) return fail(Refusal::bad_chain, "the peer's certificate was not checked");
  phase = Phase::established;
  return {};
}

/// The library lets a handshake without ALPN pass, on either side.
Checked<void> LoginTls::State::check_protocol() {
  const uint8_t* selected = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl.get(), &selected, &size);
  const std::string_view wanted = protocol_of(check.kind);
  if (base::as_text({selected, size}) == wanted) return {};
  return fail(Refusal::malformed, "the peer did not agree on ALPN " + std::string(wanted));
}

Checked<void> LoginTls::State::read_plain() {
  if (phase != Phase::established) return {};
  for (;;) {
    base::ByteArray<4096> chunk;
    size_t size = 0;
    const int result = SSL_read_ex(ssl.get(), chunk.data(), chunk.size(), &size);
    if (result != 1) return waits_for_peer(ssl.get(), result) ? Checked<void>{} : fail_with_library_error();
    base::append(plain, base::ByteView(chunk).first(size));
  }
}

LoginTls::LoginTls(const LoginTlsContext& context) : state_(std::make_unique<State>(*context.state_)) {}
LoginTls::LoginTls(LoginTls&&) noexcept = default;
LoginTls& LoginTls::operator=(LoginTls&&) noexcept = default;
LoginTls::~LoginTls() = default;

Checked<void> LoginTls::feed(base::ByteView from_peer) {
  if (state_->failed) return tl::unexpected(*state_->failed);
  ERR_clear_error();
  FAIRLEAD_TRY(state_->accept_bytes(from_peer));
  FAIRLEAD_TRY(state_->advance());
  return state_->read_plain();
}

base::Bytes LoginTls::take_output() {
  BIO* bio = SSL_get_wbio(state_->ssl.get());
  base::Bytes out = base::to_bytes(written(bio));
  static_cast<void>(BIO_reset(bio));
  return out;
}

bool LoginTls::done() const noexcept { return state_->phase == Phase::established && !state_->failed; }
LoginKind LoginTls::kind() const noexcept { return state_->check.kind; }
const std::string& LoginTls::failure_text() const noexcept { return state_->failure_text; }
const Certificate* LoginTls::peer() const noexcept { return done() ? &state_->check.path.front() : nullptr; }
std::span<const Certificate> LoginTls::peer_path() const noexcept {
  return done() ? std::span<const Certificate>(state_->check.path) : std::span<const Certificate>();
}

Checked<void> LoginTls::write(base::ByteView plain) {
  if (!done()) return tl::unexpected(state_->failed.value_or(Refusal::wrong_state));
  if (plain.empty()) return {};
  ERR_clear_error();
  size_t size = 0;
  if (SSL_write_ex(state_->ssl.get(), plain.data(), plain.size(), &size) == 1) return {};
  return state_->fail_with_library_error();
}

base::Bytes LoginTls::read() { return std::exchange(state_->plain, {}); }

base::Secret LoginTls::exporter(std::string_view label, base::ByteView context, size_t size) const {
  FAIRLEAD_ASSERT(done());
  base::Secret out(size);
  FAIRLEAD_ASSERT(SSL_export_keying_material(state_->ssl.get(), out.expose_mutable().data(), size,
                                             label.data(), label.size(), context.data(), context.size(),
                                             1) == 1);
  return out;
}

}  // namespace fairlead::crypto
