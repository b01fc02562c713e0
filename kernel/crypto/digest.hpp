/// SHA-256, HKDF-SHA256 and constant-time comparison. Pure functions, any thread.
#pragma once
#include <initializer_list>
#include <memory>

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace fairlead::crypto {

/// SHA-256 of the parts one after another. The parts must delimit themselves.
base::Digest sha256(std::initializer_list<base::ByteView> parts);

/// SHA-256 of what arrives over time.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  void update(base::ByteView part);
  /// The digest of everything so far; updating may go on.
  base::Digest digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// RFC 5869 section 2.2: 32-byte pseudorandom key.
base::Secret hkdf_extract(base::ByteView salt, base::ByteView input_key);
/// RFC 5869 section 2.3: `size` bytes, at most 255 * 32.
base::Secret hkdf_expand(base::ByteView pseudorandom_key, base::ByteView info, size_t size);

/// Equal content and length, in time that depends on the length only.
bool constant_time_equal(base::ByteView a, base::ByteView b) noexcept;

}  // namespace fairlead::crypto
