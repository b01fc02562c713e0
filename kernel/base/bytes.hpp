/// Bytes and views of bytes, big-endian integers, hexadecimal: the vocabulary of every codec in the kernel.
/// The one header outside crypto and the SDK where raw copies and casts between char and byte live.
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead::base {

using Bytes = std::vector<uint8_t>;
using ByteView = std::span<const uint8_t>;
using MutableByteView = std::span<uint8_t>;
template <size_t N>
using ByteArray = std::array<uint8_t, N>;
using Digest = ByteArray<32>;  ///< SHA-256

/// The bytes of a text, not copied.
inline ByteView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
/// The same bytes as text, not copied; may hold anything.
inline std::string_view as_text(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline std::string to_text(ByteView bytes) { return std::string(as_text(bytes)); }
inline Bytes to_bytes(ByteView bytes) { return {bytes.begin(), bytes.end()}; }
inline Bytes to_bytes(std::string_view text) { return to_bytes(as_bytes(text)); }

/// Equal content. Not constant time: for secrets use crypto::constant_time_equal.
inline bool equal(ByteView a, ByteView b) noexcept {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

/// Copies all of `from` to the front of `to`, which must have room for it.
inline void copy(ByteView from, MutableByteView to) noexcept {
  if (!from.empty()) std::memmove(to.data(), from.data(), from.size());
}
inline void append(Bytes& to, ByteView from) { to.insert(to.end(), from.begin(), from.end()); }

/// Big-endian store of an unsigned integer at the front of `to` (at least sizeof(T) bytes).
template <class T>
void store_be(MutableByteView to, T value) noexcept {
  for (size_t i = 0; i < sizeof(T); ++i) to[i] = static_cast<uint8_t>(value >> (8 * (sizeof(T) - 1 - i)));
}
/// Big-endian load from the front of `from` (at least sizeof(T) bytes).
template <class T>
T load_be(ByteView from) noexcept {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>((value << 8) | from[i]);
  return value;
}
template <class T>
void append_be(Bytes& to, T value) {
  const size_t at = to.size();
  to.resize(at + sizeof(T));
  store_be<T>(MutableByteView(to).subspan(at), value);
}

/// Reads fields one after another and remembers whether any was missing; never reads past the end.
class Reader {
 public:
  explicit Reader(ByteView from) noexcept : rest_(from) {}

  template <class T>
  T integer() noexcept {
    const ByteView field = bytes(sizeof(T));
    return field.empty() ? T{0} : load_be<T>(field);
  }
  /// The next `size` bytes, or an empty view and ok() == false when fewer are left.
  ByteView bytes(size_t size) noexcept;
  /// A field with a u16 length in front.
  ByteView counted() noexcept { return bytes(integer<uint16_t>()); }
  ByteView rest() const noexcept { return rest_; }
  bool ok() const noexcept { return ok_; }
  /// Everything was there and nothing is left.
  bool finished() const noexcept { return ok_ && rest_.empty(); }

 private:
  ByteView rest_;
  bool ok_ = true;
};

/// Appends a field with its u16 length in front. `field` has at most 65535 bytes.
void append_counted(Bytes& to, ByteView field);

/// Lower-case hexadecimal.
std::string hex(ByteView bytes);
/// Nothing unless `text` is an even number of hexadecimal digits.
std::optional<Bytes> from_hex(std::string_view text);

}  // namespace fairlead::base
