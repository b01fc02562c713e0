#include "plugin/host.hpp"

#include "plugin/host_table.hpp"
#include "plugin/option_values.hpp"
#include "plugin/status.hpp"
#include "plugin/watchdog.hpp"

namespace fairlead::plugin {
namespace {

constexpr int64_t kLogLinesPerSecond = 20;  ///< of one instance; a plugin in trouble must not fill the disk
constexpr uint32_t kBrokenPromises = 0;     ///< the kernel's own counter comes first

base::LogLevel level_of(int32_t level) noexcept {
  switch (level) {
    case FAIRLEAD_LOG_ERROR:
      return base::LogLevel::error;
    case FAIRLEAD_LOG_WARN:
      return base::LogLevel::warning;
    case FAIRLEAD_LOG_INFO:
      return base::LogLevel::info;
    default:
      return base::LogLevel::debug;
  }
}

}  // namespace

struct LentBlock final : base::Block {
  LentBlock(Host& lender, base::MutableByteView memory, void (*done)(void*), void* done_argument)
      : Block(memory, &LentBlock::dropped, nullptr),
        host(lender),
        release(done),
        release_argument(done_argument) {}
  static void dropped(Block* block, void*) {
    auto* lent = static_cast<LentBlock*>(block);
    lent->host.take_back(lent);
  }

  Host& host;
  void (*release)(void*);
  void* release_argument;
  std::unique_ptr<LentBlock> next;
};

Host::Host(std::shared_ptr<const Plugin> plugin, base::Log& log)
    : plugin_(std::move(plugin)),
      log_(log),
      presence_(std::make_shared<Presence>(plugin_->id)),
      host_table_(make_host_table(*this)),
      dial_table_(make_dial_table()),
      peers_table_(make_peers_table()),
      clock_(&system_clock_) {
  home_.host = this;
  if (plugin_->watchdog) plugin_->watchdog->watch(presence_);
  counter("broken_promises", "events", "How often the plugin did what the interface forbids.");
}

Host::~Host() {
  if (self_ != nullptr) enter("destroy", [this] { table().destroy(self_); });
}

void Host::retire(std::unique_ptr<Host> host) {
  host->is_retired_ = true;
  Host* left = host.release();
  if (left->depth_ > 0 || left->is_flushing_) return;
  // After the loop's end nobody runs what was left for the end of its turn.
  if (left->is_flush_scheduled_ && !left->home_.loop->post([] {})) left->is_flush_scheduled_ = false;
  left->flush();
}

base::Status Host::create(const OptionValues& values) {
  fairlead_error error{};
  const fairlead_config config = values.config();
  fairlead_status status = FAIRLEAD_E_INTERNAL;
  values_ = &values;
  enter("create", [&] { status = table().create(&host_table_, &config, &self_, &error); });
  values_ = nullptr;
  if (status == FAIRLEAD_OK && self_ != nullptr) return {};
  self_ = nullptr;
  base::Error failure = error_of(status, error, "plugin " + plugin_->id + " cannot be set up");
  failure.reason = name(LoadRefusal::create_failed);
  if (failure.code != base::ErrorCode::internal) failure.code = base::ErrorCode::bad_configuration;
  return tl::unexpected(std::move(failure));
}

base::Status Host::reconfigure(const OptionValues& values) {
  if (table().reconfigure == nullptr)
    return base::fail(base::ErrorCode::bad_configuration,
                      "plugin " + plugin_->id + " cannot change its settings while it runs",
                      "restart to use the new ones");
  fairlead_error error{};
  const fairlead_config config = values.config();
  fairlead_status status = FAIRLEAD_E_INTERNAL;
  values_ = &values;
  slot("reconfigure", [&] { status = table().reconfigure(self_, &config, &error); });
  values_ = nullptr;
  if (status == FAIRLEAD_OK) return {};
  return tl::unexpected(error_of(status, error, "plugin " + plugin_->id + " refuses the new settings"));
}

void Host::know_peers(base::Bytes own_key, std::vector<PeerKey> peers) {
  own_key_ = std::move(own_key);
  if (peers == peer_keys_) return;
  peer_keys_ = std::move(peers);
  if (peers_changed_ == nullptr) return;
  // From the loop: the plugin may close connections over it.
  posts_.fetch_add(1);
  const bool is_taken = home_.loop->post([this] {
    posts_.fetch_sub(1);
    callback("changed", [this] {
      if (peers_changed_ != nullptr) peers_changed_(peers_argument_);
    });
  });
  if (!is_taken) posts_.fetch_sub(1);
}

fairlead_status Host::secret(std::string_view name, fairlead_bytes& out) const noexcept {
  const auto bytes = values_ == nullptr ? std::nullopt : values_->secret(name);
  if (!bytes) return FAIRLEAD_E_CREDENTIAL;
  out = {bytes->data(), bytes->size()};
  return FAIRLEAD_OK;
}

base::Result<fairlead_loop*> Host::home(loop::Loop& loop) {
  if (home_.loop != nullptr && home_.loop != &loop)
    return base::fail(base::ErrorCode::internal,
                      "an instance of plugin " + plugin_->id + " was used on two loops");
  home_.loop = &loop;
  clock_.store(&loop.clock(), std::memory_order_release);
  return &home_;
}

fairlead_status Host::post(void (*task)(void*), void* argument) {
  posts_.fetch_add(1);
  const bool is_taken = home_.loop->post([this, task, argument] {
    posts_.fetch_sub(1);
    callback("task", [&] { task(argument); });
  });
  if (is_taken) return FAIRLEAD_OK;
  posts_.fetch_sub(1);
  return FAIRLEAD_E_CLOSED;
}

uint64_t Host::now_ns() const noexcept {
  const auto now = clock_.load(std::memory_order_acquire)->mono().time_since_epoch();
  return static_cast<uint64_t>(now.count());
}

void Host::defer(Deferred& one) {
  if (one.is_queued_) return;
  one.is_queued_ = true;
  deferred_.push_back(&one);
  if (depth_ == 0 && !is_flushing_) schedule_flush();
}

void Host::undefer(Deferred& one) noexcept {
  if (!one.is_queued_) return;
  one.is_queued_ = false;
  for (Deferred*& entry : deferred_)
    if (entry == &one) entry = nullptr;
}

/// What is deferred while this runs, is handled by this run too. The host may be gone afterwards.
void Host::flush() {
  if (is_flushing_) return;
  is_flushing_ = true;
  for (size_t i = 0; i < deferred_.size() || returned_ != nullptr;) {
    if (returned_ != nullptr) {
      auto block = std::move(returned_);
      returned_ = std::move(block->next);
      give_back_now(std::move(block));
      continue;
    }
    Deferred* one = deferred_[i++];
    if (one == nullptr) continue;
    one->is_queued_ = false;
    one->settle();
  }
  deferred_.clear();
  is_flushing_ = false;
  end_if_retired();
}

void Host::schedule_flush() {
  if (is_flush_scheduled_ || (deferred_.empty() && returned_ == nullptr) || home_.loop == nullptr) return;
  is_flush_scheduled_ = true;
  home_.loop->at_turn_end([this] {
    is_flush_scheduled_ = false;
    flush();
  });
}

base::Slice Host::lend(base::MutableByteView bytes, void (*release)(void*), void* argument) {
  lent_.fetch_add(1);
  auto* block = std::make_unique<LentBlock>(*this, bytes, release, argument).release();
  return {bytes, base::BlockRef(block)};
}

/// [any] The plugin gets its memory on its own loop and never while it is on the stack.
void Host::take_back(LentBlock* block) {
  std::unique_ptr<LentBlock> mine(block);
  if (!home_.loop->is_home()) {
    const bool is_taken = home_.loop->post([this, block] {
      give_back_now(std::unique_ptr<LentBlock>(block));
      if (depth_ == 0) flush();
    });
    if (is_taken) static_cast<void>(mine.release());
    if (is_taken) return;
  } else if (depth_ > 0) {
    mine->next = std::move(returned_);
    returned_ = std::move(mine);
    return;
  }
  give_back_now(std::move(mine));
  end_if_retired();
}

void Host::give_back_now(std::unique_ptr<LentBlock> block) {
  enter("release of lent memory", [&] { block->release(block->release_argument); });
  lent_.fetch_sub(1);
  if (!is_flushing_) schedule_flush();
}

bool Host::is_idle() const noexcept {
  return depth_ == 0 && !is_flushing_ && !is_flush_scheduled_ && members_ == 0 && lent_ == 0 && posts_ == 0;
}

void Host::end_if_retired() {
  if (is_retired_ && is_idle()) const std::unique_ptr<Host> last(this);
}

bool Host::threw(const char* what, const char* error) noexcept {
  count(kBrokenPromises, 1);
  log_.error("plugin.threw", {{"plugin", plugin_->id}, {"in", what}, {"what", printable(error)}});
  return false;
}

bool Host::is_at_home(const char* call) noexcept {
  if (home_.loop == nullptr || home_.loop->is_home()) return true;
  violated(std::string(call) + " from a thread that is not the loop's");
  return false;
}

void Host::violated(std::string_view promise) noexcept {
  if (counters_[kBrokenPromises].value.fetch_add(1) == 0)
    log_.error("plugin.broke_promise", {{"plugin", plugin_->id}, {"what", promise}});
}

void Host::plugin_log(int32_t level, std::string_view message) {
  const base::LogLevel wished = level_of(level);
  if (!log_.enabled(wished)) return;
  const auto second = static_cast<int64_t>(now_ns() / 1'000'000'000);
  if (log_second_.exchange(second) != second) log_lines_ = 0;
  const int64_t line = log_lines_.fetch_add(1);
  if (line > kLogLinesPerSecond) return;
  if (line == kLogLinesPerSecond)
    log_.warn("plugin.log_suppressed", {{"plugin", plugin_->id}});
  else
    log_.write(wished, "plugin.says", {{"plugin", plugin_->id}, {"text", printable(message)}});
}

uint32_t Host::counter(std::string_view name, std::string_view unit, std::string_view help) {
  for (uint32_t i = 0; i < counters_.size(); ++i)
    if (counters_[i].about.name == name) return i;
  Counter& made = counters_.emplace_back();
  made.about = {printable(name), printable(unit), printable(help), 0};
  return static_cast<uint32_t>(counters_.size() - 1);
}

void Host::count(uint32_t metric, int64_t delta) noexcept {
  if (metric < counters_.size()) counters_[metric].value.fetch_add(delta, std::memory_order_relaxed);
}

std::vector<Metric> Host::metrics() const {
  std::vector<Metric> all;
  for (const Counter& one : counters_) {
    all.push_back(one.about);
    all.back().value = one.value.load(std::memory_order_relaxed);
  }
  return all;
}

}  // namespace fairlead::plugin
