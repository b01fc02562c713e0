#include <algorithm>

#include "base/assert.hpp"
#include "base/result.hpp"
#include "frame/message_headers.hpp"

namespace fairlead::frame {
namespace {

using base::Checked;
using base::Refusal;

struct Entry {
  base::ByteView name, value;
};

/// Takes one entry off the front; bad_headers unless it is whole, named and behind the one before.
Checked<Entry> take_entry(base::Reader& fields, std::string_view before) noexcept {
  Entry entry;
  entry.name = fields.counted();
  entry.value = fields.bytes(fields.integer<uint32_t>());
  // Every name is above the empty one, so this refuses an empty name too.
  if (!fields.ok() || base::as_text(entry.name) <= before) return tl::unexpected(Refusal::bad_headers);
  return entry;
}

}  // namespace

Checked<void> check_user_headers(base::ByteView encoded) noexcept {
  base::Reader fields(encoded);
  std::string_view before;
  while (!fields.rest().empty()) {
    FAIRLEAD_TRY(const Entry entry, take_entry(fields, before));
    before = base::as_text(entry.name);
  }
  return {};
}

base::Bytes encode_user_headers(UserHeaders headers) {
  std::sort(headers.begin(), headers.end());
  base::Bytes out;
  std::string_view before;
  for (const auto& [name, value] : headers) {
    FAIRLEAD_ASSERT(name > before && name.size() <= UINT16_MAX);
    before = name;
    base::append_counted(out, base::as_bytes(name));
    base::append_be(out, static_cast<uint32_t>(value.size()));
    base::append(out, base::as_bytes(value));
  }
  FAIRLEAD_ASSERT(out.size() <= kMaxUserHeaders);
  return out;
}

Checked<UserHeaders> decode_user_headers(base::ByteView encoded) {
  UserHeaders headers;
  base::Reader fields(encoded);
  while (!fields.rest().empty()) {
    FAIRLEAD_TRY(const Entry entry,
                 take_entry(fields, headers.empty() ? std::string_view{} : headers.back().first));
    headers.emplace_back(base::to_text(entry.name), base::to_text(entry.value));
  }
  return headers;
}

}  // namespace fairlead::frame
