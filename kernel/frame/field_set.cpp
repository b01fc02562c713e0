#include "frame/field_set.hpp"

#include "base/result.hpp"

namespace fairlead::frame {
namespace {

using base::Checked;
using base::Refusal;

const FieldRule* rule_of(uint16_t type, std::span<const FieldRule> rules) noexcept {
  for (const FieldRule& rule : rules)
    if (rule.type == type) return &rule;
  return nullptr;
}

Checked<void> take(FieldSet& fields, const Tlv& field, const FieldRule* rule) noexcept {
  if (rule == nullptr)
    return is_critical(field.type) ? Checked<void>(tl::unexpected(Refusal::bad_headers)) : Checked<void>();
  if (field.value.size() < rule->least || field.value.size() > rule->most)
    return tl::unexpected(Refusal::bad_headers);
  fields.set(field);
  return {};
}

}  // namespace

Checked<FieldSet> read_field_set(base::ByteView block, std::span<const FieldRule> rules) {
  FieldSet fields;
  TlvReader reader(block);
  for (;;) {
    FAIRLEAD_TRY(const std::optional<Tlv> field, reader.next());
    if (!field) break;
    FAIRLEAD_TRY(take(fields, *field, rule_of(field->type, rules)));
  }
  for (const FieldRule& rule : rules)
    if (rule.presence == Presence::required && !fields.has(rule.type))
      return tl::unexpected(Refusal::bad_headers);
  return fields;
}

}  // namespace fairlead::frame
