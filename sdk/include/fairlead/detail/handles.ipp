// Bodies of Fd, Watch, Timer, Dial, Config, Acceptor and the small bases.
#include <sys/socket.h>
#include <unistd.h>

namespace fairlead::transport {

namespace detail {

/// Runs a plugin's function object inside a C callback: what escapes it is logged and goes no further.
template <class Body>
void contain(const fairlead_host& host, Body&& body) noexcept {
  try {
    body();
  } catch (const std::exception& e) {
    host.log(host.ctx, FAIRLEAD_LOG_ERROR, text(e.what()));
  } catch (...) {
    host.log(host.ctx, FAIRLEAD_LOG_ERROR, text("unknown exception in a callback"));
  }
}

}  // namespace detail

inline Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

inline Watch::Watch(const fairlead_host& host, fairlead_loop* loop, int fd, uint32_t events, Ready ready)
    : host_(host), ready_(std::move(ready)), wanted_(events) {
  if (host_.watch(loop, fd, events, &Watch::entry, this, &watch_) != FAIRLEAD_OK)
    throw Error(FAIRLEAD_E_NO_RESOURCE, "the kernel refused to watch a descriptor");
}

inline void Watch::want(uint32_t events) noexcept {
  if (std::exchange(wanted_, events) != events) host_.rewatch(watch_, events);
}

inline void Watch::entry(void* self, uint32_t events) noexcept {
  auto& watch = *static_cast<Watch*>(self);
  detail::contain(watch.host_, [&] { watch.ready_(events); });
}

inline bool Timer::start(uint64_t delay_ns, std::function<void()> fire) {
  cancel();
  fire_ = std::move(fire);
  if (host_.timer(loop_, delay_ns, &Timer::entry, this, &timer_) == FAIRLEAD_OK) return true;
  timer_ = nullptr;
  return false;
}

inline void Timer::cancel() noexcept {
  if (timer_ != nullptr) host_.cancel(std::exchange(timer_, nullptr));
}

inline void Timer::entry(void* self) noexcept {
  auto& timer = *static_cast<Timer*>(self);
  timer.timer_ = nullptr;
  // Moved out first: the task may start this timer again.
  detail::contain(timer.host_, [fire = std::move(timer.fire_)] { fire(); });
}

inline Dial::Dial(const fairlead_host& host, fairlead_loop* loop, std::string_view host_port, Done done)
    : host_(host),
      table_(static_cast<const fairlead_dial*>(host.extension(host.ctx, FAIRLEAD_DIAL_EXTENSION))),
      done_(std::move(done)) {
  if (table_ == nullptr) throw Error(FAIRLEAD_E_UNSUPPORTED, "the kernel does not offer fairlead.dial/1");
  const fairlead_status status =
      table_->start(host_.ctx, loop, text(host_port), &Dial::entry, this, &dialing_);
  if (status != FAIRLEAD_OK) throw Error(status, "cannot dial " + std::string(host_port));
}

inline Dial::~Dial() {
  if (dialing_ != nullptr) table_->cancel(dialing_);
}

inline void Dial::entry(void* self, fairlead_status status, int fd, fairlead_text detail) noexcept {
  auto& dial = *static_cast<Dial*>(self);
  dial.dialing_ = nullptr;
  // Moved out first: the task may destroy this object.
  detail::contain(dial.host_,
                  [done = std::move(dial.done_), status, fd, detail] { done(status, Fd(fd), view(detail)); });
}

inline const fairlead_value* Config::find(std::string_view name) const noexcept {
  const auto* at = reinterpret_cast<const std::byte*>(config_.values);
  for (uint32_t i = 0; i < config_.count; ++i, at += config_.value_size) {
    const auto* value = reinterpret_cast<const fairlead_value*>(at);
    if (name == value->name) return value;
  }
  return nullptr;
}

inline std::string_view Config::text(std::string_view name) const noexcept {
  const fairlead_value* value = find(name);
  return value == nullptr ? std::string_view{} : view(value->text);
}

inline int64_t Config::number(std::string_view name, int64_t absent) const noexcept {
  const fairlead_value* value = find(name);
  return value == nullptr ? absent : value->number;
}

inline std::span<const uint8_t> Config::secret(std::string_view name) const {
  const std::string_view key = text(name);
  if (key.empty()) return {};
  fairlead_bytes bytes{};
  if (host_.secret(host_.ctx, fairlead::transport::text(key), &bytes) != FAIRLEAD_OK)
    throw Error(FAIRLEAD_E_CREDENTIAL, "option " + std::string(name) + ": the secret cannot be read");
  return {bytes.data, bytes.size};
}

inline void Config::check(const fairlead_option* options, size_t stride) const {
  const auto* at = reinterpret_cast<const std::byte*>(options);
  for (;; at += stride) {
    const auto& option = *reinterpret_cast<const fairlead_option*>(at);
    if (option.name == nullptr) return;
    const fairlead_value* value = find(option.name);
    if (value == nullptr) {
      if ((option.flags & FAIRLEAD_OPT_REQUIRED) == 0) continue;
      throw Error(FAIRLEAD_E_CONFIG, std::string("option ") + option.name + " is required");
    }
    const bool numeric =
        option.type != FAIRLEAD_TEXT && option.type != FAIRLEAD_PATH && option.type != FAIRLEAD_SECRET;
    if (value->type != option.type || (numeric && (value->number < option.min || value->number > option.max)))
      throw Error(FAIRLEAD_E_CONFIG, std::string("option ") + option.name + " has a value outside its range");
  }
}

inline fairlead_status Connection::describe(fairlead_peer&) const { return FAIRLEAD_OK; }

inline void Connection::finish(fairlead_status why, std::string_view detail) noexcept {
  if (!std::exchange(finished_, true)) host_.closed(kernel_, why, text(detail));
}

inline void Listener::hand_over(std::unique_ptr<Connection> made) noexcept {
  fairlead_conn* kernel_side = nullptr;
  if (host_.accepted(kernel_, made.get(), &kernel_side) == FAIRLEAD_OK) made.release()->attach(kernel_side);
}

inline std::unique_ptr<Listener> Transport::listen(fairlead_loop*, std::string_view address,
                                                   fairlead_listener*) {
  throw Error(FAIRLEAD_E_UNSUPPORTED, "cannot listen on " + std::string(address));
}

inline std::unique_ptr<Connection> Transport::connect(fairlead_loop*, std::string_view address,
                                                      fairlead_conn*) {
  throw Error(FAIRLEAD_E_UNSUPPORTED, "cannot connect to " + std::string(address));
}

inline Acceptor::Acceptor(const fairlead_host& host, fairlead_loop* loop, Fd listening, Take take)
    : host_(host),
      fd_(std::move(listening)),
      take_(std::move(take)),
      again_(host, loop),
      watch_(host, loop, fd_.get(), FAIRLEAD_READABLE, [this](uint32_t) { accept_some(); }) {}

inline void Acceptor::accept_some() {
  // A bounded burst, so that a flood of connections does not starve the loop's other descriptors: each one is
  // some 100 us of work, and messages wait for the end of the turn.
  for (int burst = 0; burst < 4; ++burst) {
    Fd accepted(::accept4(fd_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (accepted.get() < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) return;
      // accept(2): these report a connection that died in the queue, not the listener's own trouble.
      if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO) continue;
      return pause(errno);
    }
    detail::contain(host_, [&] { take_(std::move(accepted)); });
  }
}

inline void Acceptor::pause(int os_errno) {
  constexpr uint64_t kRetryAfter = 100'000'000;
  host_.log(host_.ctx, FAIRLEAD_LOG_WARN,
            text("cannot accept for now: " + std::generic_category().message(os_errno)));
  // Without a timer the watch stays on: burning a little is better than never accepting again.
  if (again_.start(kRetryAfter, [this] { watch_.want(FAIRLEAD_READABLE); })) watch_.want(0);
}

}  // namespace fairlead::transport
