// Bodies of FdConnection, kept out of the page a plugin author reads.
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace fairlead::transport {

namespace detail {

inline bool would_block(int os_errno) noexcept { return os_errno == EAGAIN || os_errno == EWOULDBLOCK; }

/// How long a refused peer is given to read why: long enough for a slow line, short enough not to be a
/// resource.
inline constexpr uint64_t kFarewellTime = 500'000'000;

}  // namespace detail

inline FdConnection::FdConnection(const fairlead_host& host, fairlead_loop* loop, Fd fd)
    : Connection(host), loop_(loop), state_(State::kConnecting), soon_(host, loop) {
  adopt(std::move(fd));
}

inline FdConnection::FdConnection(const fairlead_host& host, fairlead_loop* loop, std::string_view host_port)
    : Connection(host), loop_(loop), state_(State::kDialling), soon_(host, loop) {
  dial_.emplace(host, loop, host_port, [this](fairlead_status status, Fd fd, std::string_view detail) {
    guarded([&] { dialled(status, std::move(fd), detail); });
  });
}

template <class Body>
void FdConnection::guarded(Body body) noexcept {
  try {
    body();
  } catch (const Error& e) {
    end(e.status(), e.what());
  } catch (const std::bad_alloc&) {
    end(FAIRLEAD_E_NO_RESOURCE, "out of memory");
  } catch (const std::exception& e) {
    end(FAIRLEAD_E_INTERNAL, e.what());
  } catch (...) {
    end(FAIRLEAD_E_INTERNAL, "unknown exception");
  }
}

inline void FdConnection::dialled(fairlead_status status, Fd fd, std::string_view detail) {
  if (status != FAIRLEAD_OK) return end(status, detail);
  state_ = State::kConnecting;
  adopt(std::move(fd));
}

inline void FdConnection::adopt(Fd fd) {
  fd_ = std::move(fd);
  // Writable means connected; waiting for it also keeps opened() out of connect() and accepted().
  watch_.emplace(host(), loop_, fd_.get(), FAIRLEAD_WRITABLE,
                 [this](uint32_t events) { guarded([&] { ready(events); }); });
}

inline void FdConnection::ready(uint32_t events) {
  if (state_ == State::kConnecting) return begin();
  if (blocked_ && (events & (FAIRLEAD_WRITABLE | FAIRLEAD_HANGUP)) != 0) push();
  if ((events & (FAIRLEAD_READABLE | FAIRLEAD_HANGUP)) != 0) take_input();
  update();
}

inline void FdConnection::take_input() {
  if (ended()) return;
  if (closing_ || state_ == State::kLeaving || state_ == State::kDiscarding) return discard();
  if (reading_ || state_ == State::kOpening) receive();
}

inline void FdConnection::begin() {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0)
    return end(status_of(error), "connect: " + std::generic_category().message(error));
  state_ = State::kOpening;
  connected();
  update();
}

inline void FdConnection::established() {
  state_ = State::kOpen;
  host().opened(kernel());
}

inline fairlead_status FdConnection::send(std::span<const fairlead_bytes> slices, uint64_t cookie) {
  if (ended() || closing_ || state_ == State::kDiscarding) return FAIRLEAD_E_CLOSED;
  if (in_flight_ || state_ != State::kOpen) {
    starved_ = true;
    return FAIRLEAD_AGAIN;
  }
  slices_.reserve(slices.size());
  for (const fairlead_bytes& slice : slices)
    if (slice.size != 0) slices_.push_back({const_cast<uint8_t*>(slice.data), slice.size});
  cookie_ = cookie;
  in_flight_ = true;
  guarded([&] {
    if (!blocked_) push();
    update();
  });
  return FAIRLEAD_OK;
}

inline void FdConnection::push() {
  blocked_ = !transmit();
  if (ended() || blocked_) return;
  if (in_flight_) complete(FAIRLEAD_OK);
  if (closing_ && state_ == State::kOpen) {
    state_ = State::kLeaving;
    farewell();
    blocked_ = !transmit();
    if (ended() || blocked_) return;
  }
  if (state_ != State::kLeaving) return;
  ::shutdown(fd_.get(), SHUT_WR);
  state_ = State::kDiscarding;
  if (peer_ended_) end(why_, detail_);
}

inline void FdConnection::complete(fairlead_status status) noexcept {
  in_flight_ = false;
  slices_.clear();
  first_ = 0;
  host().tx_done(kernel(), cookie_, status);
  if (std::exchange(starved_, false) && !closing_ && !ended()) host().tx_ready(kernel());
}

inline void FdConnection::consume(size_t bytes) noexcept {
  while (bytes != 0) {
    iovec& head = slices_[first_];
    const size_t step = std::min(bytes, head.iov_len);
    head.iov_base = static_cast<uint8_t*>(head.iov_base) + step;
    head.iov_len -= step;
    bytes -= step;
    if (head.iov_len == 0) ++first_;
  }
}

inline bool FdConnection::transmit() {
  while (!unsent().empty()) {
    msghdr message{};
    message.msg_iov = unsent().data();
    message.msg_iovlen = std::min<size_t>(unsent().size(), IOV_MAX);
    const ssize_t sent = ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL);
    if (sent >= 0) {
      consume(static_cast<size_t>(sent));
    } else if (detail::would_block(errno)) {
      return false;
    } else if (errno != EINTR) {
      end(status_of(errno), "write: " + std::generic_category().message(errno));
      return false;
    }
  }
  return true;
}

inline void FdConnection::receive() {
  constexpr size_t kWant = 262'144;
  // A bounded burst: the loop's other descriptors get their turn; level triggering brings us back.
  for (int burst = 0; burst < 8 && reading_ && !ended(); ++burst) {
    uint8_t* space = nullptr;
    size_t size = 0;
    if (host().rx_reserve(kernel(), kWant, &space, &size) != FAIRLEAD_OK) return stop_reading();
    const ssize_t got = ::read(fd_.get(), space, size);
    if (got == 0) return end(FAIRLEAD_E_CLOSED, "closed by the peer");
    if (got < 0) {
      if (errno == EINTR) continue;
      if (detail::would_block(errno)) return;
      return end(status_of(errno), "read: " + std::generic_category().message(errno));
    }
    if (host().rx_commit(kernel(), static_cast<size_t>(got)) != FAIRLEAD_OK) return stop_reading();
    if (static_cast<size_t>(got) < size) return;
  }
}

inline void FdConnection::set_reading(bool on) {
  reading_ = on;
  if (on && state_ == State::kOpen && !closing_ && holds_input() && !soon_.armed()) {
    const bool started = soon_.start(0, [this] {
      guarded([&] {
        take_input();
        update();
      });
    });
    if (!started) return end(FAIRLEAD_E_NO_RESOURCE, "no timer to resume reading with");
  }
  update();
}

inline void FdConnection::close(bool drain) {
  if (ended()) return;
  if (!drain || fd_.get() < 0 || state_ == State::kConnecting || state_ == State::kOpening)
    return end(why_, detail_);
  if (state_ != State::kOpen || closing_) return;
  closing_ = true;
  guarded([&] {
    if (!in_flight_ && !blocked_) push();
    update();
  });
}

inline void FdConnection::discard() {
  std::array<uint8_t, 16'384> nowhere;
  for (int burst = 0; burst < 64 && !peer_ended_; ++burst) {
    const ssize_t got = ::read(fd_.get(), nowhere.data(), nowhere.size());
    if (got > 0) continue;
    if (got == 0) {
      peer_ended_ = true;
    } else if (detail::would_block(errno)) {
      return;
    } else if (errno != EINTR) {
      // A reset once everything is flushed is only an impatient peer.
      if (state_ == State::kDiscarding) return end(why_, detail_);
      return end(status_of(errno), "read: " + std::generic_category().message(errno));
    }
  }
  if (peer_ended_ && state_ == State::kDiscarding) end(why_, detail_);
}

inline void FdConnection::end(fairlead_status why, std::string_view detail) noexcept {
  if (std::exchange(state_, State::kEnded) == State::kEnded) return;
  soon_.cancel();
  dial_.reset();
  if (watch_) watch_->want(0);
  if (fd_.get() >= 0) ::shutdown(fd_.get(), SHUT_RDWR);
  if (in_flight_) complete(why);
  if (why_ != FAIRLEAD_E_CLOSED) return finish(why_, detail_);
  finish(why, detail);
}

inline void FdConnection::end_after_farewell(fairlead_status why, std::string_view detail) {
  if (ended()) return;
  why_ = why;
  detail_ = detail;
  state_ = State::kLeaving;
  if (in_flight_) complete(why);
  if (!soon_.start(detail::kFarewellTime, [this] { end(why_, detail_); })) return end(why_, detail_);
  push();
}

inline void FdConnection::update() noexcept {
  if (!watch_ || ended() || state_ == State::kConnecting) return;
  const bool delivers = state_ == State::kOpen && !closing_;
  const bool reads = delivers ? reading_ : !peer_ended_;
  watch_->want(uint32_t{reads} * FAIRLEAD_READABLE | uint32_t{blocked_} * FAIRLEAD_WRITABLE);
}

inline FdListener::FdListener(const fairlead_host& host, fairlead_loop* loop, Fd listening,
                              std::string address, fairlead_listener* kernel_side,
                              std::function<void()> on_close)
    : Listener(host, kernel_side),
      loop_(loop),
      address_(std::move(address)),
      on_close_(std::move(on_close)),
      acceptor_(host, loop, std::move(listening),
                [this](Fd accepted) { hand_over(take(std::move(accepted))); }) {}

inline FdListener::~FdListener() {
  if (on_close_) on_close_();
}

inline std::unique_ptr<Connection> FdListener::take(Fd accepted) {
  return std::make_unique<FdConnection>(host(), loop_, std::move(accepted));
}

}  // namespace fairlead::transport
