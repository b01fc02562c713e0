#include "frame/tlv.hpp"

#include "base/assert.hpp"

namespace fairlead::frame {

base::Checked<std::optional<Tlv>> TlvReader::next() noexcept {
  if (rest_.empty()) return std::nullopt;
  base::Reader fields(rest_);
  const auto type = fields.integer<uint16_t>();
  const base::ByteView value = fields.bytes(fields.integer<uint16_t>());
  if (!fields.ok() || type <= last_) return tl::unexpected(base::Refusal::bad_headers);
  last_ = type;
  rest_ = fields.rest();
  return Tlv{type, value};
}

void append_tlv(base::Bytes& out, uint16_t type, base::ByteView value) {
  FAIRLEAD_ASSERT(value.size() <= UINT16_MAX);
  base::append_be(out, type);
  base::append_counted(out, value);
}

}  // namespace fairlead::frame
