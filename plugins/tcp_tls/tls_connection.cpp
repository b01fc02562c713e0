#include "tls_connection.hpp"

#include <algorithm>
#include <cerrno>
#include <new>
#include <optional>
#include <system_error>

#include "address.hpp"
namespace tcp_tls {
namespace {

using fairlead::transport::Error;
using fairlead::transport::Fd;
using fairlead::transport::status_of;
using fairlead::transport::text;

/// Ciphertext that may wait for the socket before encryption pauses.
constexpr size_t kHighWater = 262'144;

}  // namespace

TlsConnection::TlsConnection(const fairlead_host& host, fairlead_loop* loop, Fd accepted, Instance& instance)
    : FdConnection(host, loop, std::move(accepted)),
      instance_(instance),
      side_(Side::kListening),
      wire_(instance.scratch) {}

TlsConnection::TlsConnection(const fairlead_host& host, fairlead_loop* loop, std::string_view address,
                             Instance& instance)
    : FdConnection(host, loop, address),
      instance_(instance),
      side_(Side::kDialling),
      name_(parse_host_port(address).host),
      wire_(instance.scratch) {}

fairlead_status TlsConnection::describe(fairlead_peer& out) const {
  const bool refused_peer = !verdict_.refusal.empty();
  if (security_ == 0 && !refused_peer) return FAIRLEAD_E_CLOSED;
  out.security = security_;
  out.local_address = text(names_.local);
  out.remote_address = text(names_.remote);
  out.protocol = text(protocol_);
  out.cipher = text(cipher_);
  out.certificate_der = {verdict_.peer_leaf.data(), verdict_.peer_leaf.size()};
  if (has_binding_) out.channel_binding = {binding_.data(), binding_.size()};
  return FAIRLEAD_OK;
}

void TlsConnection::connected() {
  const CleanErrorQueue clean;
  if (side_ == Side::kDialling) tune(fd(), instance_.settings.tuning);
  names_ = names_of(fd());
  // OpenSSL's state is some 60 KiB: a stranger has to say something before it gets any.
  if (side_ == Side::kDialling) {
    start_tls();
    shake_hands();
  }
  wire_.settle();
  if (is_opening()) push();
}

void TlsConnection::start_tls() {
  const bool dialling = side_ == Side::kDialling;
  SSL_CTX* context = (dialling ? instance_.contexts.dialling : instance_.contexts.listening).get();
  if (context == nullptr) throw Error(FAIRLEAD_E_CREDENTIAL, "no credentials for this side of TLS");
  ssl_.reset(SSL_new(context));
  if (!ssl_) throw std::bad_alloc();
  BIO* bio = wire_.make_bio().release();
  SSL_set_bio(ssl_.get(), bio, bio);
  verdict_.rules = instance_.settings.rules;
  verdict_.alpn = instance_.settings.alpn;
  attach_verdict(*ssl_, verdict_);
  if (dialling) {
    const std::string& given = instance_.settings.server_name;
    expect_name(*ssl_, verdict_, given.empty() ? name_ : given);
    SSL_set_connect_state(ssl_.get());
  } else {
    SSL_set_accept_state(ssl_.get());
  }
}

void TlsConnection::shake_hands() {
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    record_facts();
    established();
  } else if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) {
    fail(explain_failure(verdict_));
  }
}

void TlsConnection::record_facts() {
  SSL* ssl = ssl_.get();
  protocol_ = SSL_get_version(ssl);
  cipher_ = SSL_get_cipher_name(ssl);
  const bool proven =
      side_ == Side::kListening || (verdict_.own_certificate_asked && SSL_get_certificate(ssl) != nullptr);
  // Verification is mandatory wherever it is configured, so a certificate here is a verified one.
  security_ = FAIRLEAD_SEC_CONFIDENTIAL;
  if (!verdict_.peer_leaf.empty()) security_ |= FAIRLEAD_SEC_PEER_VERIFIED;
  if (proven) security_ |= FAIRLEAD_SEC_SELF_PROVEN;
  // RFC 9266 section 4.2: below TLS 1.3 the exporter is unique only with the extended master secret.
  if (SSL_version(ssl) < TLS1_3_VERSION && SSL_get_extms_support(ssl) != 1) return;
  constexpr std::string_view kLabel = "EXPORTER-Channel-Binding";
  has_binding_ = SSL_export_keying_material(ssl, binding_.data(), binding_.size(), kLabel.data(),
                                            kLabel.size(), nullptr, 0, 1) == 1;
}

bool TlsConnection::holds_input() const noexcept {
  return wire_.unread() > 0 || (ssl_ && SSL_has_pending(ssl_.get()) == 1);
}

bool TlsConnection::takes_input() const noexcept { return is_opening() || (is_open() && reading()); }

void TlsConnection::receive() {
  const CleanErrorQueue clean;
  if (!ssl_) start_tls();
  if (holds_input()) deliver();
  // A bounded burst: the loop's other descriptors get their turn; level triggering brings us back.
  for (int burst = 0; burst < 4 && takes_input(); ++burst) {
    const Wire::Filled filled = wire_.fill(fd());
    if (filled == Wire::Filled::kNothing) break;
    if (filled == Wire::Filled::kEnd || filled == Wire::Filled::kFailed) {
      meet_end(filled);
      break;
    }
    heard_peer_ = true;
    deliver();
    if (filled == Wire::Filled::kAll) break;
  }
  wire_.settle();
  // What OpenSSL answers by itself: handshake messages, key updates.
  if (!ended() && wire_.unsent() > 0 && write_error_ == 0) push();
}

void TlsConnection::deliver() {
  if (is_opening()) shake_hands();
  if (is_open() && reading()) decrypt();
}

void TlsConnection::decrypt() {
  while (is_open() && reading()) {
    uint8_t* space = nullptr;
    size_t size = 0;
    const size_t want = std::max(Scratch::kRecord, wire_.unread());
    if (host().rx_reserve(kernel(), want, &space, &size) != FAIRLEAD_OK) return stop_reading();
    int trouble = SSL_ERROR_NONE;
    const size_t filled = decrypt_into({space, size}, trouble);
    const bool broken =
        trouble != SSL_ERROR_NONE && trouble != SSL_ERROR_WANT_READ && trouble != SSL_ERROR_ZERO_RETURN;
    // Explained before the kernel gets the thread: it may use OpenSSL, and its error queue, as well.
    const std::optional<TlsFailure> failure =
        broken ? std::optional(explain_failure(verdict_)) : std::nullopt;
    if (filled > 0 && host().rx_commit(kernel(), filled) != FAIRLEAD_OK) stop_reading();
    if (failure) return fail(*failure);
    if (trouble == SSL_ERROR_ZERO_RETURN) return end(FAIRLEAD_E_CLOSED, "closed by the peer");
    if (trouble == SSL_ERROR_WANT_READ) return;
  }
}

size_t TlsConnection::decrypt_into(std::span<uint8_t> space, int& trouble) {
  size_t filled = 0;
  while (filled < space.size()) {
    size_t got = 0;
    const int result = SSL_read_ex(ssl_.get(), space.data() + filled, space.size() - filled, &got);
    if (result != 1) {
      trouble = SSL_get_error(ssl_.get(), result);
      break;
    }
    filled += got;
  }
  return filled;
}

bool TlsConnection::transmit() {
  const CleanErrorQueue clean;
  if (write_error_ != 0) return end_after_write_error();
  for (;;) {
    const Wire::Flushed flushed = wire_.flush(fd());
    if (flushed == Wire::Flushed::kFailed) write_error_ = errno;
    if (flushed != Wire::Flushed::kAll) return false;
    if (unsent().empty()) return true;
    encrypt_some();
    if (ended()) return false;
  }
}

/// The socket refuses bytes, yet may hold the peer's last words, such as the alert that says why. They are
/// read one readiness later, because payload in front of them may be delivered from a callback only.
bool TlsConnection::end_after_write_error() {
  receive();
  end(status_of(write_error_), "write: " + std::generic_category().message(write_error_));
  return false;
}

void TlsConnection::encrypt_some() {
  const std::span<uint8_t> record = instance_.scratch.record();
  size_t staged = 0;
  while (!unsent().empty() && wire_.unsent() < kHighWater && !ended()) {
    const iovec head = unsent().front();
    const std::span<const uint8_t> slice(static_cast<const uint8_t*>(head.iov_base), head.iov_len);
    if (staged == 0 && slice.size() >= record.size()) {
      write_record(slice.first(record.size()));
      if (!ended()) consume(record.size());
      continue;
    }
    const size_t step = std::min(slice.size(), record.size() - staged);
    std::copy_n(slice.begin(), step, record.begin() + static_cast<ptrdiff_t>(staged));
    staged += step;
    consume(step);
    if (staged < record.size() && !unsent().empty()) continue;
    write_record(record.first(staged));
    staged = 0;
  }
}

void TlsConnection::write_record(std::span<const uint8_t> plaintext) {
  size_t written = 0;
  // The BIO takes everything, so a partial write or a wait cannot happen.
  if (SSL_write_ex(ssl_.get(), plaintext.data(), plaintext.size(), &written) != 1)
    fail(explain_failure(verdict_));
}

void TlsConnection::farewell() {
  const CleanErrorQueue clean;
  SSL_shutdown(ssl_.get());
}

void TlsConnection::fail(const TlsFailure& failure) {
  if (failure.judge == TlsFailure::Judge::kUs && failure.status == FAIRLEAD_E_PEER_AUTH)
    return end_after_farewell(failure.status, failure.text);
  wire_.flush(fd());  // an alert, as far as it goes
  end(failure.status, failure.text);
}

void TlsConnection::meet_end(Wire::Filled how) {
  if (how == Wire::Filled::kFailed) {
    const int os_errno = errno;
    return end(status_of(os_errno), "read: " + std::generic_category().message(os_errno));
  }
  if (is_open()) return end(FAIRLEAD_E_RESET, "the peer ended without close_notify; bytes may be missing");
  if (heard_peer_) return end(FAIRLEAD_E_PROTOCOL, "the peer ended in the middle of the TLS handshake");
  end(FAIRLEAD_E_CLOSED, "the peer ended before the TLS handshake");
}

}  // namespace tcp_tls
