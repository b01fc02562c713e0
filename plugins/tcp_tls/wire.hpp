/// The ciphertext between a socket and OpenSSL: plain buffers behind a custom BIO, so that one read(2) feeds
/// many records and many records leave with one write(2). Used by the TLS connection.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "openssl.hpp"

namespace tcp_tls {

/// Buffers that all connections of an instance share: an instance lives on one loop, and whatever a
/// connection leaves here it takes into its own memory before its callback returns. An idle connection owns
/// no buffer.
class Scratch {
 public:
  static constexpr size_t kInput = 262'144;
  static constexpr size_t kRecord = 16'384;  ///< the largest plaintext of one record (RFC 8446 section 5.1)

  Scratch();
  const BIO_METHOD* method() const noexcept { return method_.get(); }
  std::span<uint8_t> input();   ///< room for one read(2)
  std::span<uint8_t> record();  ///< room to gather small slices into one record
  std::vector<uint8_t>& output() noexcept { return output_; }

 private:
  OwnedBioMethod method_;
  std::vector<uint8_t> input_, record_, output_;
};

class Wire {
 public:
  enum class Filled { kSome, kAll, kNothing, kEnd, kFailed };  ///< kAll: the socket had no more than this
  enum class Flushed { kAll, kBlocked, kFailed };

  explicit Wire(Scratch& scratch) noexcept : scratch_(scratch) {}
  /// A BIO over these buffers; it must not outlive this object. Throws std::bad_alloc.
  OwnedBio make_bio();

  /// One read(2), when everything read before has been consumed. errno is set with kFailed.
  Filled fill(int fd);
  size_t unread() const noexcept { return input_.size(); }
  /// Writes what OpenSSL has put out. errno is set with kFailed.
  Flushed flush(int fd);
  size_t unsent() const noexcept { return held_output_.size() - sent_ + scratch_.output().size(); }
  /// Takes what is left in the shared buffers into own memory; due before a callback returns.
  void settle();

 private:
  static int take(BIO* bio, char* to, int size);
  static int put(BIO* bio, const char* from, int size);
  static long control(BIO* bio, int command, long number, void* pointer);
  friend class Scratch;

  Scratch& scratch_;
  std::span<const uint8_t> input_;  // into scratch or held_input_
  std::vector<uint8_t> held_input_, held_output_;
  size_t sent_ = 0;  // of held_output_
};

}  // namespace tcp_tls
