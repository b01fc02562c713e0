/// FieldSet: a TLV block read against a table of what may stand in it. Every structure of the protocol that
/// is made of TLVs is one such table. Pure, any thread, no allocation.
#pragma once
#include <array>
#include <span>

#include "frame/tlv.hpp"

namespace fairlead::frame {

enum class Presence { required, optional };

/// What one field must be. Tables are in ascending order of type.
struct FieldRule {
  uint16_t type = 0;  ///< below FieldSet::kTypes
  uint16_t least = 0, most = 0;
  Presence presence = Presence::required;
};

/// The values of one block; views into it.
class FieldSet {
 public:
  static constexpr uint16_t kTypes = 32;

  bool has(uint16_t type) const noexcept { return (present_ >> type & 1) != 0; }
  /// Empty when the field is absent.
  base::ByteView bytes(uint16_t type) const noexcept { return values_[type]; }
  std::string_view text(uint16_t type) const noexcept { return base::as_text(values_[type]); }
  /// The table makes sure that the field has exactly this size; 0 when it is absent.
  template <class T>
  T integer(uint16_t type) const noexcept {
    return has(type) ? base::load_be<T>(values_[type]) : T{0};
  }
  template <size_t N>
  base::ByteArray<N> array(uint16_t type) const noexcept {
    base::ByteArray<N> out{};
    base::copy(values_[type], out);
    return out;
  }
  void set(const Tlv& field) noexcept {
    values_[field.type] = field.value;
    present_ |= uint32_t{1} << field.type;
  }

 private:
  std::array<base::ByteView, kTypes> values_{};
  uint32_t present_ = 0;
};

/// bad_headers: not strict, a field of a wrong size, a required one missing, an unknown critical one.
base::Checked<FieldSet> read_field_set(base::ByteView block, std::span<const FieldRule> rules);

/// Appends an integer field.
template <class T>
void append_integer(base::Bytes& out, uint16_t type, T value) {
  base::ByteArray<sizeof(T)> bytes;
  base::store_be(bytes, value);
  append_tlv(out, type, bytes);
}

}  // namespace fairlead::frame
