#include "cases.hpp"

#include <openssl/x509v3.h>

namespace fairlead::paths {

std::vector<Case> cases_for(Side side, Judged judge) {
  std::vector<Case> found;
  const Presented other = side == Side::client ? Presented::by_server : Presented::by_client;
  for (const auto table : {&validity_cases, &identity_cases, &host_cases, &usage_cases, &authority_cases,
                           &path_length_cases, &constraint_cases, &key_cases, &form_cases, &revocation_cases})
    for (const Case& one : table())
      if (one.presented != other && (judge == Judged::in_login || one.judged == Judged::everywhere))
        found.push_back(one);
  return found;
}

Recipe recipe_of(const Case& one, Side side, std::time_t now) {
  Recipe recipe(side, now);
  one.make(recipe);
  return recipe;
}

std::string name_of(const Case& one) { return std::string(one.category) + "_" + one.id; }
void PrintTo(const Case& one, std::ostream* out) { *out << name_of(one); }

void put_names(X509* certificate, int type, const std::vector<std::string>& names) {
  GENERAL_NAMES* all = sk_GENERAL_NAME_new_null();
  for (const std::string& name : names) {
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    ASN1_STRING_set(text, name.data(), static_cast<int>(name.size()));
    GENERAL_NAME* entry = GENERAL_NAME_new();
    GENERAL_NAME_set0_value(entry, type, text);
    sk_GENERAL_NAME_push(all, entry);
  }
  X509_add1_ext_i2d(certificate, NID_subject_alt_name, all, 0, X509V3_ADD_REPLACE);
  GENERAL_NAMES_free(all);
}

}  // namespace fairlead::paths
