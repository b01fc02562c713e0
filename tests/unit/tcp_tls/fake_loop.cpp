// The loop of the fake host: watches, timers, tasks and dialling over poll(2).
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fake_host.hpp"

struct fairlead_dialing {
  fairlead_loop* loop;
  void (*done)(void*, fairlead_status, int, fairlead_text);
  void* arg;
  addrinfo* all;
  addrinfo* next;
  int fd = -1;
  int last_error = EHOSTUNREACH;
  fairlead_watch* watch = nullptr;
  fairlead_timer* timer = nullptr;
};

namespace {

using Clock = std::chrono::steady_clock;

fairlead_status add_watch(fairlead_loop* loop, int fd, uint32_t events, void (*ready)(void*, uint32_t),
                          void* arg, fairlead_watch** out) {
  if (loop->refuse_watches_after >= 0 && loop->refuse_watches_after-- == 0) return FAIRLEAD_E_NO_RESOURCE;
  *out = &loop->watches.emplace_back(fairlead_watch{loop, fd, events, ready, arg});
  return FAIRLEAD_OK;
}
void change_watch(fairlead_watch* watch, uint32_t events) { watch->events = events; }
void end_watch(fairlead_watch* watch) {
  watch->dead = true;
  watch->events = 0;
}
fairlead_status add_timer(fairlead_loop* loop, uint64_t delay_ns, void (*fire)(void*), void* arg,
                          fairlead_timer** out) {
  const auto due = Clock::now() + std::chrono::nanoseconds(delay_ns);
  *out = &loop->timers.emplace_back(fairlead_timer{loop, due, fire, arg});
  return FAIRLEAD_OK;
}
void cancel_timer(fairlead_timer* timer) {
  EXPECT_FALSE(timer->dead) << "a timer was cancelled twice or after it fired";
  timer->dead = true;
}
fairlead_status post(fairlead_loop* loop, void (*task)(void*), void* arg) {
  loop->tasks.emplace_back(task, arg);
  return FAIRLEAD_OK;
}

void finish_dial(fairlead_dialing* dialing, fairlead_status status, int fd, const char* detail) {
  const auto [done, arg] = std::pair(dialing->done, dialing->arg);
  if (dialing->watch != nullptr) end_watch(dialing->watch);
  if (dialing->all != nullptr) ::freeaddrinfo(dialing->all);
  delete dialing;
  done(arg, status, fd, {detail, std::strlen(detail)});
}

fairlead_status dial_status(int error) {
  if (error == ECONNREFUSED) return FAIRLEAD_E_REFUSED;
  return error == ETIMEDOUT ? FAIRLEAD_E_TIMEOUT : FAIRLEAD_E_UNREACHABLE;
}

void try_next(void* arg) {
  auto* dialing = static_cast<fairlead_dialing*>(arg);
  dialing->timer = nullptr;
  for (; dialing->next != nullptr; dialing->next = dialing->next->ai_next) {
    const addrinfo& to = *dialing->next;
    const int fd = ::socket(to.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) continue;
    if (::connect(fd, to.ai_addr, to.ai_addrlen) == 0 || errno == EINPROGRESS) {
      dialing->fd = fd;
      dialing->next = to.ai_next;
      add_watch(
          dialing->loop, fd, FAIRLEAD_WRITABLE,
          [](void* self, uint32_t) {
            auto* attempt = static_cast<fairlead_dialing*>(self);
            int error = 0;
            socklen_t size = sizeof error;
            ::getsockopt(attempt->fd, SOL_SOCKET, SO_ERROR, &error, &size);
            if (error == 0) return finish_dial(attempt, FAIRLEAD_OK, attempt->fd, "");
            attempt->last_error = error;
            end_watch(std::exchange(attempt->watch, nullptr));
            ::close(std::exchange(attempt->fd, -1));
            try_next(attempt);
          },
          dialing, &dialing->watch);
      return;
    }
    dialing->last_error = errno;
    ::close(fd);
  }
  finish_dial(dialing, dial_status(dialing->last_error), -1, std::strerror(dialing->last_error));
}

fairlead_status start_dial(void*, fairlead_loop* loop, fairlead_text host_port,
                           void (*done)(void*, fairlead_status, int, fairlead_text), void* arg,
                           fairlead_dialing** out) {
  const std::string text(host_port.data, host_port.size);
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return FAIRLEAD_E_CONFIG;
  std::string host = text.substr(0, colon);
  if (!host.empty() && host.front() == '[') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), text.substr(colon + 1).c_str(), &hints, &found) != 0) found = nullptr;
  *out = new fairlead_dialing{loop, done, arg, found, found};
  return add_timer(loop, 0, &try_next, *out, &(*out)->timer);
}

void cancel_dial(fairlead_dialing* dialing) {
  if (dialing->timer != nullptr) cancel_timer(dialing->timer);
  if (dialing->watch != nullptr) end_watch(dialing->watch);
  if (dialing->fd >= 0) ::close(dialing->fd);
  if (dialing->all != nullptr) ::freeaddrinfo(dialing->all);
  delete dialing;
}

uint32_t events_of(short revents) {
  uint32_t events = 0;
  if ((revents & POLLIN) != 0) events |= FAIRLEAD_READABLE;
  if ((revents & POLLOUT) != 0) events |= FAIRLEAD_WRITABLE;
  if ((revents & (POLLHUP | POLLERR)) != 0) events |= FAIRLEAD_HANGUP;
  return events;
}

template <class Body>
void inside_callback(fairlead_loop& loop, const char* what, Body body) {
  ++loop.callback_depth;
  body();
  --loop.callback_depth;
  expect_clean_error_queue(what);
}

}  // namespace

void expect_clean_error_queue(const char* where) {
  EXPECT_EQ(ERR_peek_error(), 0u) << "an OpenSSL error was left behind by " << where;
  ERR_clear_error();
}

void fairlead_loop::turn(int wait_ms) {
  ++turns_;
  std::vector<pollfd> polled;
  std::vector<fairlead_watch*> asked;
  for (auto& watch : watches) {
    if (watch.dead || watch.events == 0) continue;
    const auto wanted = static_cast<short>(((watch.events & FAIRLEAD_READABLE) != 0 ? POLLIN : 0) |
                                           ((watch.events & FAIRLEAD_WRITABLE) != 0 ? POLLOUT : 0));
    polled.push_back({watch.fd, wanted, 0});
    asked.push_back(&watch);
  }
  const auto now = Clock::now();
  for (const auto& timer : timers)
    if (!timer.dead) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(timer.due - now).count();
      wait_ms = static_cast<int>(std::clamp<int64_t>(left, 0, wait_ms));
    }
  if (!tasks.empty()) wait_ms = 0;
  ::poll(polled.data(), polled.size(), wait_ms);
  for (size_t i = 0; i < polled.size(); ++i) {
    const uint32_t events = events_of(polled[i].revents);
    fairlead_watch& watch = *asked[i];
    if (events == 0 || watch.dead || watch.events == 0) continue;
    inside_callback(*this, "ready", [&] { watch.ready(watch.arg, events); });
  }
  std::vector<fairlead_timer*> due;
  for (auto& timer : timers)
    if (timer.due <= Clock::now()) due.push_back(&timer);
  for (fairlead_timer* timer : due)
    if (!std::exchange(timer->dead, true)) inside_callback(*this, "fire", [&] { timer->fire(timer->arg); });
  for (auto now_due = std::exchange(tasks, {}); const auto& [task, arg] : now_due)
    inside_callback(*this, "task", [run = task, with = arg] { run(with); });
  std::erase_if(watches, [](const fairlead_watch& watch) { return watch.dead; });
  std::erase_if(timers, [](const fairlead_timer& timer) { return timer.dead; });
}

bool fairlead_loop::run_until(const std::function<bool()>& done) {
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  while (!done()) {
    if (Clock::now() > deadline) return false;
    turn(100);
  }
  return true;
}

void fill_loop_functions(fairlead_host& table) {
  table.post = &post;
  table.watch = &add_watch;
  table.rewatch = &change_watch;
  table.unwatch = &end_watch;
  table.timer = &add_timer;
  table.cancel = &cancel_timer;
}

const fairlead_dial& fake_dial() {
  static constexpr fairlead_dial kTable = {sizeof(fairlead_dial), 0, &start_dial, &cancel_dial};
  return kTable;
}
