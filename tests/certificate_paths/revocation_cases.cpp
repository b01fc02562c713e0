// Revocation lists. The outer TLS holds to what a list says; whether one must be there and current is the
// login's question. Lists that are no good do not get as far as a login: reading them is refused (N18).
#include <openssl/x509v3.h>

#include "cases.hpp"

namespace fairlead::paths {
namespace {

using std::chrono::hours;

void strict(Recipe& r) { r.rules = Recipe::Lists::strict; }

/// Lists of the root and of the authority between.
void both_lists(Recipe& r, std::vector<std::string> by_root, std::vector<std::string> by_authority) {
  r.add_between(1);
  r.lists = {{.issuer = "root", .revoked = std::move(by_root)},
             {.issuer = "ca-1", .revoked = std::move(by_authority)}};
}

/// The root's list with an extension that nobody knows, marked critical.
void add_unknown(X509_CRL* list) {
  X509_EXTENSION* extension = nullptr;
  ASN1_OCTET_STRING* value = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(value, nullptr, 0);
  ASN1_OBJECT* object = OBJ_txt2obj("1.3.6.1.4.1.61616.9", 1);
  X509_EXTENSION_create_by_OBJ(&extension, object, 1, value);
  X509_CRL_add_ext(list, extension, -1);
  X509_EXTENSION_free(extension);
  ASN1_OBJECT_free(object);
  ASN1_OCTET_STRING_free(value);
}

const Case kCases[] = {
    {"Revocation", "NobodyRevoked",
     [](Recipe& r) {
       r.lists = {{.issuer = "root"}};
       strict(r);
     },
     kAdmitted, kAdmitted},
    {"Revocation", "LeafRevoked", [](Recipe& r) { r.lists = {{.issuer = "root", .revoked = {"leaf"}}}; },
     refused("certificate_revoked", "is revoked"), kept_out("was revoked")},
    {"Revocation", "LeafRevokedByItsAuthority", [](Recipe& r) { both_lists(r, {}, {"leaf"}); },
     refused("certificate_revoked", "is revoked"), kept_out("was revoked")},
    {"Revocation", "AuthorityRevoked", [](Recipe& r) { both_lists(r, {"ca-1"}, {}); },
     refused("certificate_revoked", "the certificate of CN=ca-1 of pie is revoked"), kept_out("was revoked")},
    {"Revocation", "SerialRevokedByAnother",
     [](Recipe& r) {
       both_lists(r, {"leaf"}, {"ca-1"});
       strict(r);
     },
     kAdmitted, kAdmitted},
    {"Revocation", "OverAndNamed",
     [](Recipe& r) { r.lists = {{.issuer = "root", .revoked = {"leaf"}, .until = seconds(-1)}}; },
     refused("certificate_revoked", "is revoked"), kept_out("was revoked")},
    {"Revocation", "Over", [](Recipe& r) { r.lists = {{.issuer = "root", .until = seconds(-1)}}; }, kAdmitted,
     kAdmitted},
    {"Revocation", "OverUnderStrictRules",
     [](Recipe& r) {
       r.lists = {{.issuer = "root", .until = seconds(-1)}};
       strict(r);
     },
     refused("crl_stale", "the revocation list of CN=root of pie is over"), kAdmitted},
    {"Revocation", "MissingUnderStrictRules", [](Recipe& r) { strict(r); },
     refused("crl_stale", "there is no revocation list of CN=root of pie"), kAdmitted},
    {"Revocation", "MissingOfTheAuthority",
     [](Recipe& r) {
       r.add_between(1);
       r.lists = {{.issuer = "root"}};
     },
     kAdmitted, kAdmitted},
    {"Revocation", "MissingOfTheAuthorityUnderStrictRules",
     [](Recipe& r) {
       r.add_between(1);
       r.lists = {{.issuer = "root"}};
       strict(r);
     },
     refused("crl_stale", "there is no revocation list of CN=ca-1 of pie"), kAdmitted},
    {"Revocation", "SignedByAnother",
     [](Recipe& r) {
       r.add_authority("thief", "thief");
       r.lists = {{.issuer = "root", .signer = "thief"}};
     },
     refused("crl_bad_signature",
             "the signature of the revocation list is not one that CN=root of pie can make"),
     kept_out("was refused: CRL signature failure")},
    {"Revocation", "OfTheFuture", [](Recipe& r) { r.lists = {{.issuer = "root", .from = hours(1)}}; },
     refused("crl_not_yet_valid", "is of the future"), kept_out("was refused: CRL is not yet valid")},
    {"Revocation", "WithUnknownDemand",
     [](Recipe& r) { r.lists = {{.issuer = "root", .change = &add_unknown}}; },
     refused("crl_malformed", "has a critical extension"),
     kept_out("was refused: unhandled critical CRL extension")},
};

}  // namespace

std::span<const Case> revocation_cases() { return kCases; }

}  // namespace fairlead::paths
