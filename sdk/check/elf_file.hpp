/// Reads a 64-bit little-endian ELF library without loading it. Every access is checked against the file's
/// bounds; whatever lies outside fails the check.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "text.hpp"

namespace fairlead::check {

struct ElfSymbol {
  std::string name;
  bool is_defined = false;
  bool is_weak = false;
  uint64_t address = 0, size = 0;
};

class ElfFile {
 public:
  /// Fails the check when the file is not a whole library for this machine.
  explicit ElfFile(const std::filesystem::path& file);

  /// The dynamic symbols that are not local.
  const std::vector<ElfSymbol>& symbols() const noexcept { return symbols_; }
  const std::vector<std::string>& needed() const noexcept { return needed_; }
  /// Of DT_RPATH and DT_RUNPATH.
  const std::vector<std::string>& search_paths() const noexcept { return search_paths_; }
  bool has_relro() const noexcept { return has_relro_; }
  bool has_executable_stack() const noexcept { return has_executable_stack_; }
  bool has_text_relocations() const noexcept { return has_text_relocations_; }
  /// A 32-bit number of the initial data at an address, nothing when the file does not hold it.
  std::optional<uint32_t> word_at(uint64_t address) const;

 private:
  struct Segment {
    uint64_t address, offset, size;
  };

  template <class T>
  T load(uint64_t at) const;
  std::string string_at(uint64_t table, uint64_t table_size, uint64_t index) const;
  std::optional<uint64_t> offset_of(uint64_t address) const;
  void read_header();
  void read_segments();
  void read_sections();
  void read_symbols(uint64_t offset, uint64_t size, uint64_t strings, uint64_t strings_size);
  void read_dynamic(uint64_t offset, uint64_t size, uint64_t strings, uint64_t strings_size);

  Bytes content_;
  std::vector<Segment> segments_;
  std::vector<ElfSymbol> symbols_;
  std::vector<std::string> needed_, search_paths_;
  bool has_relro_ = false, has_executable_stack_ = true, has_text_relocations_ = false;
};

}  // namespace fairlead::check
