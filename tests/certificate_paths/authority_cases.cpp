// Who may issue, and which path counts: authorities, anchors, what the peer sends, key identifiers (N18,
// N19).
#include <algorithm>

#include "cases.hpp"

namespace fairlead::paths {
namespace {

/// One authority between root and leaf with an extension of this value; an empty one is left out.
void between(Recipe& r, const std::string& extension, const std::string& value) {
  r.add_between(1);
  if (value.empty())
    r.at("ca-1").drop(extension);
  else
    r.at("ca-1").set(extension, value);
}

/// Another root with the same subject, which is the one that is trusted.
void trust_another_root(Recipe& r) {
  r.add_authority("other", "other").drop("authorityKeyIdentifier");
  r.at("other").common_name = r.root().common_name;
  r.trusted = "other";
}

/// A certificate of a site below the root, by which the leaf is issued.
void issue_by_a_site(Recipe& r) {
  Draft site = r.leaf();
  site.id = "site";
  site.common_name = "site-2";
  r.drafts.push_back(site);
  r.leaf().issuer = "site";
  r.sent = {"site"};
}

const Case kCases[] = {
    {"Leaf", "IsAnAuthority",
     [](Recipe& r) {
       r.leaf().set("basicConstraints", "critical,CA:TRUE");
       r.leaf().set("keyUsage", "critical,digitalSignature,keyCertSign");
     },
     refused("wrong_usage", "the leaf is a CA"), kept_out("was refused: invalid CA certificate")},
    {"Leaf", "SaysAuthorityOnly", [](Recipe& r) { r.leaf().set("basicConstraints", "critical,CA:TRUE"); },
     refused("wrong_usage", "the leaf is a CA"), kept_out("was refused: invalid CA certificate")},
    {"Leaf", "SaysAuthorityNotCritical", [](Recipe& r) { r.leaf().set("basicConstraints", "CA:TRUE"); },
     refused("bad_chain", "Basic Constraints of CA cert not marked critical at depth 0"),
     kept_out("was refused: Basic Constraints of CA cert not marked critical")},
    {"Leaf", "WithoutConstraints", [](Recipe& r) { r.leaf().drop("basicConstraints"); }, kAdmitted,
     kAdmitted},
    {"Leaf", "ConstraintsTwice", [](Recipe& r) { r.leaf().repeat("basicConstraints", "critical,CA:TRUE"); },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Leaf", "ConstraintsAreNone", [](Recipe& r) { r.leaf().set("basicConstraints", "critical,DER:0500"); },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Leaf", "SelfSigned",
     [](Recipe& r) {
       r.leaf().issuer = "leaf";
       r.leaf().drop("authorityKeyIdentifier");
     },
     refused("bad_chain", "self-signed certificate at depth 0"), kept_out("was issued by an unknown CA")},
    {"Leaf", "SelfSignedWithTheRootsName",
     [](Recipe& r) {
       r.leaf().issuer = "leaf";
       r.leaf().common_name = r.root().common_name;
       r.leaf().drop("authorityKeyIdentifier");
     },
     refused("bad_chain", "self-signed certificate at depth 0"), kept_out("was issued by an unknown CA")},
    {"Leaf", "WithTheRootsName", [](Recipe& r) { r.leaf().common_name = r.root().common_name; }, kAdmitted,
     kAdmitted},
    {"Leaf", "WithTheRootsKey", [](Recipe& r) { r.leaf().key_of = "root"; }, kAdmitted, kAdmitted},
    {"Leaf", "IsTrustedItself", [](Recipe& r) { r.trusted = "leaf"; },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Leaf", "SelfSignedAndTrusted",
     [](Recipe& r) {
       r.leaf().issuer = "leaf";
       r.leaf().drop("authorityKeyIdentifier");
       r.trusted = "leaf";
     },
     refused("bad_chain", "the peer's certificate was not checked"), kAdmitted},
    {"Root", "Another",
     [](Recipe& r) {
       r.add_authority("other", "other").drop("authorityKeyIdentifier");
       r.trusted = "other";
     },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Root", "AnotherOfTheSameName", &trust_another_root,
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Root", "AnotherOfTheSameNameSent",
     [](Recipe& r) {
       trust_another_root(r);
       r.sent = {"root"};
     },
     refused("bad_chain", "self-signed certificate in certificate chain at depth 1"),
     kept_out("was issued by an unknown CA")},
    {"Root", "SentAlong", [](Recipe& r) { r.sent = {"root"}; }, kAdmitted, kAdmitted},
    {"Root", "NotCritical", [](Recipe& r) { r.root().set("basicConstraints", "CA:TRUE"); },
     refused("bad_chain", "Basic Constraints of CA cert not marked critical at depth 1"),
     kept_out("was refused: Basic Constraints of CA cert not marked critical")},
    {"Root", "NoAuthority", [](Recipe& r) { r.root().set("basicConstraints", "critical,CA:FALSE"); },
     refused("bad_chain", "invalid CA certificate at depth 1"),
     kept_out("was refused: invalid CA certificate")},
    {"Root", "WithoutKeyUsage", [](Recipe& r) { r.root().drop("keyUsage"); },
     refused("bad_chain", "CA cert does not include key usage extension at depth 1"),
     kept_out("was refused: CA cert does not include key usage extension")},
    {"Root", "MayNotIssue", [](Recipe& r) { r.root().set("keyUsage", "critical,cRLSign"); },
     refused("bad_chain", "invalid CA certificate at depth 1"),
     kept_out("was refused: invalid CA certificate")},
    {"Authority", "Good", [](Recipe& r) { r.add_between(1); }, kAdmitted, kAdmitted},
    {"Authority", "NotSent",
     [](Recipe& r) {
       r.add_between(1);
       r.sent.clear();
     },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Authority", "TrustedWithoutTheRoot",
     [](Recipe& r) {
       r.add_between(1);
       r.trusted = "ca-1";
     },
     refused("bad_chain", "unable to get issuer certificate at depth 1"),
     kept_out("was issued by an unknown CA")},
    {"Authority", "SaysItIsNone", [](Recipe& r) { between(r, "basicConstraints", "critical,CA:FALSE"); },
     refused("bad_chain", "invalid CA certificate at depth 1"),
     kept_out("was refused: invalid CA certificate")},
    {"Authority", "WithoutConstraints", [](Recipe& r) { between(r, "basicConstraints", ""); },
     refused("bad_chain", "invalid CA certificate at depth 1"),
     kept_out("was refused: invalid CA certificate")},
    {"Authority", "NotCritical", [](Recipe& r) { between(r, "basicConstraints", "CA:TRUE"); },
     refused("bad_chain", "Basic Constraints of CA cert not marked critical at depth 1"),
     kept_out("was refused: Basic Constraints of CA cert not marked critical")},
    {"Authority", "WithoutKeyUsage", [](Recipe& r) { between(r, "keyUsage", ""); },
     refused("bad_chain", "CA cert does not include key usage extension at depth 1"),
     kept_out("was refused: CA cert does not include key usage extension")},
    {"Authority", "MayNotIssue", [](Recipe& r) { between(r, "keyUsage", "critical,cRLSign"); },
     refused("bad_chain", "invalid CA certificate at depth 1"),
     kept_out("was refused: invalid CA certificate")},
    {"Authority", "IsASite", &issue_by_a_site, refused("bad_chain", "invalid CA certificate at depth 1"),
     kept_out("was refused: invalid CA certificate")},
    {"Authority", "SentInDisorder",
     [](Recipe& r) {
       r.add_between(3);
       std::reverse(r.sent.begin(), r.sent.end());
     },
     kAdmitted, kAdmitted},
    {"Authority", "SentWithAStranger",
     [](Recipe& r) {
       r.add_authority("other", "other").drop("authorityKeyIdentifier");
       r.sent = {"other"};
     },
     kAdmitted, kAdmitted},
    {"Authority", "SentTwice",
     [](Recipe& r) {
       r.add_between(1);
       r.sent = {"ca-1", "ca-1", "root", "root"};
     },
     kAdmitted, kAdmitted},
    {"Authority", "AnotherKeyOfTheSameName",
     [](Recipe& r) {
       r.add_between(1);
       r.add_authority("twin", "root").common_name = r.at("ca-1").common_name;
       r.sent = {"twin"};
     },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Authority", "TwinBeforeTheRightOne",
     [](Recipe& r) {
       r.add_between(1);
       r.add_authority("twin", "root").common_name = r.at("ca-1").common_name;
       r.sent = {"twin", "ca-1"};
     },
     kAdmitted, kAdmitted},
    {"KeyIdentifier", "LeafWithoutAuthoritys", [](Recipe& r) { r.leaf().drop("authorityKeyIdentifier"); },
     refused("bad_chain", "Missing Authority Key Identifier at depth 0"),
     kept_out("was refused: Missing Authority Key Identifier")},
    {"KeyIdentifier", "LeafWithAnothers",
     [](Recipe& r) { r.leaf().set("authorityKeyIdentifier", kForeignKeyId); },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"KeyIdentifier", "LeafWithSerialOnly",
     [](Recipe& r) {
       r.root().serial = "77";
       r.leaf().set("authorityKeyIdentifier", "DER:300382014d");
     },
     refused("bad_chain", "Missing Authority Key Identifier at depth 0"),
     kept_out("was refused: Missing Authority Key Identifier")},
    {"KeyIdentifier", "LeafCritical",
     [](Recipe& r) { r.leaf().set("authorityKeyIdentifier", "critical,keyid"); },
     refused("bad_chain", "unhandled critical extension at depth 0"),
     kept_out("was refused: unhandled critical extension")},
    {"KeyIdentifier", "LeafWithoutItsOwn", [](Recipe& r) { r.leaf().drop("subjectKeyIdentifier"); },
     kAdmitted, kAdmitted},
    {"KeyIdentifier", "LeafItsOwnCritical",
     [](Recipe& r) { r.leaf().set("subjectKeyIdentifier", "critical,hash"); },
     refused("bad_chain", "unhandled critical extension at depth 0"),
     kept_out("was refused: unhandled critical extension")},
    {"KeyIdentifier", "AuthorityWithoutItsOwn",
     [](Recipe& r) {
       r.add_between(1);
       r.at("ca-1").drop("subjectKeyIdentifier");
       r.leaf().set("authorityKeyIdentifier", kForeignKeyId);
     },
     refused("bad_chain", "Missing Subject Key Identifier at depth 1"),
     kept_out("was refused: Missing Subject Key Identifier")},
    {"KeyIdentifier", "AuthorityWithoutRoots", [](Recipe& r) { between(r, "authorityKeyIdentifier", ""); },
     refused("bad_chain", "Missing Authority Key Identifier at depth 1"),
     kept_out("was refused: Missing Authority Key Identifier")},
    {"KeyIdentifier", "RootWithoutItsOwn",
     [](Recipe& r) {
       r.root().drop("subjectKeyIdentifier");
       r.leaf().set("authorityKeyIdentifier", kForeignKeyId);
     },
     refused("bad_chain", "Missing Subject Key Identifier at depth 1"),
     kept_out("was refused: Missing Subject Key Identifier")},
};

}  // namespace

std::span<const Case> authority_cases() { return kCases; }

}  // namespace fairlead::paths
