// Checks 1 to 3: the file as it lies there; nothing of the plugin runs.
#include <string_view>

#include "checks.hpp"
#include "elf_libraries.hpp"

namespace fairlead::check {
namespace {

const ElfSymbol* find_table(const ElfFile& file) {
  for (const ElfSymbol& symbol : file.symbols())
    if (symbol.is_defined && symbol.name == FAIRLEAD_TRANSPORT_SYMBOL) return &symbol;
  return nullptr;
}

void demand_no_other_exports(const ElfFile& file) {
  std::string others;
  size_t count = 0;
  for (const ElfSymbol& symbol : file.symbols()) {
    if (!symbol.is_defined || symbol.name == FAIRLEAD_TRANSPORT_SYMBOL) continue;
    if (++count <= 5) others += (others.empty() ? "" : ", ") + symbol.name;
  }
  demand(count == 0, "it exports " + std::to_string(count) + " more symbols (" + others +
                         "); link it with the version script plugin.map");
}

/// A search path that the file's own folder decides, or none.
bool is_own_path(std::string_view path) {
  return path.starts_with("$ORIGIN") || path.starts_with("${ORIGIN}");
}

void demand_hardened(const ElfFile& file) {
  demand(file.has_relro(), "it has no RELRO segment; link it with -Wl,-z,relro,-z,now");
  demand(!file.has_executable_stack(), "its stack is executable; link it with -Wl,-z,noexecstack");
  demand(!file.has_text_relocations(), "it has text relocations; compile it with -fPIC");
  for (const std::string& path : file.search_paths())
    demand(is_own_path(path), "its RPATH has \"" + path + "\", which is outside of $ORIGIN");
}

}  // namespace

Verdict elf_one_symbol(Context& context) {
  const ElfFile file(context.file);
  const ElfSymbol* table = find_table(file);
  demand(table != nullptr, std::string("it does not export ") + FAIRLEAD_TRANSPORT_SYMBOL);
  demand_no_other_exports(file);
  constexpr uint64_t kStructSizeAt = offsetof(fairlead_transport, struct_size);
  const auto struct_size = file.word_at(table->address + kStructSizeAt);
  demand(struct_size.has_value(), "the table's initial data is not in the file; it must be a constant");
  demand(table->size >= *struct_size, "the symbol has " + std::to_string(table->size) +
                                          " bytes, but struct_size says " + std::to_string(*struct_size));
  return {};
}

Verdict elf_hardening(Context& context) {
  const ElfFile file(context.file);
  demand_hardened(file);
  const Offered offered = offered_to(file, context.file.parent_path());
  for (const ElfSymbol& symbol : file.symbols()) {
    if (symbol.is_defined || symbol.is_weak || offered.symbols.contains(symbol.name)) continue;
    const std::string missing = "symbol " + symbol.name + " is in none of the libraries that it names";
    if (offered.not_found.empty()) fail(missing);
  }
  if (offered.not_found.empty()) return {};
  return {State::warn, "library " + offered.not_found.front() + " is not on this machine"};
}

Verdict elf_no_kernel_symbols(Context& context) {
  const ElfFile file(context.file);
  for (const ElfSymbol& symbol : file.symbols()) {
    const std::string_view name = symbol.name;
    const bool of_kernel = name.starts_with("fairlead_") || name.starts_with("_ZN8fairlead") ||
                           name.starts_with("_ZNK8fairlead") || name.starts_with("_ZTIN8fairlead") ||
                           name.starts_with("_ZTVN8fairlead");
    demand(symbol.is_defined || !of_kernel, "it imports " + symbol.name + " from the kernel");
  }
  return {};
}

}  // namespace fairlead::check
