// Name constraints of authorities, and extensions that nobody here understands (N19).
#include "cases.hpp"

namespace fairlead::paths {
namespace {

/// An authority between that is bound by these name constraints.
void bound(Recipe& r, const std::string& constraints) {
  r.add_between(1);
  r.at("ca-1").set("nameConstraints", constraints);
}

const Case kCases[] = {
    {"NameConstraints", "PermitTheProject", [](Recipe& r) { bound(r, "critical,permitted;URI:pie"); },
     kAdmitted, kAdmitted},
    {"NameConstraints", "PermitAnotherProject", [](Recipe& r) { bound(r, "critical,permitted;URI:tart"); },
     refused("bad_chain", "permitted subtree violation at depth 0"),
     kept_out("was refused: permitted subtree violation")},
    {"NameConstraints", "ExcludeTheProject", [](Recipe& r) { bound(r, "critical,excluded;URI:pie"); },
     refused("bad_chain", "excluded subtree violation at depth 0"),
     kept_out("was refused: excluded subtree violation")},
    {"NameConstraints", "ExcludeAnotherProject", [](Recipe& r) { bound(r, "critical,excluded;URI:tart"); },
     kAdmitted, kAdmitted},
    {"NameConstraints", "NotCritical", [](Recipe& r) { bound(r, "permitted;URI:tart"); },
     refused("bad_chain", "permitted subtree violation at depth 0"),
     kept_out("was refused: permitted subtree violation")},
    {"NameConstraints", "OfTheRoot",
     [](Recipe& r) { r.root().set("nameConstraints", "critical,permitted;URI:tart"); },
     refused("bad_chain", "permitted subtree violation at depth 0"),
     kept_out("was refused: permitted subtree violation")},
    {"NameConstraints", "OfTheSecondAuthority",
     [](Recipe& r) {
       r.add_between(2);
       r.at("ca-2").set("nameConstraints", "critical,excluded;URI:pie");
     },
     refused("bad_chain", "excluded subtree violation at depth 0"),
     kept_out("was refused: excluded subtree violation")},
    {"NameConstraints", "PermitMailOnly", [](Recipe& r) { bound(r, "critical,permitted;email:pie.example"); },
     kAdmitted, kAdmitted},
    {"NameConstraints", "PermitTheHost", [](Recipe& r) { bound(r, "critical,permitted;DNS:pies.example"); },
     kAdmitted, kAdmitted, Presented::by_server},
    {"NameConstraints", "PermitAnotherHost",
     [](Recipe& r) { bound(r, "critical,permitted;DNS:other.example"); },
     refused("bad_chain", "permitted subtree violation at depth 0"),
     kept_out("was refused: permitted subtree violation"), Presented::by_server},
    {"NameConstraints", "ExcludeTheHost", [](Recipe& r) { bound(r, "critical,excluded;DNS:pies.example"); },
     refused("bad_chain", "excluded subtree violation at depth 0"),
     kept_out("was refused: excluded subtree violation"), Presented::by_server},
    {"NameConstraints", "PermitAnotherAddress",
     [](Recipe& r) {
       r.leaf().set("subjectAltName", r.names() + ",IP:127.0.0.1");
       bound(r, "critical,permitted;IP:10.0.0.0/255.0.0.0");
     },
     refused("bad_chain", "permitted subtree violation at depth 0"),
     kept_out("was refused: permitted subtree violation"), Presented::by_server},
    {"NameConstraints", "ExcludeTheAddress",
     [](Recipe& r) {
       r.leaf().set("subjectAltName", r.names() + ",IP:127.0.0.1");
       bound(r, "critical,excluded;IP:127.0.0.0/255.0.0.0");
     },
     refused("bad_chain", "excluded subtree violation at depth 0"),
     kept_out("was refused: excluded subtree violation"), Presented::by_server},
    {"NameConstraints", "CommonNameAsHost",
     [](Recipe& r) {
       bound(r, "critical,permitted;DNS:pies.example");
       r.leaf().common_name = "evil.example";
     },
     refused("bad_chain", "permitted subtree violation at depth 0"), kAdmitted, Presented::by_client},
    {"NameConstraints", "WithMinimum",
     [](Recipe& r) { bound(r, "critical,DER:300ca00a30088603706965800101"); },
     refused("bad_chain", "name constraints minimum and maximum not supported at depth 0"),
     kept_out("was refused: name constraints minimum and maximum not supported")},
    {"NameConstraints", "AreNone", [](Recipe& r) { bound(r, "critical,DER:0500"); },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Extension", "UnknownInLeaf", [](Recipe& r) { r.leaf().set("1.3.6.1.4.1.61616.9", "DER:0500"); },
     kAdmitted, kAdmitted},
    {"Extension", "UnknownCriticalInLeaf",
     [](Recipe& r) { r.leaf().set("1.3.6.1.4.1.61616.9", "critical,DER:0500"); },
     refused("bad_chain", "unhandled critical extension at depth 0"),
     kept_out("was refused: unhandled critical extension")},
    {"Extension", "UnknownCriticalInAuthority",
     [](Recipe& r) {
       r.add_between(1);
       r.at("ca-1").set("1.3.6.1.4.1.61616.9", "critical,DER:0500");
     },
     refused("bad_chain", "unhandled critical extension at depth 1"),
     kept_out("was refused: unhandled critical extension")},
    {"Extension", "UnknownCriticalInRoot",
     [](Recipe& r) { r.root().set("1.3.6.1.4.1.61616.9", "critical,DER:0500"); },
     refused("bad_chain", "unhandled critical extension at depth 1"),
     kept_out("was refused: unhandled critical extension")},
    {"Extension", "UnknownTwice",
     [](Recipe& r) {
       r.leaf().repeat("1.3.6.1.4.1.61616.9", "DER:0500");
       r.leaf().repeat("1.3.6.1.4.1.61616.9", "DER:0500");
     },
     kAdmitted, kAdmitted},
    {"Extension", "CriticalPolicies",
     [](Recipe& r) { r.leaf().set("certificatePolicies", "critical,DER:300e300c060a2b0601040183e1300201"); },
     kAdmitted, kAdmitted},
    {"Extension", "PolicyDemandedAbove",
     [](Recipe& r) {
       r.add_between(1);
       r.at("ca-1").set("policyConstraints", "critical,requireExplicitPolicy:0");
     },
     kAdmitted, kAdmitted},
};

}  // namespace

std::span<const Case> constraint_cases() { return kCases; }

}  // namespace fairlead::paths
