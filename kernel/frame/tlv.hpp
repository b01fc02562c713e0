/// Type-length-value fields {u16 type, u16 length, bytes}: strictly ascending, no repeats, nothing behind the
/// last. An unknown type with the high bit set is refused, without it ignored (but authenticated). Pure, any
/// thread.
#pragma once
#include <optional>

#include "base/bytes.hpp"
#include "base/refusal.hpp"

namespace fairlead::frame {

struct Tlv {
  uint16_t type = 0;
  base::ByteView value;
};

/// Walks a block. next() gives the fields in order, nothing at the end; bad_headers for anything that is not
/// strict.
class TlvReader {
 public:
  explicit TlvReader(base::ByteView block) noexcept : rest_(block) {}
  base::Checked<std::optional<Tlv>> next() noexcept;
  /// Bytes that were not read yet, first of them a field's type.
  base::ByteView rest() const noexcept { return rest_; }

 private:
  base::ByteView rest_;
  int32_t last_ = -1;
};

/// Appends one field; types must be given in ascending order (asserted by the reader at the other end and in
/// tests).
void append_tlv(base::Bytes& out, uint16_t type, base::ByteView value);
inline constexpr bool is_critical(uint16_t type) noexcept { return (type & 0x8000) != 0; }

}  // namespace fairlead::frame
