/// Zip archives byte by byte, with whatever lies a test wants in them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace fairlead::support {

/// One entry, stored; every field may lie.
struct RawEntry {
  std::string name;  ///< in front of the content
  std::string content = "x";
  uint32_t mode = 0100644;                                     ///< type and permissions as Unix has them
  std::string listed = name;                                   ///< in the list at the end
  uint16_t method = 0;                                         ///< 0 stored, 8 deflated, 12 bzip2
  uint16_t flags = 0;                                          ///< 1: encrypted
  std::string extra = {};                                      ///< extra fields in front of the content
  uint32_t crc_error = 0;                                      ///< added to the right checksum
  uint32_t said_size = static_cast<uint32_t>(content.size());  ///< of what it expands to
};

/// The archive of these entries, right but for what they say.
base::Bytes raw_zip(const std::vector<RawEntry>& entries);

/// Overwrites `size` bytes at `at`, little-endian.
void put_number(base::Bytes& bytes, size_t at, uint32_t value, size_t size);

/// Where the list begins.
size_t list_of(const base::Bytes& archive);

}  // namespace fairlead::support
