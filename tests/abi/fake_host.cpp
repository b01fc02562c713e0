#include "abi/fake_host.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace fairlead::abi {
namespace {

uint64_t now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
}

std::string copy(fairlead_text text) { return {text.data, text.size}; }

/// A connected, non-blocking socket, or -1. Loopback answers at once.
int dial(const std::string& where) {
  const size_t colon = where.rfind(':');
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (::getaddrinfo(where.substr(0, colon).c_str(), where.c_str() + colon + 1, &hints, &found) != 0)
    return -1;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  const int fd = ::socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(fd, list->ai_addr, list->ai_addrlen) != 0) {
    ::close(fd);
    return -1;
  }
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  return fd;
}

uint32_t bits_of(short events) {
  const auto bit = [&](int polled, uint32_t ours) { return (events & polled) != 0 ? ours : 0u; };
  return bit(POLLIN, FAIRLEAD_READABLE) | bit(POLLOUT, FAIRLEAD_WRITABLE) |
         bit(POLLHUP | POLLERR, FAIRLEAD_HANGUP);
}

std::vector<fairlead_option> options_of(const fairlead_transport& plugin) {
  std::vector<fairlead_option> options;
  const auto* at = static_cast<const uint8_t*>(static_cast<const void*>(plugin.options));
  for (; at != nullptr; at += plugin.option_size) {
    const auto* option = static_cast<const fairlead_option*>(static_cast<const void*>(at));
    if (option->name == nullptr) break;
    options.push_back(*option);
  }
  return options;
}

}  // namespace

/// The functions of the tables.
struct HostCalls {
  static void log(void* ctx, int32_t, fairlead_text message) {
    static_cast<FakeHost*>(ctx)->log_ += copy(message) + "\n";
  }
  static uint64_t now_ns(void*) { return now(); }
  static void count(void*, uint32_t, int64_t) {}
  static fairlead_status post(fairlead_loop* loop, void (*task)(void* arg), void* arg) {
    loop->tasks.emplace_back([task, arg] { task(arg); });
    return FAIRLEAD_OK;
  }
  static const void* extension(void* ctx, const char* id) {
    return std::string(id) == FAIRLEAD_DIAL_EXTENSION ? static_cast<FakeHost*>(ctx)->dial_.get() : nullptr;
  }
  static uint32_t counter(void*, const char*, const char*, const char*) { return 0; }
  static fairlead_status secret(void*, fairlead_text, fairlead_bytes*) { return FAIRLEAD_E_CREDENTIAL; }
  static fairlead_status watch(fairlead_loop* loop, int fd, uint32_t events,
                               void (*ready)(void* arg, uint32_t events), void* arg, fairlead_watch** out) {
    *out = &loop->watches.emplace_back(fairlead_watch{loop, fd, events, ready, arg});
    return FAIRLEAD_OK;
  }
  static void rewatch(fairlead_watch* watch, uint32_t events) { watch->events = events; }
  static void unwatch(fairlead_watch* watch) { watch->is_gone = true; }
  static fairlead_status timer(fairlead_loop* loop, uint64_t delay_ns, void (*fire)(void* arg), void* arg,
                               fairlead_timer** out) {
    *out = &loop->timers.emplace_back(fairlead_timer{loop, now() + delay_ns, fire, arg});
    return FAIRLEAD_OK;
  }
  static void cancel(fairlead_timer* timer) {
    timer->loop->timers.remove_if([timer](const fairlead_timer& one) { return &one == timer; });
  }
  static fairlead_status accepted(fairlead_listener* listener, void* conn, fairlead_conn** out) {
    *out = &listener->taken.emplace_back();
    (*out)->plugin_side = conn;
    return FAIRLEAD_OK;
  }
  static void opened(fairlead_conn* conn) { ++conn->opened; }
  static fairlead_status rx_reserve(fairlead_conn* conn, size_t, uint8_t** space, size_t* size) {
    *space = conn->room.data();
    *size = conn->room.size();
    return FAIRLEAD_OK;
  }
  static fairlead_status rx_commit(fairlead_conn* conn, size_t size) {
    conn->received.append(conn->room.begin(), conn->room.begin() + static_cast<std::ptrdiff_t>(size));
    return FAIRLEAD_OK;
  }
  static fairlead_status rx_message(fairlead_conn*, fairlead_bytes, void (*)(void*), void*) {
    return FAIRLEAD_E_UNSUPPORTED;
  }
  static void tx_done(fairlead_conn* conn, uint64_t cookie, fairlead_status) { conn->done.push_back(cookie); }
  static void tx_ready(fairlead_conn*) {}
  static void closed(fairlead_conn* conn, fairlead_status why, fairlead_text) {
    ++conn->closed;
    conn->why = why;
  }
  static fairlead_status dial_start(void* ctx, fairlead_loop* loop, fairlead_text where,
                                    void (*done)(void* arg, fairlead_status, int fd, fairlead_text),
                                    void* arg, fairlead_dialing** out) {
    *out = static_cast<fairlead_dialing*>(ctx);  // a handle that nobody looks into
    loop->tasks.emplace_back([done, arg, fd = dial(copy(where))] {
      done(arg, fd < 0 ? FAIRLEAD_E_REFUSED : FAIRLEAD_OK, fd, {});
    });
    return FAIRLEAD_OK;
  }
  static void dial_cancel(fairlead_dialing*) {}
};

FakeHost::FakeHost() {
  *table_.get() = {sizeof(fairlead_host),
                   FAIRLEAD_ABI_MAJOR,
                   0,
                   this,
                   &HostCalls::log,
                   &HostCalls::now_ns,
                   &HostCalls::count,
                   &HostCalls::post,
                   &HostCalls::extension,
                   &HostCalls::counter,
                   &HostCalls::secret,
                   &HostCalls::watch,
                   &HostCalls::rewatch,
                   &HostCalls::unwatch,
                   &HostCalls::timer,
                   &HostCalls::cancel,
                   &HostCalls::accepted,
                   &HostCalls::opened,
                   &HostCalls::rx_reserve,
                   &HostCalls::rx_commit,
                   &HostCalls::rx_message,
                   &HostCalls::tx_done,
                   &HostCalls::tx_ready,
                   &HostCalls::closed};
  *dial_.get() = {sizeof(fairlead_dial), 0, &HostCalls::dial_start, &HostCalls::dial_cancel};
}

void FakeHost::turn() {
  for (auto tasks = std::exchange(loop_.tasks, {}); const auto& task : tasks) task();
  std::vector<pollfd> asked;
  std::vector<fairlead_watch*> watches;
  loop_.watches.remove_if([](const fairlead_watch& one) { return one.is_gone; });
  for (fairlead_watch& one : loop_.watches) {
    const int events = ((one.events & FAIRLEAD_READABLE) != 0 ? POLLIN : 0) |
                       ((one.events & FAIRLEAD_WRITABLE) != 0 ? POLLOUT : 0);
    asked.push_back({events == 0 ? -1 : one.fd, static_cast<short>(events), 0});
    watches.push_back(&one);
  }
  ::poll(asked.data(), asked.size(), 1);
  for (size_t i = 0; i < asked.size(); ++i) {
    const uint32_t ready = bits_of(asked[i].revents);
    if (ready != 0 && !watches[i]->is_gone && watches[i]->events != 0)
      watches[i]->ready(watches[i]->arg, ready);
  }
  const auto is_due = [](const fairlead_timer& one) { return one.due <= now(); };
  for (auto at = std::ranges::find_if(loop_.timers, is_due); at != loop_.timers.end();
       at = std::ranges::find_if(loop_.timers, is_due)) {
    const fairlead_timer fired = *at;
    loop_.timers.erase(at);
    fired.fire(fired.arg);
  }
}

bool FakeHost::run_until(const std::function<bool()>& holds) {
  constexpr uint64_t kPatience = 10'000'000'000;
  for (const uint64_t end = now() + kPatience; now() < end;) {
    if (holds()) return true;
    turn();
  }
  return holds();
}

FakeConfig::FakeConfig(const fairlead_transport& plugin, const std::map<std::string, std::string>& given)
    : values_(options_of(plugin).size() + 1), config_(1) {
  uint32_t count = 0;
  const std::vector<fairlead_option> options = options_of(plugin);
  // From the end of the array, so that the last value touches the page behind it.
  fairlead_value* const end = values_.get() + options.size() + 1;
  for (const fairlead_option& option : options) {
    const auto at = given.find(option.name);
    if (at == given.end() && option.fallback == nullptr) continue;
    const std::string& text = texts_.emplace_back(at == given.end() ? option.fallback : at->second);
    const int64_t number = text == "true" ? 1 : std::strtoll(text.c_str(), nullptr, 10);
    *(end - ++count) = {option.name, option.type, 0, number, {text.data(), text.size()}};
  }
  *config_.get() = {sizeof(fairlead_config), count, sizeof(fairlead_value), 0, end - count};
}

}  // namespace fairlead::abi
