#include "plugin/elf_file.hpp"

#include <elf.h>

#include <cstddef>

namespace fairlead::plugin {
namespace {

#if defined(__x86_64__)
constexpr uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t kMachine = EM_AARCH64;
#else
#error "name this machine's ELF number here"
#endif

tl::unexpected<base::Error> broken(std::string what) {
  return base::fail(base::ErrorCode::bad_configuration, std::move(what));
}

/// Little-endian field at an offset that lies within `from`.
template <class T>
T load(base::ByteView from, uint64_t at) noexcept {
  T value = 0;
  for (size_t i = sizeof(T); i > 0; --i) value = static_cast<T>((uint64_t{value} << 8) | from[at + i - 1]);
  return value;
}

bool lies_within(uint64_t offset, uint64_t size, uint64_t whole) noexcept {
  return offset <= whole && size <= whole - offset;
}

base::Status check_kind(base::ByteView content) {
  if (content.size() < sizeof(Elf64_Ehdr)) return broken("it is too short to be a shared object");
  if (base::as_text(content.first(SELFMAG)) != ELFMAG) return broken("it is not a shared object (ELF)");
  if (content[EI_CLASS] != ELFCLASS64 || content[EI_DATA] != ELFDATA2LSB || content[EI_VERSION] != EV_CURRENT)
    return broken("it is not a 64-bit little-endian shared object");
  const auto machine = load<uint16_t>(content, offsetof(Elf64_Ehdr, e_machine));
  if (machine != kMachine)
    return broken("it was built for another machine: ELF number " + std::to_string(machine) + ", expected " +
                  std::to_string(kMachine));
  const auto type = load<uint16_t>(content, offsetof(Elf64_Ehdr, e_type));
  if (type != ET_DYN)
    return broken("it is an object of another kind: ELF type " + std::to_string(type) + ", expected " +
                  std::to_string(ET_DYN) + ", a shared object");
  return {};
}

base::Status check_segments(base::ByteView content) {
  const auto table = load<uint64_t>(content, offsetof(Elf64_Ehdr, e_phoff));
  const auto count = load<uint16_t>(content, offsetof(Elf64_Ehdr, e_phnum));
  if (count == 0 || load<uint16_t>(content, offsetof(Elf64_Ehdr, e_phentsize)) != sizeof(Elf64_Phdr))
    return broken("it has no readable program headers");
  if (!lies_within(table, uint64_t{count} * sizeof(Elf64_Phdr), content.size()))
    return broken("it is truncated: its program headers lie beyond its end");
  for (uint64_t at = table; at < table + uint64_t{count} * sizeof(Elf64_Phdr); at += sizeof(Elf64_Phdr)) {
    const auto offset = load<uint64_t>(content, at + offsetof(Elf64_Phdr, p_offset));
    const auto size = load<uint64_t>(content, at + offsetof(Elf64_Phdr, p_filesz));
    if (!lies_within(offset, size, content.size()))
      return broken("it is truncated: a segment reaches beyond its end");
  }
  return {};
}

base::Status check_sections(base::ByteView content) {
  const auto table = load<uint64_t>(content, offsetof(Elf64_Ehdr, e_shoff));
  const auto count = load<uint16_t>(content, offsetof(Elf64_Ehdr, e_shnum));
  const auto names = load<uint16_t>(content, offsetof(Elf64_Ehdr, e_shstrndx));
  if (count == 0 || names >= count ||
      load<uint16_t>(content, offsetof(Elf64_Ehdr, e_shentsize)) != sizeof(Elf64_Shdr))
    return broken("it has no readable section headers");
  if (!lies_within(table, uint64_t{count} * sizeof(Elf64_Shdr), content.size()))
    return broken("it is truncated: its section headers lie beyond its end");
  for (uint64_t at = table; at < table + uint64_t{count} * sizeof(Elf64_Shdr); at += sizeof(Elf64_Shdr)) {
    if (load<uint32_t>(content, at + offsetof(Elf64_Shdr, sh_type)) == SHT_NOBITS) continue;
    const auto offset = load<uint64_t>(content, at + offsetof(Elf64_Shdr, sh_offset));
    const auto size = load<uint64_t>(content, at + offsetof(Elf64_Shdr, sh_size));
    if (!lies_within(offset, size, content.size()))
      return broken("it is truncated: a section reaches beyond its end");
  }
  return {};
}

}  // namespace

base::Status check_elf(base::ByteView content) {
  FAIRLEAD_TRY(check_kind(content));
  FAIRLEAD_TRY(check_segments(content));
  return check_sections(content);
}

}  // namespace fairlead::plugin
