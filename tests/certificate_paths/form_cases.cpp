// Certificates of odd form: versions, serials, signatures, loops, and shapes of attacks that were once a CVE
// (N19).
#include <openssl/x509v3.h>

#include "cases.hpp"

namespace fairlead::paths {
namespace {

void leaf_of_version(Recipe& r, long version) { r.leaf().version = version; }

/// The last byte of the signature is another one.
void break_signature(X509* certificate) {
  const ASN1_BIT_STRING* signature = nullptr;
  X509_get0_signature(&signature, nullptr, certificate);
  signature->data[signature->length - 1] ^= 1;
}

/// The algorithm beside the signature is not the one inside what was signed.
void name_another_algorithm(X509* certificate) {
  const X509_ALGOR* beside = nullptr;
  X509_get0_signature(nullptr, &beside, certificate);
  X509_ALGOR_set0(const_cast<X509_ALGOR*>(beside), OBJ_nid2obj(NID_ecdsa_with_SHA384), V_ASN1_UNDEF, nullptr);
}

/// The signature stays, the serial does not.
void change_serial(X509* certificate) {
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 4711);
  i2d_re_X509_tbs(certificate, nullptr);
}

/// Two authorities that issued each other, below no root.
void issue_each_other(Recipe& r) {
  r.add_authority("egg", "hen");
  r.add_authority("hen", "egg");
  r.leaf().issuer = "egg";
  r.sent = {"egg", "hen"};
}

/// Every one of them may have issued every other one: names and keys are the same.
void send_many_twins(Recipe& r) {
  r.add_authority("twin-1", "twin-1");
  for (int i = 2; i <= 12; ++i) {
    Draft& twin = r.add_authority("twin-" + std::to_string(i), "twin-1");
    twin.common_name = r.at("twin-1").common_name;
    twin.key_of = "twin-1";
    r.sent.push_back(twin.id);
  }
  r.leaf().issuer = "twin-1";
}

/// CVE-2015-1793: the first path that offers itself ends at a stranger, the second goes through a site.
void lead_around_through_a_site(Recipe& r) {
  Draft site = r.leaf();
  site.id = "site";
  site.common_name = "in between";
  r.drafts.push_back(site);
  r.add_authority("stranger", "stranger").drop("authorityKeyIdentifier");
  Draft& twin = r.add_authority("twin", "stranger");
  twin.common_name = "in between";
  twin.key_of = "site";
  r.leaf().issuer = "site";
  r.sent = {"twin", "stranger", "site"};
}

/// Names enough for a certificate of some 60 KiB.
void carry_many_names(Recipe& r) {
  std::string names = r.names();
  for (int i = 0; i < 3000; ++i) names += ",DNS:host-" + std::to_string(i) + ".example";
  r.leaf().set("subjectAltName", names);
}

const Case kCases[] = {
    {"Version", "One",
     [](Recipe& r) {
       leaf_of_version(r, X509_VERSION_1);
       r.leaf().extensions.clear();
     },
     refused("bad_chain", "a certificate is not of version 3"),
     kept_out("is not meant for this side of a connection (extended key usage)"), Presented::by_client},
    {"Version", "One",
     [](Recipe& r) {
       leaf_of_version(r, X509_VERSION_1);
       r.leaf().extensions.clear();
     },
     refused("bad_chain", "a certificate is not of version 3"), kept_out("certificate is for no host name"),
     Presented::by_server},
    {"Version", "OneWithExtensions", [](Recipe& r) { leaf_of_version(r, X509_VERSION_1); },
     refused("bad_chain", "Using cert extension requires at least X509v3 at depth 0"),
     kept_out("was refused: Using cert extension requires at least X509v3")},
    {"Version", "TwoWithExtensions", [](Recipe& r) { leaf_of_version(r, X509_VERSION_2); },
     refused("bad_chain", "Using cert extension requires at least X509v3 at depth 0"),
     kept_out("was refused: Using cert extension requires at least X509v3")},
    {"Version", "Four", [](Recipe& r) { leaf_of_version(r, 3); },
     refused("bad_chain", "a certificate is not of version 3"), kept_out("is not of version 3")},
    {"Version", "AuthorityOfOne",
     [](Recipe& r) {
       r.add_between(1);
       r.at("ca-1").version = X509_VERSION_1;
       r.at("ca-1").extensions.clear();
       r.leaf().set("authorityKeyIdentifier", kForeignKeyId);
     },
     refused("bad_chain", "invalid CA certificate at depth 1"),
     kept_out("was refused: invalid CA certificate")},
    {"Serial", "One", [](Recipe& r) { r.leaf().serial = "1"; }, kAdmitted, kAdmitted},
    {"Serial", "Zero", [](Recipe& r) { r.leaf().serial = "0"; },
     refused("bad_chain", "a serial number is not positive"),
     kept_out("has a serial number that is not positive")},
    {"Serial", "Negative", [](Recipe& r) { r.leaf().serial = "-5"; },
     refused("bad_chain", "a serial number is not positive"),
     kept_out("has a serial number that is not positive")},
    {"Serial", "OfTwentyBytes",
     [](Recipe& r) { r.leaf().serial = "730750818665451459101842416358141509827966271487"; }, kAdmitted,
     kAdmitted},
    {"Serial", "OfTwentyOneBytes",
     [](Recipe& r) { r.leaf().serial = "730750818665451459101842416358141509827966271488"; },
     refused("bad_chain", "a serial number is not positive"),
     kept_out("has a serial number that is not positive")},
    {"Serial", "ZeroOfAnAuthority",
     [](Recipe& r) {
       r.add_between(1);
       r.at("ca-1").serial = "0";
     },
     refused("bad_chain", "a serial number is not positive"),
     kept_out("has a serial number that is not positive")},
    {"Serial", "NegativeOfAnAuthority",
     [](Recipe& r) {
       r.add_between(1);
       r.at("ca-1").serial = "-5";
     },
     refused("bad_chain", "a serial number is not positive"),
     kept_out("has a serial number that is not positive")},
    {"Signature", "ChangedByte", [](Recipe& r) { r.leaf().spoil = &break_signature; },
     refused("bad_chain", "certificate signature failure at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Signature", "OfAnotherContent", [](Recipe& r) { r.leaf().spoil = &change_serial; },
     refused("bad_chain", "certificate signature failure at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Signature", "OfAnotherAlgorithm", [](Recipe& r) { r.leaf().spoil = &name_another_algorithm; },
     refused("bad_chain", "cert info signature and signature algorithm mismatch at depth 0"),
     kept_out("was refused: cert info signature and signature algorithm mismatch")},
    {"Signature", "ChangedByteOfAnAuthority",
     [](Recipe& r) {
       r.add_between(1);
       r.at("ca-1").spoil = &break_signature;
     },
     refused("bad_chain", "certificate signature failure at depth 1"),
     kept_out("was issued by an unknown CA")},
    {"Signature", "OfAnotherKey",
     [](Recipe& r) {
       const std::string name = r.root().common_name;  // a copy: what is added may move the root
       r.add_authority("thief", "thief").common_name = name;
       r.leaf().issuer = "thief";
     },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Odd", "AuthorityWithoutSubject",
     [](Recipe& r) {
       r.add_between(1);
       r.at("ca-1").common_name = "";
     },
     refused("bad_chain", "Issuer name empty at depth 0"), kept_out("was refused: Issuer name empty")},
    {"Odd", "AuthoritiesInACircle", &issue_each_other,
     refused("bad_chain", "unable to get local issuer certificate at depth 2"),
     kept_out("was issued by an unknown CA")},
    {"Odd", "ManyTwins", &send_many_twins,
     refused("bad_chain", "self-signed certificate in certificate chain at depth 1"),
     kept_out("was issued by an unknown CA")},
    {"Odd", "DetourThroughASite", &lead_around_through_a_site,
     refused("bad_chain", "self-signed certificate in certificate chain at depth 2"),
     kept_out("was issued by an unknown CA")},
    {"Odd", "ManyNames", &carry_many_names, refused("too_large", "more than 32 KiB from the peer"),
     kAdmitted},
};

}  // namespace

std::span<const Case> form_cases() { return kCases; }

}  // namespace fairlead::paths
