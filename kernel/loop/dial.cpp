#include "loop/dial.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <system_error>

#include "loop/resolve.hpp"

namespace fairlead::loop {
namespace {

using boost::asio::ip::tcp;

/// RFC 8305 section 5: the recommended time before the next address is tried beside the first.
constexpr std::chrono::milliseconds kAttemptDelay{250};
/// More addresses than this under one name are not tried: a hostile answer must not become a flood.
constexpr size_t kMaxAttempts = 32;

std::string text_of(const tcp::endpoint& where) {
  const std::string address = where.address().to_string();
  return (where.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(where.port());
}

/// The stable name of a failed connect, for Error::reason.
const char* reason_of(int error) noexcept {
  switch (error) {
    case ECONNREFUSED:
      return "refused";
    case ETIMEDOUT:
      return "timed_out";
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EADDRNOTAVAIL:
      return "no_resource";
    case EACCES:
    case EPERM:
      return "denied";
    default:
      return "unreachable";
  }
}

class Race;

/// One socket on its way to one address. Owns its descriptor until take().
class Attempt {
 public:
  Attempt(Race& race, const tcp::endpoint& where) : race_(race), where_(where) {}
  ~Attempt() {
    watch_.reset();
    if (fd_ >= 0) ::close(fd_);
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  /// 0 when the answer comes later through the race, else an errno.
  int start(Loop& loop);
  int take() noexcept {
    watch_.reset();
    return std::exchange(fd_, -1);
  }
  const tcp::endpoint& where() const noexcept { return where_; }

 private:
  void answered();

  Race& race_;
  tcp::endpoint where_;
  int fd_ = -1;
  std::unique_ptr<Watch> watch_;
};

/// Tries the addresses one after another, each a little after the one before, until one answers.
class Race final : public Dialing {
 public:
  Race(Loop& loop, std::string_view host_port, DialDone done)
      : loop_(loop), name_(host_port), done_(std::move(done)) {
    timer_ = loop_.after(std::chrono::nanoseconds(0), [this] { begin(); });
  }

  void connected(Attempt& attempt) { finish(attempt.take()); }
  void failed(Attempt& attempt, int error) {
    note(attempt.where(), error);
    std::erase_if(attempts_, [&](const auto& one) { return one.get() == &attempt; });
    next();
  }

 private:
  void begin();
  void found(base::Result<Endpoints> endpoints);
  void next();
  void note(const tcp::endpoint& where, int error);
  void finish(base::Result<int> result);
  base::Error failure() const;

  Loop& loop_;
  std::string name_;
  DialDone done_;
  Endpoints endpoints_;
  size_t tried_ = 0;
  std::string story_;            ///< what happened at each address so far
  std::string_view worst_ = "";  ///< the reason that helps most
  std::unique_ptr<Resolution> resolution_;
  std::unique_ptr<Timer> timer_;
  std::vector<std::unique_ptr<Attempt>> attempts_;
};

int Attempt::start(Loop& loop) {
  fd_ = ::socket(where_.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (fd_ < 0) return errno;
  if (::connect(fd_, where_.data(), static_cast<socklen_t>(where_.size())) != 0 && errno != EINPROGRESS)
    return errno;
  auto watch = loop.watch(
      fd_, kWritable, [](void* self, uint32_t) { static_cast<Attempt*>(self)->answered(); }, this);
  if (!watch) return ENOMEM;
  watch_ = std::move(*watch);
  return 0;
}

/// Ends with this object destroyed or emptied by the race.
void Attempt::answered() {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error == 0)
    race_.connected(*this);
  else
    race_.failed(*this, error);
}

void Race::begin() {
  auto target = HostPort::parse(name_);
  if (!target) {
    target.error().code = base::ErrorCode::cannot_connect;
    return finish(tl::unexpected(std::move(target).error()));
  }
  Endpoints literal = literal_endpoints(*target);
  if (!literal.empty()) return found(std::move(literal));
  resolution_ = resolve(loop_, *target, [this](base::Result<Endpoints> answer) { found(std::move(answer)); });
}

void Race::found(base::Result<Endpoints> endpoints) {
  if (!endpoints) return finish(tl::unexpected(std::move(endpoints).error()));
  endpoints_ = std::move(*endpoints);
  if (endpoints_.size() > kMaxAttempts) endpoints_.resize(kMaxAttempts);
  next();
}

/// Starts the next address that can be started; ends the race when nothing is left to wait for.
void Race::next() {
  timer_.reset();
  while (tried_ < endpoints_.size()) {
    auto attempt = std::make_unique<Attempt>(*this, endpoints_[tried_++]);
    const int error = attempt->start(loop_);
    if (error != 0) {
      note(attempt->where(), error);
      continue;
    }
    attempts_.push_back(std::move(attempt));
    if (tried_ < endpoints_.size()) timer_ = loop_.after(kAttemptDelay, [this] { next(); });
    return;
  }
  if (attempts_.empty()) finish(tl::unexpected(failure()));
}

void Race::note(const tcp::endpoint& where, int error) {
  if (!story_.empty()) story_ += ", ";
  story_ += text_of(where) + ": " + std::system_category().message(error);
  const std::string_view reason = reason_of(error);
  if (worst_.empty() || reason == "refused") worst_ = reason;
}

base::Error Race::failure() const {
  return {base::ErrorCode::cannot_connect, "cannot connect to " + name_ + " (" + story_ + ")",
          "check that the other side runs and that the address and firewall let it through", "",
          std::string(worst_)};
}

/// The receiver may destroy this object: nothing of it is touched after the call.
void Race::finish(base::Result<int> result) {
  timer_.reset();
  attempts_.clear();
  const DialDone done = std::exchange(done_, nullptr);
  done(std::move(result));
}

}  // namespace

std::unique_ptr<Dialing> dial(Loop& loop, std::string_view host_port, DialDone done) {
  return std::make_unique<Race>(loop, host_port, std::move(done));
}

}  // namespace fairlead::loop
