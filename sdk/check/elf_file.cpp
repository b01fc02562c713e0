#include "elf_file.hpp"

#include <elf.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <sstream>

#include "verdict.hpp"

namespace fairlead::check {
namespace {

#if defined(__x86_64__)
constexpr uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t kMachine = EM_AARCH64;
#else
#error "name this machine's ELF number here"
#endif

bool lies_within(uint64_t offset, uint64_t size, uint64_t whole) noexcept {
  return offset <= whole && size <= whole - offset;
}

Bytes content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  demand(stream.is_open(), "cannot read " + file.string());
  return Bytes(std::istreambuf_iterator<char>(stream), {});
}

}  // namespace

ElfFile::ElfFile(const std::filesystem::path& file) : content_(content_of(file)) {
  read_header();
  read_segments();
  read_sections();
}

template <class T>
T ElfFile::load(uint64_t at) const {
  demand(lies_within(at, sizeof(T), content_.size()),
         "the file is truncated: a header points beyond its end");
  T value = 0;
  for (size_t i = sizeof(T); i > 0; --i)
    value = static_cast<T>((uint64_t{value} << 8) | content_[at + i - 1]);
  return value;
}

std::string ElfFile::string_at(uint64_t table, uint64_t table_size, uint64_t index) const {
  demand(index < table_size && lies_within(table, table_size, content_.size()),
         "a name lies outside of its string table");
  std::string text;
  for (uint64_t at = table + index; at < table + table_size && content_[at] != 0; ++at)
    text += static_cast<char>(content_[at]);
  return text;
}

std::optional<uint64_t> ElfFile::offset_of(uint64_t address) const {
  for (const Segment& one : segments_)
    if (address >= one.address && address - one.address < one.size)
      return one.offset + (address - one.address);
  return std::nullopt;
}

std::optional<uint32_t> ElfFile::word_at(uint64_t address) const {
  const auto offset = offset_of(address);
  if (!offset) return std::nullopt;
  return load<uint32_t>(*offset);
}

void ElfFile::read_header() {
  demand(content_.size() >= sizeof(Elf64_Ehdr), "it is too short to be a library");
  demand(std::string(content_.begin(), content_.begin() + SELFMAG) == ELFMAG, "it is not an ELF file");
  demand(content_[EI_CLASS] == ELFCLASS64 && content_[EI_DATA] == ELFDATA2LSB,
         "it is not a 64-bit little-endian library");
  demand(load<uint16_t>(offsetof(Elf64_Ehdr, e_machine)) == kMachine, "it was built for another machine");
  demand(load<uint16_t>(offsetof(Elf64_Ehdr, e_type)) == ET_DYN, "it is not a shared library");
}

void ElfFile::read_segments() {
  const auto table = load<uint64_t>(offsetof(Elf64_Ehdr, e_phoff));
  const auto count = load<uint16_t>(offsetof(Elf64_Ehdr, e_phnum));
  demand(count > 0 && load<uint16_t>(offsetof(Elf64_Ehdr, e_phentsize)) == sizeof(Elf64_Phdr),
         "it has no readable program headers");
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t at = table + i * sizeof(Elf64_Phdr);
    const auto type = load<uint32_t>(at + offsetof(Elf64_Phdr, p_type));
    const auto offset = load<uint64_t>(at + offsetof(Elf64_Phdr, p_offset));
    const auto size = load<uint64_t>(at + offsetof(Elf64_Phdr, p_filesz));
    demand(lies_within(offset, size, content_.size()), "it is truncated: a segment reaches beyond its end");
    if (type == PT_LOAD)
      segments_.push_back({load<uint64_t>(at + offsetof(Elf64_Phdr, p_vaddr)), offset, size});
    if (type == PT_GNU_RELRO) has_relro_ = true;
    if (type == PT_GNU_STACK)
      has_executable_stack_ = (load<uint32_t>(at + offsetof(Elf64_Phdr, p_flags)) & PF_X) != 0;
  }
}

void ElfFile::read_sections() {
  const auto table = load<uint64_t>(offsetof(Elf64_Ehdr, e_shoff));
  const auto count = load<uint16_t>(offsetof(Elf64_Ehdr, e_shnum));
  demand(count > 0 && load<uint16_t>(offsetof(Elf64_Ehdr, e_shentsize)) == sizeof(Elf64_Shdr),
         "it has no readable section headers");
  const auto field = [&](uint64_t section, size_t member) {
    return load<uint64_t>(table + section * sizeof(Elf64_Shdr) + member);
  };
  for (uint64_t i = 0; i < count; ++i) {
    const auto type = load<uint32_t>(table + i * sizeof(Elf64_Shdr) + offsetof(Elf64_Shdr, sh_type));
    if (type != SHT_DYNSYM && type != SHT_DYNAMIC) continue;
    const auto link = load<uint32_t>(table + i * sizeof(Elf64_Shdr) + offsetof(Elf64_Shdr, sh_link));
    demand(link < count, "a section names a string table that is not there");
    const uint64_t offset = field(i, offsetof(Elf64_Shdr, sh_offset)),
                   size = field(i, offsetof(Elf64_Shdr, sh_size));
    demand(lies_within(offset, size, content_.size()), "it is truncated: a section reaches beyond its end");
    const uint64_t strings = field(link, offsetof(Elf64_Shdr, sh_offset));
    const uint64_t strings_size = field(link, offsetof(Elf64_Shdr, sh_size));
    if (type == SHT_DYNSYM)
      read_symbols(offset, size, strings, strings_size);
    else
      read_dynamic(offset, size, strings, strings_size);
  }
}

void ElfFile::read_symbols(uint64_t offset, uint64_t size, uint64_t strings, uint64_t strings_size) {
  for (uint64_t at = offset; size >= sizeof(Elf64_Sym) && at <= offset + size - sizeof(Elf64_Sym);
       at += sizeof(Elf64_Sym)) {
    const auto info = load<uint8_t>(at + offsetof(Elf64_Sym, st_info));
    const int binding = info >> 4;
    if (binding == STB_LOCAL) continue;
    ElfSymbol symbol;
    symbol.name = string_at(strings, strings_size, load<uint32_t>(at + offsetof(Elf64_Sym, st_name)));
    symbol.is_defined = load<uint16_t>(at + offsetof(Elf64_Sym, st_shndx)) != SHN_UNDEF;
    symbol.is_weak = binding == STB_WEAK;
    symbol.address = load<uint64_t>(at + offsetof(Elf64_Sym, st_value));
    symbol.size = load<uint64_t>(at + offsetof(Elf64_Sym, st_size));
    symbols_.push_back(std::move(symbol));
  }
}

void ElfFile::read_dynamic(uint64_t offset, uint64_t size, uint64_t strings, uint64_t strings_size) {
  for (uint64_t at = offset; size >= sizeof(Elf64_Dyn) && at <= offset + size - sizeof(Elf64_Dyn);
       at += sizeof(Elf64_Dyn)) {
    const auto tag = load<uint64_t>(at + offsetof(Elf64_Dyn, d_tag));
    const auto value = load<uint64_t>(at + offsetof(Elf64_Dyn, d_un));
    if (tag == DT_NULL) return;
    if (tag == DT_NEEDED) needed_.push_back(string_at(strings, strings_size, value));
    if (tag == DT_TEXTREL || (tag == DT_FLAGS && (value & DF_TEXTREL) != 0)) has_text_relocations_ = true;
    if (tag != DT_RPATH && tag != DT_RUNPATH) continue;
    std::istringstream list(string_at(strings, strings_size, value));
    for (std::string path; std::getline(list, path, ':');) search_paths_.push_back(path);
  }
}

}  // namespace fairlead::check
