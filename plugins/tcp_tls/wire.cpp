#include "wire.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

namespace tcp_tls {
namespace {

/// Sends from `bytes` until done or the socket is full; `sent` grows by what left.
Wire::Flushed send_all(int fd, std::span<const uint8_t> bytes, size_t& sent) {
  while (!bytes.empty()) {
    const ssize_t step = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (step >= 0) {
      sent += static_cast<size_t>(step);
      bytes = bytes.subspan(static_cast<size_t>(step));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return Wire::Flushed::kBlocked;
    } else if (errno != EINTR) {
      return Wire::Flushed::kFailed;
    }
  }
  return Wire::Flushed::kAll;
}

}  // namespace

Scratch::Scratch() {
  // Any type number serves: nothing looks our BIO up by type, and registered numbers run out.
  constexpr int kPrivateType = 100 | BIO_TYPE_SOURCE_SINK;
  method_.reset(BIO_meth_new(kPrivateType, "fairlead wire"));
  if (!method_ || BIO_meth_set_read(method_.get(), &Wire::take) != 1 ||
      BIO_meth_set_write(method_.get(), &Wire::put) != 1 ||
      BIO_meth_set_ctrl(method_.get(), &Wire::control) != 1)
    throw std::bad_alloc();
}

std::span<uint8_t> Scratch::input() {
  input_.resize(kInput);
  return input_;
}

std::span<uint8_t> Scratch::record() {
  record_.resize(kRecord);
  return record_;
}

OwnedBio Wire::make_bio() {
  OwnedBio bio(BIO_new(scratch_.method()));
  if (!bio) throw std::bad_alloc();
  BIO_set_data(bio.get(), this);
  BIO_set_init(bio.get(), 1);
  return bio;
}

Wire::Filled Wire::fill(int fd) {
  const std::span<uint8_t> room = scratch_.input();
  ssize_t got = 0;
  do {
    got = ::recv(fd, room.data(), room.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got == 0) return Filled::kEnd;
  if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? Filled::kNothing : Filled::kFailed;
  input_ = room.first(static_cast<size_t>(got));
  return input_.size() < room.size() ? Filled::kAll : Filled::kSome;
}

Wire::Flushed Wire::flush(int fd) {
  const Flushed held = send_all(fd, std::span<const uint8_t>(held_output_).subspan(sent_), sent_);
  if (held == Flushed::kBlocked) return held;
  held_output_ = {};
  sent_ = 0;
  std::vector<uint8_t>& output = scratch_.output();
  size_t sent = 0;
  const Flushed fresh = held == Flushed::kFailed ? held : send_all(fd, output, sent);
  if (fresh == Flushed::kBlocked)
    held_output_.assign(output.begin() + static_cast<ptrdiff_t>(sent), output.end());
  output.clear();
  return fresh;
}

void Wire::settle() {
  if (input_.empty()) {
    held_input_ = {};
  } else if (held_input_.empty()) {
    held_input_.assign(input_.begin(), input_.end());
    input_ = held_input_;
  }
  std::vector<uint8_t>& output = scratch_.output();
  held_output_.insert(held_output_.end(), output.begin(), output.end());
  output.clear();
}

int Wire::take(BIO* bio, char* to, int size) {
  auto& wire = *static_cast<Wire*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const size_t count = std::min(wire.input_.size(), static_cast<size_t>(size));
  if (count == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  std::copy_n(wire.input_.begin(), count, static_cast<uint8_t*>(static_cast<void*>(to)));
  wire.input_ = wire.input_.subspan(count);
  return static_cast<int>(count);
}

int Wire::put(BIO* bio, const char* from, int size) {
  auto& wire = *static_cast<Wire*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  std::vector<uint8_t>& output = wire.held_output_.empty() ? wire.scratch_.output() : wire.held_output_;
  try {
    // As bytes of the vector's own type: the library then moves a block instead of converting one by one.
    const auto* bytes = static_cast<const uint8_t*>(static_cast<const void*>(from));
    output.insert(output.end(), bytes, bytes + size);
  } catch (const std::bad_alloc&) {
    return -1;
  }
  return size;
}

long Wire::control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

}  // namespace tcp_tls
