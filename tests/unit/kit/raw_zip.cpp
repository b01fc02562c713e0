#include "raw_zip.hpp"

namespace fairlead::support {
namespace {

uint32_t crc32(base::ByteView bytes) {
  uint32_t crc = 0xffffffff;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
  }
  return ~crc;
}

void add(base::Bytes& to, uint64_t value, size_t size) {
  for (size_t i = 0; i < size; ++i) to.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

/// What both headers of an entry have in common: from the version needed to the lengths of name and extra
/// fields.
void add_facts(base::Bytes& to, const RawEntry& entry, size_t name_size, size_t extra_size) {
  add(to, 3 << 8 | 20, 2);
  add(to, entry.flags, 2);
  add(to, entry.method, 2);
  add(to, 0x00210000, 4);  // the first of January 1980
  add(to, crc32(base::as_bytes(entry.content)) + entry.crc_error, 4);
  add(to, static_cast<uint32_t>(entry.content.size()), 4);
  add(to, entry.said_size, 4);
  add(to, static_cast<uint32_t>(name_size), 2);
  add(to, static_cast<uint32_t>(extra_size), 2);
}

}  // namespace

base::Bytes raw_zip(const std::vector<RawEntry>& entries) {
  base::Bytes archive, list;
  for (const RawEntry& entry : entries) {
    const auto at = static_cast<uint32_t>(archive.size());
    add(archive, 0x04034b50, 4);
    add_facts(archive, entry, entry.name.size(), entry.extra.size());
    base::append(archive, base::as_bytes(entry.name));
    base::append(archive, base::as_bytes(entry.extra));
    base::append(archive, base::as_bytes(entry.content));

    add(list, 0x02014b50, 4);
    add(list, 3 << 8 | 20, 2);  // made on Unix
    add_facts(list, entry, entry.listed.size(), 0);
    add(list, 0, 6);
    add(list, entry.mode << 16, 4);
    add(list, at, 4);
    base::append(list, base::as_bytes(entry.listed));
  }
  const auto size = static_cast<uint32_t>(list.size()), at = static_cast<uint32_t>(archive.size());
  base::append(archive, list);
  add(archive, 0x06054b50, 4);
  add(archive, 0, 4);
  add(archive, static_cast<uint32_t>(entries.size()), 2);
  add(archive, static_cast<uint32_t>(entries.size()), 2);
  add(archive, size, 4);
  add(archive, at, 4);
  add(archive, 0, 2);
  return archive;
}

void put_number(base::Bytes& bytes, size_t at, uint32_t value, size_t size) {
  for (size_t i = 0; i < size; ++i) bytes.at(at + i) = static_cast<uint8_t>(value >> (8 * i));
}

size_t list_of(const base::Bytes& archive) {
  size_t at = 0;
  for (size_t i = 0; i < 4; ++i) at |= size_t{archive.at(archive.size() - 6 + i)} << (8 * i);
  return at;
}

}  // namespace fairlead::support
